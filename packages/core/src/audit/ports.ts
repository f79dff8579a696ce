import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { SignedCheckpoint } from "./checkpoint.ts";
import type { Leaf } from "./leaf.ts";
import type { SignedSuccession } from "./succession.ts";
import type { Peaks } from "./tree.ts";

/** The log over all releases as it is written, and how far it is signed. */
export interface LogState extends Peaks {
  /** The size of the newest checkpoint; 0 when there is none. */
  readonly signed: number;
  /** The size of the newest checkpoint of which evidence keeps a copy. */
  readonly kept: number;
  /** The public key that checkpoints are signed with now, in PEM. Absent before the first. */
  readonly key?: string;
  /** How often the key was changed. */
  readonly successions: number;
  /** Of how many of them evidence keeps a copy, and the deployment's log a record. */
  readonly recorded: number;
}

/** Where a release's log stands. */
export interface Head {
  readonly release: string;
  readonly seq: number;
  readonly digest: Digest;
}

/** A head that is in the log: leaf number `index`. */
export interface Anchor {
  readonly seq: number;
  readonly digest: Digest;
  readonly index: number;
}

/** A version of a copy under Object Lock. */
export interface CopyVersion {
  readonly key: string;
  /** Of its content, in hex. */
  readonly md5: string;
}

/** The copies of what was signed, where nobody can delete them. */
export interface Copies {
  /**
   * All versions whose keys come behind `after`, in the order of keys, also those that something lies on. Throws
   * ObjectStoreUnavailable.
   */
  versions(after?: string): Promise<readonly CopyVersion[]>;
}

/** Copies in a bucket of another account, which nobody in this one can touch. */
export interface CopiesElsewhere {
  /** What that place is called; undefined where a deployment has none. */
  readonly where: string | undefined;
  /** Throws ObjectStoreUnavailable. */
  put(key: string, body: Uint8Array): Promise<void>;
}

/** How far copies have come there. */
export interface ElsewhereState {
  readonly where: string;
  /** The size of the newest checkpoint that is there. */
  readonly size: number;
  /** So many successions are. */
  readonly successions: number;
  /** Why the next copy could not be made, and since when none could. */
  readonly failed?: { readonly since: Instant; readonly at: Instant; readonly why: string };
}

/** What the last verification of everything said. */
export interface LastVerification {
  /** When one last found everything whole. */
  readonly wholeAt?: Instant;
  readonly at: Instant;
  readonly releases: number;
  readonly records: number;
  /** Where it goes on among the releases that are over. */
  readonly after?: string;
  /** When the copies under Object Lock were last compared with the log, and it had all of them. */
  readonly copiesAt?: Instant;
  readonly found: readonly { readonly class: string; readonly detail: string }[];
}

/** Where the log over all releases is kept. Every read that a write rests on is a consistent one. */
export interface AnchorStore {
  /** What this log calls itself. */
  readonly origin: string;
  state(): Promise<LogState>;
  /** Releases whose log has moved on since it was last anchored, some of them where there are many. */
  moved(): Promise<readonly Head[]>;
  /** Notes that a release has moved, where nobody else has. */
  mark(head: Head): Promise<void>;
  /** The mark goes, unless the release has moved on again. */
  settle(head: Head): Promise<void>;
  /** Appends leaves to the log as it was at `before`. False when somebody else was faster. */
  append(before: LogState, after: Peaks, leaves: readonly Leaf[]): Promise<boolean>;
  /**
   * Writes a checkpoint, and that it is the newest; `key` is the PEM of who signed it. Not where somebody else has
   * signed as much meanwhile, nor where another key has taken over.
   */
  putCheckpoint(signed: SignedCheckpoint, key: string): Promise<void>;
  /** Writes that another key takes over from the log as it was at `before`. False when somebody else was faster. */
  putSuccession(before: LogState, signed: SignedSuccession): Promise<boolean>;
  /** All of them, in their order. */
  successions(): Promise<readonly SignedSuccession[]>;
  /** So many successions have their copy and their record. */
  recordedUpTo(successions: number): Promise<void>;
  /** Evidence keeps copies of all checkpoints up to this size. */
  keptUpTo(size: number): Promise<void>;
  /** Leaves from number `from` on, in their order. */
  leaves(from: number, limit: number): Promise<readonly Leaf[]>;
  /** Checkpoints of more than `after` leaves, the smallest first. */
  checkpoints(after: number, limit: number): Promise<readonly SignedCheckpoint[]>;
  newestCheckpoint(): Promise<SignedCheckpoint | undefined>;
  /** The anchors of a release, in their order. */
  anchors(release: string): Promise<readonly Anchor[]>;
  putAttestation(release: string, seq: number, envelope: string): Promise<void>;
  attestation(release: string): Promise<{ readonly seq: number; readonly envelope: string } | undefined>;
  elsewhere(): Promise<ElsewhereState | undefined>;
  putElsewhere(state: ElsewhereState): Promise<void>;
  lastVerification(): Promise<LastVerification | undefined>;
  putVerification(verification: LastVerification): Promise<void>;
}
