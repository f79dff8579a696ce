import type { ApprovalEvent } from "../approval/events.ts";
import type { ArchiveEvent } from "../archive/events.ts";
import type { BaselineEvent } from "../baseline/events.ts";
import type { CheckEvent } from "../check/events.ts";
import type { LastChange } from "../decision/attribution.ts";
import type { Cause, MatrixEvent } from "../decision/events.ts";
import type { ErasureEvent } from "../erasure/events.ts";
import type { Shown } from "../evidence/decide.ts";
import type { FreezeEvent } from "../freeze/events.ts";
import type { ReadinessEvent } from "../gate/readiness.ts";
import type { HypercareEvent } from "../hypercare/events.ts";
import type { IncidentEvent } from "../incident/events.ts";
import type { Digest } from "../kit/digest.ts";
import type { Duration } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";
import type { Judged, Reading, Verdict } from "../metric/judge.ts";
import type { ObligationEvent } from "../obligation/events.ts";
import type { PollEvent } from "../poll/events.ts";
import type { QuotaEvent } from "../quota/schema.ts";
import type { RehearsalEvent } from "../rehearsal/events.ts";
import type { ReviewAnswers } from "../review/answers.ts";
import type { RevisionEvent } from "../revision/events.ts";
import type { Kept } from "../rollback/reachable.ts";
import type { FlapEvent } from "../signal/flap.ts";
import type { Signal } from "../signal/schema.ts";
import type { TaggedEvent } from "../signal/tagged.ts";
import type { OneWayEvent } from "../step/one-way.ts";
import type { Observation, RevertCall, Versions } from "../target/port.ts";
import type { Response } from "../trigger/schema.ts";

/**
 * Everything that can happen to a release, in the past tense. These are the audit log, so they carry no
 * secret, no task token and no name of a person. A field may be added later; none changes its meaning.
 */
export type ReleaseEvent =
  | ApprovalEvent
  | ArchiveEvent
  | PollEvent
  | GateEvent
  | CheckEvent
  | RehearsalEvent
  | RunEvent
  | RevisionEvent
  | BaselineEvent
  | StepEvent
  | ShiftEvent
  | WatchEvent
  | AlarmEvent
  | DecisionEvent
  | MatrixEvent
  | OneWayEvent
  | FlapEvent
  | TaggedEvent
  | RollbackEvent
  | MessageEvent
  | FreezeEvent
  | ReadinessEvent
  | QuotaEvent
  | EndEvent
  | HypercareEvent
  | IncidentEvent
  | ObligationEvent
  | ErasureEvent
  | {
      readonly type: "CommandRefused";
      readonly command: string;
      readonly code: string;
      readonly why: string;
    };

export type GateEvent =
  | {
      readonly type: "ReleaseSubmitted";
      readonly plan: Digest;
      readonly revision: number;
      readonly title: string;
      readonly environment: string;
      readonly plannedT: Instant;
      /** The policy in force, by which the plan was filled in; none where none was. */
      readonly policy?: Digest;
    }
  | ({
      readonly type: "CheckAnswered";
      readonly check: string;
      readonly answer: "yes" | "no";
      readonly note?: string;
    } & Shown)
  | { readonly type: "GatesOpened"; readonly t: Instant; readonly slippedBy?: Duration }
  | { readonly type: "GatesClosed"; readonly why: string };

export type RunEvent =
  | { readonly type: "StartHeld"; readonly reasons: readonly string[] }
  | {
      readonly type: "ReleaseStarted";
      readonly components: readonly StartedComponent[];
      readonly red: readonly string[];
      readonly alarms: readonly AlarmDefinition[];
    }
  | { readonly type: "ReleasePaused"; readonly cause: string }
  | { readonly type: "ReleaseResumed" }
  | { readonly type: "LimitReached"; readonly limit: Duration }
  | { readonly type: "RolledOut" }
  | { readonly type: "BakeStarted"; readonly until: Instant }
  | {
      readonly type: "ReadingGiven";
      readonly metric: string;
      readonly value: number;
      /** Of how many, where the threshold counts. */
      readonly count?: number;
      readonly note?: string;
    }
  | ({
      readonly type: "ValidationRecorded";
      readonly validation: string;
      readonly verdict: Verdict;
      readonly result: string;
    } & Shown);

export interface StartedComponent extends Versions {
  readonly component: string;
  readonly lock: string;
  readonly fence: number;
  readonly observed: Observation;
  /** How to put it back; none for a manual target. */
  readonly revert?: RevertCall;
}

export interface AlarmDefinition {
  readonly name: string;
  /** Of what it watches and when it fires; a change of it in mid-release is noticed. */
  readonly digest: Digest;
  /** Its notifications were off already when the release started. */
  readonly muted: boolean;
}

export type StepEvent =
  | { readonly type: "StepStarted"; readonly step: string; readonly owner: string }
  | ({ readonly type: "StepDone"; readonly step: string; readonly output?: string } & Shown)
  | ({ readonly type: "StepFailed"; readonly step: string; readonly detail: string } & Shown)
  | { readonly type: "StepSkipped"; readonly step: string }
  | { readonly type: "StepRetried"; readonly step: string }
  | { readonly type: "StepOverdue"; readonly step: string; readonly owner: string };

export type ShiftEvent =
  | {
      readonly type: "ShiftIntended";
      readonly step: string;
      readonly component: string;
      readonly percent: number;
      /** What the target said just before; the write is refused if that is no longer so. */
      readonly expected: Observation;
      readonly why: "phase" | "reduce";
    }
  | ({
      readonly type: "ShiftDone";
      readonly step: string;
      readonly component: string;
      readonly percent: number;
      readonly observed: Observation;
      readonly why: "phase" | "reduce";
      /** Of one that was done by hand. */
      readonly output?: string;
    } & Shown)
  | ({
      readonly type: "ShiftFailed";
      readonly step: string;
      readonly component: string;
      readonly detail: string;
    } & Shown)
  | { readonly type: "TargetObserved"; readonly component: string; readonly observed: Observation }
  | {
      readonly type: "DriftFound";
      readonly component: string;
      readonly expected: Observation;
      readonly seen: Observation;
    }
  | { readonly type: "TargetHeld"; readonly component: string; readonly observed: Observation }
  | { readonly type: "TargetFreed"; readonly component: string; readonly observed: Observation };

export type WatchEvent =
  | {
      readonly type: "PhasePassed";
      readonly step: string;
      readonly judged: readonly Judged[];
      readonly promoted?: true;
    }
  | {
      readonly type: "PhaseHeld";
      readonly step: string;
      readonly judged: readonly Judged[];
      readonly why: string;
    }
  | { readonly type: "PhaseReleased"; readonly step: string }
  | {
      readonly type: "VerdictChanged";
      readonly metric: string;
      readonly verdict: Verdict;
      readonly reading: Reading;
    };

export type AlarmEvent =
  | { readonly type: "SignalReceived"; readonly signal: Signal; readonly triggers: readonly string[] }
  | {
      readonly type: "SignalIgnored";
      readonly signal: Signal;
      readonly why: IgnoredBecause;
      readonly detail: string;
    }
  | { readonly type: "AlarmChanged"; readonly alarm: string; readonly what: AlarmChange }
  | { readonly type: "TriggerBreached"; readonly trigger: string; readonly reading: Reading }
  /** Within its limit again, by what was read or by what its alarm says. */
  | { readonly type: "TriggerCleared"; readonly trigger: string; readonly reading?: Reading }
  | {
      readonly type: "TriggerFired";
      readonly trigger: string;
      readonly respond: Response;
      readonly cause: string;
      /** What had been shifted last when it began. */
      readonly after?: LastChange;
    };

export type IgnoredBecause =
  | "duplicate"
  | "not-started"
  | "nothing-shifted"
  | "older-than-release"
  | "accepted-at-start"
  | "already-fired"
  /** It changed its state too often to be believed, and has been heard once. */
  | "quarantined"
  | "not-an-alarm"
  | "unbound"
  | "rolling-back"
  | "ended";

/** `recovered`: it was accepted as red at the start, and is well again; from now on it counts. */
export type AlarmChange = "deleted" | "edited" | "muted" | "restored" | "recovered";

export type DecisionEvent =
  | {
      readonly type: "DecisionAsked";
      readonly decision: string;
      readonly about: DecisionAbout;
      readonly question: string;
      /** When silence is taken for an answer; none when only the release's own limit ends the wait. */
      readonly by?: Instant;
      readonly onSilence: "rollback" | "wait";
      readonly causes?: readonly Cause[];
    }
  | { readonly type: "DecisionTaken"; readonly decision: string; readonly answer: string };

export type DecisionAbout =
  | { readonly kind: "phase"; readonly step: string }
  | { readonly kind: "step"; readonly step: string }
  | { readonly kind: "trigger"; readonly trigger: string }
  | { readonly kind: "drift"; readonly component: string }
  | { readonly kind: "alarm"; readonly alarm: string }
  | { readonly kind: "validation"; readonly validation: string }
  | { readonly kind: "poll" }
  | { readonly kind: "limit" };

export type RollbackEvent =
  | {
      readonly type: "RollbackStarted";
      readonly n: number;
      readonly cause: string;
      readonly scope: readonly string[];
      readonly items: readonly RollbackItem[];
      /** What stays as it is, since there is no way back from it. */
      readonly kept?: readonly Kept[];
      readonly causes?: readonly Cause[];
    }
  | {
      readonly type: "RollbackItemDone";
      readonly n: number;
      readonly item: string;
      readonly detail: string;
      readonly observed?: Observation;
    }
  | {
      readonly type: "RollbackItemFailed";
      readonly n: number;
      readonly item: string;
      readonly detail: string;
    }
  | {
      readonly type: "RolledBackAlone";
      readonly at: Instant;
      readonly cause: string;
      readonly results: readonly AloneResult[];
    }
  | {
      readonly type: "RollbackEnded";
      readonly n: number;
      readonly outcome: "rolled-back" | "rollback-unconfirmed";
      readonly left: readonly string[];
      readonly kept?: readonly Kept[];
      /** So long its metrics are compared with the baseline; missing where none was taken. */
      readonly verifyUntil?: Instant;
    };

/** One thing to put back. */
export type RollbackItem =
  | { readonly id: string; readonly kind: "target"; readonly component: string; readonly call: RevertCall }
  | { readonly id: string; readonly kind: "manual"; readonly what: string; readonly owner: string };

/** What a rollback did that ran without the store (S15). */
export interface AloneResult {
  readonly component: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Where more of it is found: a path of the API. */
export interface Link {
  readonly rel: string;
  readonly path: string;
}

export type MessageEvent =
  | {
      readonly type: "MessageDue";
      readonly message: string;
      readonly channel: string;
      readonly audience: string;
      readonly text: string;
      readonly links?: readonly Link[];
      readonly late?: Duration;
    }
  | { readonly type: "MessageSent"; readonly message: string; readonly via: string }
  | { readonly type: "MessageFailed"; readonly message: string; readonly detail: string }
  | { readonly type: "MessageDropped"; readonly message: string; readonly why: string };

export type EndEvent =
  | { readonly type: "ReviewOpened" }
  | {
      readonly type: "ReviewSaved";
      readonly entries: Readonly<Record<string, string>>;
      readonly answers?: ReviewAnswers;
    }
  | {
      readonly type: "ReviewSigned";
      readonly role: string;
      readonly entries: Readonly<Record<string, string>>;
      readonly answers?: ReviewAnswers;
    }
  | { readonly type: "ReleaseCompleted" }
  | { readonly type: "ReleaseAborted"; readonly why: string };
