import type { ApprovalState, Delegation } from "../approval/state.ts";
import type { ArchiveState } from "../archive/state.ts";
import type { BaselineState, Verification } from "../baseline/events.ts";
import type { OverrideState, ProbeState } from "../check/state.ts";
import type { Cause, FixForward, VoteState } from "../decision/events.ts";
import type { ErasuresOf } from "../erasure/state.ts";
import type { Shown } from "../evidence/decide.ts";
import type { CalendarOfRelease } from "../freeze/state.ts";
import type { ReadinessOfRelease } from "../gate/readiness.ts";
import type { HypercareState } from "../hypercare/state.ts";
import type { IncidentState } from "../incident/state.ts";
import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { Judged, Reading, Verdict } from "../metric/judge.ts";
import type { Obligations } from "../obligation/state.ts";
import type { PollState } from "../poll/state.ts";
import type { QuotasOfRelease } from "../quota/schema.ts";
import type { RehearsalState } from "../rehearsal/state.ts";
import type { ReviewAnswers } from "../review/answers.ts";
import type { RevisionsOfRelease } from "../revision/state.ts";
import type { Kept } from "../rollback/reachable.ts";
import type { FlapState } from "../signal/flap.ts";
import type { Signal } from "../signal/schema.ts";
import type { TaggedOfRelease } from "../signal/tagged.ts";
import type { OneWayApproval } from "../step/one-way.ts";
import type { Observation, RevertCall } from "../target/port.ts";
import type { AlarmChange, DecisionAbout, IgnoredBecause, Link, RollbackItem } from "./events.ts";

/**
 * Where a release stands. `paused` is not one of them: a release can be paused in any active status.
 *
 *     gates -> ready -> running -> validating -> baking -> reviewing -> completed
 *       |        |         |           |           |
 *       +--------+---------+-----------+-----------+--> rolling-back -> rolled-back | rollback-unconfirmed
 *       +--> aborted (nothing had been touched)
 */
export const STATUSES = [
  "gates",
  "ready",
  "running",
  "validating",
  "baking",
  "reviewing",
  "completed",
  "aborted",
  "rolling-back",
  "rolled-back",
  "rollback-unconfirmed",
] as const;
export type Status = (typeof STATUSES)[number];

const ENDED: readonly Status[] = ["completed", "aborted", "rolled-back", "rollback-unconfirmed"];
const ADVANCING: readonly Status[] = ["gates", "ready", "running", "validating", "baking"];
const ARMED: readonly Status[] = ["running", "validating", "baking"];

/** Nothing more will happen by itself. */
export function hasEnded(status: Status): boolean {
  return ENDED.includes(status);
}

/** It can still be rolled back or aborted: it has neither ended nor been handed to its review. */
export function canStop(status: Status): boolean {
  return ADVANCING.includes(status);
}

/** Its triggers act. */
export function isArmed(status: Status): boolean {
  return ARMED.includes(status);
}

/** Where the longest duration is counted from: T, or the last time that it was reached and lengthened. */
export function countedFrom(state: ReleaseState): Instant | undefined {
  return state.limitReachedAt ?? state.t;
}

export interface ReleaseState
  extends CalendarOfRelease,
    ErasuresOf,
    ReadinessOfRelease,
    QuotasOfRelease,
    RevisionsOfRelease,
    TaggedOfRelease {
  readonly id: string;
  readonly revision: number;
  readonly plan: Digest;
  readonly policy?: Digest;
  readonly title: string;
  readonly environment: string;
  /** Who submitted it (see `principal`); they approve nothing of it. */
  readonly requester: string | undefined;
  readonly submittedAt: Instant;
  readonly plannedT: Instant;
  readonly status: Status;
  /** T as it came to be, once the gates were open. */
  readonly t?: Instant;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  readonly checks: Readonly<Record<string, CheckState>>;
  /** What probes said last, by their check. */
  readonly probes?: Readonly<Record<string, ProbeState>>;
  /** What came of it, where it is a rehearsal that is over. */
  readonly rehearsal?: RehearsalState;
  readonly overrides?: Readonly<Record<string, OverrideState>>;
  /** By the role of the rule that they were given under. */
  readonly approvals: Readonly<Record<string, readonly ApprovalState[]>>;
  readonly delegations?: readonly Delegation[];
  readonly poll?: PollState;
  /** The polls before it, the first of them first. */
  readonly earlierPolls?: readonly PollState[];
  /** Alarms that were red when it started, and were accepted. */
  readonly red: readonly string[];
  /** What keeps it from starting although its gates are open: a red alarm, a target that another holds. */
  readonly startHeld: readonly string[];
  /** What its metrics were before anything was shifted. */
  readonly baseline?: BaselineState;
  readonly steps: Readonly<Record<string, StepState>>;
  /** Approvals of steps from which there is no way back, by step and role. */
  readonly oneWay?: Readonly<Record<string, Readonly<Record<string, OneWayApproval>>>>;
  readonly components: Readonly<Record<string, ComponentState>>;
  readonly metrics: Readonly<Record<string, MetricState>>;
  readonly triggers: Readonly<Record<string, TriggerState>>;
  /** Signals that were taken in, by signalKey: what came before is known again however late. */
  readonly signals: Readonly<Record<string, SignalState>>;
  readonly alarms: Readonly<Record<string, AlarmState>>;
  /** How bound alarms have behaved, by `source:name`. */
  readonly flaps?: Readonly<Record<string, FlapState>>;
  /** What was chosen to be repaired on the way. */
  readonly fixForwards?: readonly FixForward[];
  readonly decisions: Readonly<Record<string, DecisionState>>;
  readonly paused?: { readonly since: Instant; readonly cause: string };
  readonly limitReachedAt?: Instant;
  readonly rolledOutAt?: Instant;
  readonly bakeUntil?: Instant;
  readonly validations: Readonly<Record<string, ValidationState>>;
  readonly messages: Readonly<Record<string, MessageState>>;
  readonly rollback?: RollbackState;
  readonly aloneSince?: Instant;
  readonly incident?: IncidentState;
  readonly hypercare?: HypercareState;
  readonly review: ReviewState;
  readonly archive?: ArchiveState;
  /** What people owe; absent while nothing is. */
  readonly obligations?: Obligations;
  readonly why?: string;
}

export interface CheckState extends Shown {
  readonly answer: "yes" | "no";
  readonly by: string;
  readonly at: Instant;
  readonly note?: string;
}

export const STEP_STATUSES = [
  "waiting",
  "running",
  "shifting",
  "watching",
  "held",
  "done",
  "failed",
  "skipped",
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export interface StepState extends Shown {
  readonly status: StepStatus;
  readonly startedAt?: Instant;
  /** A phase: when the share was shifted, which opened its watch. */
  readonly shiftedAt?: Instant;
  readonly watchUntil?: Instant;
  readonly heldWhy?: string;
  readonly heldFrom?: "waiting" | "watching";
  readonly endedAt?: Instant;
  readonly by?: string;
  readonly output?: string;
  readonly judged?: readonly Judged[];
  readonly promoted?: boolean;
  readonly overdue?: boolean;
  readonly attempts: number;
}

export interface ComponentState {
  readonly previous: string;
  readonly next: string;
  readonly lock: string;
  readonly fence: number;
  readonly revert?: RevertCall;
  /** What the target was last known to be by our own doing, or by its own curve. */
  readonly observed: Observation;
  /** A shift that was begun and whose end is not recorded (S5). */
  readonly intended?: { readonly step: string; readonly percent: number; readonly why: "phase" | "reduce" };
  /** A shift was at least begun: a rollback has to look after it. */
  readonly touched: boolean;
  readonly firstTouchedAt?: Instant;
  /** We stopped a rollout that goes on by itself. */
  readonly held: boolean;
  readonly drift?: Observation;
}

export interface MetricState {
  readonly verdict: Verdict;
  readonly reading: Reading;
  readonly at: Instant;
}

export interface TriggerState {
  readonly breachedSince?: Instant;
  readonly firedAt?: Instant;
  readonly cause?: string;
  /** How often it has fired, and when last, where it fires again once it has been well. */
  readonly times?: number;
  readonly lastFiredAt?: Instant;
}

export interface SignalState {
  readonly signal: Signal;
  readonly effect: "fired" | "noted" | IgnoredBecause;
  /** How often it came again. */
  readonly again: number;
}

export interface AlarmState {
  readonly digest: Digest;
  readonly muted: boolean;
  readonly changed?: Exclude<AlarmChange, "restored" | "recovered">;
}

export interface DecisionState {
  readonly about: DecisionAbout;
  readonly question: string;
  readonly askedAt: Instant;
  readonly by?: Instant;
  readonly onSilence: "rollback" | "wait";
  /** Everything that speaks for it, the first first. */
  readonly causes?: readonly Cause[];
  /** By role. */
  readonly votes?: Readonly<Record<string, VoteState>>;
}

export interface ValidationState extends Shown {
  readonly verdict: Verdict;
  readonly result: string;
  readonly at: Instant;
  readonly by: string;
}

export interface MessageState {
  readonly status: "due" | "sent" | "failed" | "dropped";
  readonly dueAt: Instant;
  readonly channel: string;
  readonly audience: string;
  readonly text: string;
  readonly links?: readonly Link[];
  readonly at: Instant;
  readonly detail?: string;
}

export interface RollbackState {
  readonly n: number;
  readonly cause: string;
  /** What stays as it is, since there is no way back from it. */
  readonly kept?: readonly Kept[];
  readonly causes?: readonly Cause[];
  readonly by: string;
  readonly scope: readonly string[];
  readonly startedAt: Instant;
  readonly items: readonly (RollbackItem & {
    readonly status: "waiting" | "done" | "failed";
    readonly detail?: string;
    readonly at?: Instant;
    readonly observed?: Observation;
  })[];
  readonly endedAt?: Instant;
  readonly outcome?: "rolled-back" | "rollback-unconfirmed";
  readonly left: readonly string[];
  readonly verification?: Verification;
}

export interface ReviewState {
  readonly entries: Readonly<Record<string, string>>;
  readonly answers?: ReviewAnswers;
  readonly openedAt?: Instant;
  readonly signedAt?: Instant;
  readonly signedBy?: string;
}
