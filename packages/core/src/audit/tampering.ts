import type { Digest } from "../kit/digest.ts";

/**
 * The ways in which a log can have been tampered with, each by a name of its own; docs/operations.md says what
 * each means and what it takes to bring it about.
 */
export const TAMPERINGS = [
  /** A record is not what its digest was taken over. */
  "edited",
  /** A record is missing between others. */
  "removed",
  /** A record stands where none was. */
  "inserted",
  /** Two records stand in each other's place. */
  "reordered",
  /** The last records are missing. */
  "truncated",
  /** There is no record at all of what was anchored. */
  "deleted",
  /** The first records are missing. */
  "beheaded",
  /** The records hang together, and are not those that were anchored. */
  "rewritten",
  /** A record of another log, or one that follows on another than the one before it. */
  "spliced",
  /** Something is signed with another key than the one that is trusted. */
  "key-changed",
  /** Two different records, or checkpoints, claim one place. */
  "forked",
  /** The file ends before its end. */
  "cut",
  /** A checkpoint that its key has not signed. */
  "forged",
  /** A leaf, root or proof that does not follow from what is signed. */
  "unproved",
  /** A line that is none. */
  "malformed",
] as const;

export type TamperingClass = (typeof TAMPERINGS)[number];

/** What is wrong with a log, named by its class, and the first record where it shows. */
export interface Tampering {
  readonly class: TamperingClass;
  readonly seq: number;
  readonly detail: string;
}

/** What does not hold of a bundle, and the first place where it shows. */
export interface Finding {
  readonly class: TamperingClass;
  /** The line of the file, from 1. */
  readonly line: number;
  readonly detail: string;
  /** Where it is in a release's log. */
  readonly release?: string;
  readonly seq?: number;
  /** Where it is in the log over all releases: a leaf from 0, or the size of a checkpoint. */
  readonly leaf?: number;
  readonly checkpoint?: number;
}

/** A place in a log that is known from elsewhere: an anchor, or where the release was left. */
export interface KnownHead {
  readonly seq: number;
  readonly digest: Digest;
}
