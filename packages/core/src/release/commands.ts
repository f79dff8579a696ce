import type { Actor } from "../actor/schema.ts";
import type { ArchivePlace, CopyLink } from "../archive/schema.ts";
import type { ProbeAnswer } from "../check/port.ts";
import type { EraseTexts, RecordErasure } from "../erasure/commands.ts";
import type { EvidenceFile } from "../evidence/schema.ts";
import type { SeenCalendar } from "../freeze/decide.ts";
import type { SeenReadiness } from "../gate/readiness.ts";
import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { Reading } from "../metric/judge.ts";
import type { Plan } from "../plan/schema.ts";
import type { SeenQuota } from "../quota/schema.ts";
import type { Revise } from "../revision/schema.ts";
import type { Signal } from "../signal/schema.ts";
import type { SeenTagged } from "../signal/tagged.ts";
import type { Observation } from "../target/port.ts";
import type { AlarmDefinition, AloneResult, StartedComponent } from "./events.ts";
import type { PersonCommand } from "./person-commands.ts";

/**
 * A request to change a release. Whoever asks, a person, a tool, an alarm, the clock or a state machine,
 * asks with one of these, and gets events or a rejection.
 */
export type Command = {
  /** The idempotency key: the same command asked twice is done once. */
  readonly id: string;
  readonly at: Instant;
  readonly actor: Actor;
  readonly reason?: string | undefined;
  /** The file that the command refers to, as the server found it just now. */
  readonly file?: EvidenceFile | undefined;
  /** Where the release's log stood when this was decided. */
  readonly head?: { readonly seq: number; readonly digest: Digest } | undefined;
  readonly body: CommandBody;
};

export type CommandBody = PersonCommand | Revise | EraseTexts | OutsideCommand | MachineCommand;

export type OutsideCommand =
  | { readonly type: "ReceiveSignal"; readonly signal: Signal }
  | { readonly type: "Observe"; readonly seen: Seen };

/** What the clock's visit saw: everything the level of which matters, read just now. */
export interface Seen {
  readonly readings: readonly Reading[];
  /** The same metrics over the last few minutes only, for triggers that must hold for a time. */
  readonly recent: readonly Reading[];
  readonly alarms: readonly SeenAlarm[];
  /** Which alarms carry the plan's tags; unset where they were not looked up. */
  readonly tagged?: readonly SeenTagged[];
  readonly targets: readonly { readonly component: string; readonly observed: Observation }[];
  /** What the deployment's calendar says for this release; unset where it was not read. */
  readonly calendar?: SeenCalendar;
  /** Whether it could still start; unset where it was not looked at. */
  readonly readiness?: SeenReadiness;
  /** What its targets may use; unset where it was not looked at. */
  readonly quotas?: readonly SeenQuota[];
}

export interface SeenAlarm extends AlarmDefinition {
  readonly state: "alarm" | "ok" | "unknown" | "missing";
  /** When it took that state. */
  readonly since: Instant;
}

export type MachineCommand =
  | {
      readonly type: "Submit";
      readonly plan: Plan;
      readonly release: string;
      readonly revision: number;
      /** The policy that the plan was held against and filled in from. */
      readonly policy?: Digest;
    }
  | {
      readonly type: "Start";
      /** The plan that the rest was read for; another may have taken its place meanwhile. */
      readonly plan?: Digest;
      readonly components: readonly StartedComponent[];
      readonly alarms: readonly SeenAlarm[];
      readonly tagged?: readonly SeenTagged[];
      /** What the metrics of the plan's baseline say now. */
      readonly baseline?: readonly Reading[];
      /** What speaks against it outside the release itself: a target that cannot be read, or is taken. */
      readonly problems: readonly string[];
      readonly calendar?: SeenCalendar;
    }
  /** The deployment's calendar has changed. */
  | { readonly type: "ApplyCalendar"; readonly calendar: SeenCalendar }
  | {
      readonly type: "RecordChecks";
      readonly answers: readonly ProbeAnswer[];
      /** The plan whose probes answered. */
      readonly plan?: Digest;
    }
  | { readonly type: "BeginStep"; readonly step: string }
  | { readonly type: "RecordCheck"; readonly step: string; readonly reading: Reading }
  | { readonly type: "RecordProbe"; readonly step: string; readonly ok: boolean; readonly detail: string }
  | {
      readonly type: "IntendShift";
      readonly step: string;
      readonly observed: Observation;
      readonly alarms: readonly SeenAlarm[];
      readonly why: "phase" | "reduce";
      readonly percent: number;
      readonly calendar?: SeenCalendar;
    }
  | {
      readonly type: "RecordShift";
      readonly step: string;
      readonly percent: number;
      readonly why: "phase" | "reduce";
      readonly outcome:
        | { readonly kind: "shifted"; readonly observed: Observation }
        | { readonly kind: "fenced"; readonly observed: Observation }
        | { readonly kind: "refused"; readonly detail: string };
    }
  | {
      readonly type: "RecordHold";
      readonly component: string;
      readonly held: boolean;
      readonly observed: Observation;
    }
  | {
      readonly type: "RecordPutBack";
      readonly item: string;
      readonly ok: boolean;
      readonly detail: string;
      readonly observed?: Observation;
    }
  | { readonly type: "EndRollback"; readonly targets: Seen["targets"] }
  | {
      readonly type: "RecordAlone";
      readonly at: Instant;
      readonly cause: string;
      readonly results: readonly AloneResult[];
    }
  | RecordErasure
  | {
      readonly type: "RecordArchive";
      readonly files: readonly EvidenceFile[];
      readonly seq: number;
      /** Where the deployment takes copies of archives. */
      readonly copyTo?: readonly ArchivePlace[];
    }
  | {
      readonly type: "RecordArchiveCopy";
      readonly place: ArchivePlace;
      readonly outcome:
        | { readonly kind: "copied"; readonly links: readonly CopyLink[] }
        | { readonly kind: "failed"; readonly why: string; readonly retryable: boolean };
    }
  | {
      readonly type: "RecordMessage";
      readonly message: string;
      readonly sent: boolean;
      readonly detail: string;
    };

/** Why a command changed nothing, in words that the one who asked can act on. */
export interface Rejection {
  readonly code: string;
  readonly kind: "conflict" | "forbidden" | "invalid" | "not-found";
  readonly message: string;
}
