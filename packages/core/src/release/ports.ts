import type { AuditRecord } from "../audit/schema.ts";
import type { DeploymentStore } from "../deployment/ports.ts";
import type { Erased } from "../erasure/ports.ts";
import type { DeploymentEntry } from "../history/schema.ts";
import type { Digest } from "../kit/digest.ts";
import type { Duration } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";
import type { Measure } from "../measure/measure.ts";
import type { Plan } from "../plan/schema.ts";
import type { RevertCall } from "../target/port.ts";
import type { NamedSignal } from "../trigger/schema.ts";
import type { Claims } from "./claims.ts";
import type { Rejection } from "./commands.ts";
import type { Asker, WaitFor } from "./next.ts";
import type { ReleaseState, Status } from "./state.ts";

export interface Clock {
  now(): Instant;
  /** Waits. Only for short pauses inside a handler; what takes longer waits in a state machine. */
  sleep(length: Duration): Promise<void>;
}

/** A release as it stands: its plan, its state, and the end of its log. */
export interface Loaded {
  readonly plan: Plan;
  readonly state: ReleaseState;
  readonly seq: number;
  readonly head: Digest;
}

/** What a command wrote, and what follows from it, to be written together or not at all. */
export interface Batch {
  readonly release: string;
  /** The sequence number that the decision was made on; 0 for a new release. */
  readonly before: number;
  readonly records: readonly AuditRecord[];
  readonly state: ReleaseState;
  /** For a new release, and for a new revision of its plan. */
  readonly plan?: Plan;
  readonly claims: Claims;
  /** Remembered, so that the same command asked again gets the same answer. */
  readonly answer?: {
    readonly command: string;
    readonly fingerprint: Digest;
    readonly rejection?: Rejection;
  };
  /**
   * Where the deployment's log stood when this was decided. Set where the decision rests on what it says:
   * nothing is written when it has gone on since (S8).
   */
  readonly deploymentAt?: number;
  /** Records that lose texts with this, and what goes with them. Nothing else ever changes a record. */
  readonly erased?: Erased<AuditRecord>;
}

export type Appended =
  | { readonly kind: "written" }
  /** Somebody else was faster: load again and decide again. */
  | { readonly kind: "overtaken" }
  /** The deployment's log has gone on: read it again. */
  | { readonly kind: "deployment-moved-on" }
  /** A target is held by another release. */
  | { readonly kind: "locked"; readonly lock: string; readonly holder: string | undefined }
  /** This command has been answered before. */
  | { readonly kind: "answered" };

export interface Answer {
  readonly fingerprint: Digest;
  readonly rejection?: Rejection;
  readonly seq: number;
}

export interface ReleaseSummary {
  readonly id: string;
  readonly title: string;
  readonly environment: string;
  readonly status: Status;
  readonly paused: boolean;
  readonly submittedAt: Instant;
  readonly plannedT: Instant;
  readonly t?: Instant;
  readonly endedAt?: Instant;
}

/** A machine that waits, and the token that wakes it. The token never leaves the store. */
export interface Parked {
  readonly id: string;
  readonly release: string;
  readonly token: string;
  readonly asker: Asker;
  readonly for: WaitFor;
  readonly step?: string;
  readonly until?: Instant;
  readonly at: Instant;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Which deployments are asked for, and how many at a time; `after` is a page's `next`. */
export interface DeploymentsQuery {
  readonly environment?: string;
  /** Started at this moment or later. */
  readonly from?: Instant;
  /** Started before this moment. */
  readonly to?: Instant;
  readonly limit: number;
  readonly after?: string;
}

/** Where releases are kept. Every read that a decision rests on is a consistent one. */
export interface ReleaseStore extends DeploymentStore {
  load(release: string): Promise<Loaded | undefined>;
  /** A revision of its plan, the one in force or an earlier one; undefined when there is none of that number. */
  revision(release: string, n: number): Promise<Plan | undefined>;
  append(batch: Batch): Promise<Appended>;
  answer(release: string, command: string): Promise<Answer | undefined>;
  records(release: string, from: number, limit: number): Promise<readonly AuditRecord[]>;
  list(which: "active" | "ended", page: { limit: number; after?: string }): Promise<Page<ReleaseSummary>>;
  /** The active releases that listen to a signal; where there is none, the one that did last. */
  listeners(binding: string): Promise<readonly string[]>;
  /**
   * Releases of which something is left, the newest first: those that owe something still, those that owe
   * nothing any more, and those that have ended and that the clock still has to visit.
   */
  leftovers(
    which: "open" | "closed" | "visits",
    page: { limit: number; after?: string },
  ): Promise<Page<string>>;
  /** What is kept of releases that were deployed, or ended, from a moment on and before another. */
  measures(from: Instant, to: Instant, page: { limit: number; after?: string }): Promise<Page<Measure>>;
  /** Releases that owe something which holds up others on a target. A pointer: their state says what. */
  owing(lock: string): Promise<readonly string[]>;
  /** The log of deployments, the newest first. */
  deployments(query: DeploymentsQuery): Promise<Page<DeploymentEntry>>;
  lock(name: string): Promise<{ readonly fence: number; readonly holder?: string }>;
  park(wait: Parked): Promise<void>;
  parked(release: string): Promise<readonly Parked[]>;
  unpark(release: string, id: string): Promise<void>;
  /** Names of people, kept outside the log, where they can be erased. */
  names(ids: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** Unless it was erased. */
  rememberName(id: string, name: string): Promise<void>;
  /** Erases a person's name, for good: it is not remembered again. */
  eraseName(id: string, at: Instant): Promise<void>;
}

/** Thrown by a store that cannot be reached. What must not depend on it goes on without (S15). */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super("the release store cannot be reached", { cause });
    this.name = "StoreUnavailable";
  }
}

/** The state machines. */
export interface Machines {
  /** Idempotent: starting what runs already is no error. What died before its end is started anew. */
  startRollout(release: string): Promise<void>;
  startRollback(input: RollbackInput): Promise<void>;
  /** Wakes a machine. False when the token is no longer waited for. */
  wake(token: string): Promise<boolean>;
}

export interface RollbackInput {
  readonly release: string;
  /** Which rollback of the release; 0 for one that was begun without the store. */
  readonly n: number;
  readonly cause: string;
  readonly at: Instant;
  /** What puts each target back, so that the machine can go on when the store is gone (S15). */
  readonly calls: readonly RevertCall[];
  /** The store could not be reached: put these back first, write it down after. */
  readonly alone: boolean;
}

/** The clock's next visit to a release. */
export interface Timers {
  set(release: string, at: Instant): Promise<void>;
  /** When the next visit is set for; undefined when none is. */
  armed(release: string): Promise<Instant | undefined>;
  clear(release: string): Promise<void>;
}

/** What stands by to put a release back without the store: alarms that carry the calls with them. */
export interface StandBy {
  put(release: string, signals: readonly NamedSignal[], calls: readonly RevertCall[]): Promise<void>;
  remove(release: string): Promise<void>;
}

/** gonogo's own bus. */
export interface Bus {
  publish(events: readonly { readonly type: string; readonly detail: unknown }[]): Promise<void>;
}
