import type { ArchiveView } from "../archive/view.ts";
import type { BaselineState } from "../baseline/events.ts";
import type { ChangeClass } from "../change/schema.ts";
import type { CheckView } from "../check/view.ts";
import type { ClosingView } from "../closing/view.ts";
import type { Cause, FixForward, VoteState } from "../decision/events.ts";
import type { EvidenceFile } from "../evidence/schema.ts";
import type { Hotfix } from "../hotfix/schema.ts";
import type { HypercareView } from "../hypercare/view.ts";
import type { IncidentView } from "../incident/view.ts";
import type { Instant } from "../kit/instant.ts";
import type { Offset } from "../kit/offset.ts";
import type { Comparison, Judged, Reading, Verdict } from "../metric/judge.ts";
import type { ObligationView } from "../obligation/view.ts";
import type { VoteWord } from "../poll/schema.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import type { RollbackState, Status, StepStatus } from "../release/state.ts";
import type { ReviewAnswers } from "../review/answers.ts";
import type { Criterion, MetricMet } from "../review/criteria.ts";
import type { RevisionView } from "../revision/view.ts";
import type { PointOfNoReturn, Reachable } from "../rollback/reachable.ts";
import type { Observation } from "../target/port.ts";
import type { Response } from "../trigger/schema.ts";

export type { CheckView, ProbeView } from "../check/view.ts";

/** A release as people see it: everything a page or a terminal shows, worked out once, here. */
export interface ReleaseView {
  readonly id: string;
  readonly title: string;
  readonly environment: string;
  readonly status: Status;
  readonly now: Instant;
  readonly revision: number;
  readonly planDigest: string;
  /** Every change of the plan since it was submitted, the newest first, with what fell by it. */
  readonly revisions: readonly RevisionView[];
  /** The newest earlier revision that everybody who is asked had approved: what to compare this one with. */
  readonly approvedRevision?: number;
  /** The digest of the policy that the plan was filled in by; none where none was in force. */
  readonly policy?: string;
  readonly requester?: string;
  readonly submittedAt: Instant;
  readonly plannedT: Instant;
  readonly t?: Instant;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  readonly why?: string;
  readonly paused?: { readonly since: Instant; readonly cause: string };
  /** Who or what it waits for, the most urgent first. */
  readonly waitsFor: readonly WaitView[];
  /** Freezes that hold now or come within its next days. */
  readonly freezes: readonly FreezeView[];
  /** Present where it may run in a maintenance window only; `next` are those that come. */
  readonly window?: {
    readonly open: boolean;
    readonly next: readonly { readonly name: string; readonly from: Instant; readonly to: Instant }[];
  };
  /** T before a freeze or a window moved it. */
  readonly movedFrom?: Instant;
  /** The next thing that happens by itself. */
  readonly upNext?: { readonly what: string; readonly at: Instant };
  readonly checklist: readonly CheckView[];
  readonly changeClass: ChangeClass;
  readonly hotfix?: Hotfix;
  readonly authors?: readonly string[];
  readonly approvals: readonly ApprovalView[];
  readonly delegations: readonly DelegationView[];
  readonly poll?: PollView;
  readonly steps: readonly StepView[];
  readonly components: readonly ComponentView[];
  /** What the metrics were before anything was shifted; missing before the start, and where none is taken. */
  readonly baseline?: BaselineState;
  readonly metrics: readonly MetricView[];
  readonly triggers: readonly TriggerView[];
  /** What a rollback would get to now, and what it would leave as it is. */
  readonly reachable: Reachable;
  /** The steps from which there is no way back, and whether they have been taken. */
  readonly oneWay: readonly OneWayView[];
  /** Open questions, with everything that speaks for them and who has answered what. */
  readonly decisions: readonly DecisionView[];
  /** Alarms that are not believed at the moment. */
  readonly quarantine: readonly QuarantineView[];
  readonly fixForwards: readonly FixForward[];
  readonly validations: readonly ValidationView[];
  readonly messages: readonly MessageView[];
  readonly rollback?: RollbackState;
  readonly incident?: IncidentView;
  readonly hypercare?: HypercareView;
  readonly review: ReviewView;
  /** Once it is closed: when it was archived, and what of it, what became of copies, or how often it was asked for again. */
  readonly archive?: ArchiveView;
  /** What people owe, the open first. */
  readonly obligations: readonly ObligationView[];
  /** What is done once the release is over, and what it is not closed without. */
  readonly closing: readonly ClosingView[];
  readonly architectureChanged?: boolean;
  readonly bakeUntil?: Instant;
  readonly endsAbout?: Instant;
  /** What the one who looks may do now. */
  readonly actions: readonly Action[];
}

/** A freeze that the release is in, or comes into. */
export interface FreezeView {
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Ids; absent where all of it stands still. */
  readonly components?: readonly string[];
  readonly source: "plan" | "rule" | "declared" | "import";
  readonly incident?: string;
  /** It holds now. */
  readonly active: boolean;
  /** The release goes on in it all the same, as a hotfix that two of the board let through. */
  readonly exempted: boolean;
}

export interface WaitView {
  readonly what: string;
  /** Roles; empty where no person is waited for. */
  readonly who: readonly string[];
  readonly by?: Instant;
  readonly onSilence?: "rollback" | "wait";
  /** A question that is open counts before everything else. */
  readonly urgent: boolean;
}

export interface ApprovalView {
  readonly role: string;
  /** Roles that may sign in its place. */
  readonly or?: readonly string[];
  /** Different people who have to sign, and how many have. */
  readonly needed: number;
  readonly given: number;
  /** Roles that have to sign first and have not. */
  readonly waitsFor?: readonly string[];
  /** `given`: by as many as are needed. */
  readonly verdict?: "given" | "declined";
  /** Of the last who signed. */
  readonly by?: string;
  readonly at?: Instant;
  readonly note?: string;
  /** Everybody's, the spent ones last. */
  readonly signatures: readonly SignatureView[];
}

export interface SignatureView {
  readonly verdict: "given" | "declined" | "expired";
  readonly by: string;
  readonly at: Instant;
  readonly note?: string;
  /** The role that was held, where it is one that signs in another's place. */
  readonly as?: string;
  /** Who delegated the role to whoever signed. */
  readonly for?: string;
  /** When it has to be given again. */
  readonly expires?: Instant;
}

export interface DelegationView {
  readonly role: string;
  readonly from: string;
  readonly to: string;
  /** When it was written down: what was signed before was signed by another. */
  readonly at: Instant;
  readonly until: Instant;
  readonly over: boolean;
  readonly reason?: string;
  /** The deployment's delegation that it comes from; absent where it is of this release alone. */
  readonly everywhere?: string;
}

export interface PollView extends PollRoundView {
  readonly mayAbstain: boolean;
  /** The polls before it, the first of them first. */
  readonly earlier: readonly PollRoundView[];
}

export interface PollRoundView {
  /** Which poll of the release, from 1. */
  readonly n: number;
  readonly opensAt: Instant;
  readonly closes: Instant;
  readonly open: boolean;
  readonly result?: "go" | "no-go";
  readonly closedAt?: Instant;
  /** Of a poll that is NO-GO, naming roles. */
  readonly why?: string;
  readonly votes: readonly {
    readonly role: string;
    readonly vote?: VoteWord;
    readonly by?: string;
    readonly at?: Instant;
    readonly reason?: string;
    /** Who delegated the role to whoever voted. */
    readonly for?: string;
  }[];
}

export interface StepView {
  readonly id: string;
  readonly kind: "manual" | "check" | "probe" | "phase";
  readonly offset: Offset;
  readonly what: string;
  readonly owner: string;
  readonly command?: string;
  readonly expect?: string;
  readonly plannedStart: Instant;
  readonly plannedEnd: Instant;
  readonly status: StepStatus;
  readonly startedAt?: Instant;
  readonly shiftedAt?: Instant;
  readonly watchUntil?: Instant;
  readonly endedAt?: Instant;
  readonly by?: string;
  readonly output?: string;
  readonly evidence?: string;
  readonly file?: EvidenceFile;
  readonly heldWhy?: string;
  readonly overdue?: boolean;
  readonly promoted?: boolean;
  readonly judged: readonly Judged[];
  /** Of a phase. */
  readonly phase?: {
    readonly name: string;
    readonly component: string;
    readonly percent: number;
    readonly of: "traffic" | "users";
  };
}

export interface ComponentView {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly previous?: string;
  readonly next?: string;
  readonly share: number;
  readonly observed?: Observation;
  readonly held: boolean;
  readonly drift?: Observation;
  readonly revertCommand?: string;
}

export interface MetricView {
  readonly id: string;
  readonly name: string;
  readonly threshold: string;
  readonly owner: string;
  readonly component?: string;
  readonly byPerson: boolean;
  readonly verdict?: Verdict;
  readonly reading?: Reading;
  readonly at?: Instant;
  /** What it was before the release, and how far the last reading is from that. */
  readonly baseline?: Comparison;
  /** The threshold as a number, where it is relative to the baseline or the objective. */
  readonly limit?: string;
}

export interface OneWayView extends PointOfNoReturn {
  /** As it is planned. */
  readonly at: Instant;
  readonly taken: boolean;
  readonly given: readonly { readonly role: string; readonly by: string; readonly at: Instant }[];
}

export interface DecisionView {
  readonly id: string;
  readonly question: string;
  readonly askedAt: Instant;
  readonly by?: Instant;
  readonly onSilence: "rollback" | "wait";
  readonly causes: readonly Cause[];
  /** Who answers it, and how: any one of the roles, or all of them. */
  readonly roles: readonly string[];
  readonly alone: readonly string[];
  readonly votes: "any" | "all";
  readonly cast: readonly (VoteState & { readonly role: string })[];
}

export interface QuarantineView {
  /** As `source:name`. */
  readonly alarm: string;
  readonly since: Instant;
  /** How often it changed its state. */
  readonly times: number;
  readonly changes: readonly { readonly state: "alarm" | "ok" | "unknown"; readonly at: Instant }[];
  /** When it is believed again, if it stands still. */
  readonly until?: Instant;
}

export interface TriggerView {
  readonly id: string;
  readonly when: string;
  readonly respond: Response;
  readonly owner: string;
  /** The alarms that fire it, by `source:name`: what it is bound to by tags among them. */
  readonly signals: readonly string[];
  /** The tags it is bound by, and the alarms they stand for; without those nobody has looked yet. */
  readonly tagged?: readonly {
    readonly tags: string;
    readonly alarms?: readonly string[];
    /** Too many: these are not listened to. */
    readonly left?: readonly string[];
  }[];
  readonly breachedSince?: Instant;
  readonly firedAt?: Instant;
  readonly cause?: string;
  readonly times?: number;
  readonly lastFiredAt?: Instant;
}

export interface ValidationView {
  readonly id: string;
  readonly check: string;
  readonly threshold: string;
  readonly owner?: string;
  readonly byPerson: boolean;
  readonly verdict?: Verdict;
  readonly result?: string;
  readonly evidence?: string;
  readonly file?: EvidenceFile;
  readonly at?: Instant;
}

export interface MessageView {
  readonly id: string;
  readonly plannedAt?: Instant;
  readonly channel: string;
  readonly audience: string;
  readonly text: string;
  readonly status: "planned" | "due" | "sent" | "failed" | "dropped";
  readonly at?: Instant;
  readonly detail?: string;
}

export interface ReviewView {
  readonly role: string;
  readonly attendees: readonly string[];
  readonly fields: readonly { readonly field: string; readonly hint?: string; readonly entry: string }[];
  readonly open: boolean;
  readonly signedAt?: Instant;
  readonly signedBy?: string;
  /** What was said beyond the fields; attendees by their ids. */
  readonly answers?: ReviewAnswers;
  /** Filled in from the record. */
  readonly metricsMet: readonly MetricMet[];
  readonly breaches: readonly string[];
  readonly passCriteria: readonly Criterion[];
  /** All of them are met; absent while that cannot be said of one. */
  readonly passes?: boolean;
}

/** A command that would be accepted now. What it still needs from the one who asks is in `needs`. */
export interface Action {
  readonly label: string;
  /** What will happen, in a sentence. */
  readonly effect: string;
  readonly command: PersonCommand;
  readonly needsReason: boolean;
  /** It is refused without evidence. */
  readonly needsEvidence?: true;
  /** `advance`, `answer`, or what makes safe: `stop`. */
  readonly tone: "advance" | "answer" | "stop";
}
