import { canonicalJson } from "../kit/digest.ts";
import type { BundleRelease } from "./bundle.ts";
import { type Verification, verifyChain } from "./chain.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { hashOf, type Leaf } from "./leaf.ts";
import { fromHex } from "./merkle.ts";
import { verifyInclusion } from "./merkle-proof.ts";
import type { AuditRecord } from "./schema.ts";
import type { Finding } from "./tampering.ts";

/** What a bundle has of one release. */
export interface Segment {
  /** The line that it begins with. */
  readonly line: number;
  readonly about: BundleRelease;
  readonly records: readonly AuditRecord<{ readonly type: string }>[];
}

/** A leaf of a release, and its place among all leaves. */
export interface Placed {
  readonly index: number;
  readonly leaf: Leaf;
}

/**
 * What does not hold of a release, by its anchors and the newest checkpoint; undefined when all of it does. The
 * line is that of the record in question, or where it would be.
 */
export function findInSegment(
  { line, about, records }: Segment,
  anchors: readonly Placed[],
  newest: Checkpoint | undefined,
): Finding | undefined {
  const { release } = about;
  if (records.length < about.records) {
    const detail = `the records of ${release} end after ${records.length} of ${about.records}`;
    return { class: "cut", release, seq: records.length + 1, detail, line: line + records.length };
  }
  const last = anchors.at(-1);
  if (last === undefined) {
    return { class: "unproved", release, detail: `${release} is in no leaf of the log`, line };
  }
  const leaves = anchors.map(({ leaf }) => leaf);
  const verified = verify(release, records, leaves);
  if (!verified.ok) {
    const { class: kind, seq, detail } = verified.found;
    return { class: kind, release, seq, detail, line: line + Math.min(seq, records.length) };
  }
  if (records.length > last.leaf.seq) {
    const seq = last.leaf.seq + 1;
    const detail = `record ${seq} stands behind the last that is anchored`;
    return { class: "inserted", release, seq, detail, line: line + seq };
  }
  if (newest === undefined || isProved(about, last, newest)) return undefined;
  const detail = `nothing proves that the head of ${release} is leaf ${about.index} of the log`;
  return { class: "unproved", release, leaf: last.index, detail, line };
}

function isProved({ index, inclusion }: BundleRelease, last: Placed, { size, root }: Checkpoint): boolean {
  const proof = inclusion.flatMap((hex) => fromHex(hex) ?? []);
  const claim = { leaf: hashOf(last.leaf), index, size, root: fromHex(root) ?? new Uint8Array() };
  return index === last.index && verifyInclusion(claim, proof);
}

/** A record in which there is something that canonical JSON has no form for was never written by gonogo. */
function verify(release: string, records: Segment["records"], known: readonly Leaf[]): Verification {
  try {
    return verifyChain(release, records, known);
  } catch {
    const seq = records.findIndex((record) => !hasForm(record)) + 1;
    const detail = `record ${seq} has something in it that no digest can be taken over`;
    return { ok: false, records: records.length, found: { class: "edited", seq, detail } };
  }
}

function hasForm(value: unknown): boolean {
  try {
    canonicalJson(value);
    return true;
  } catch {
    return false;
  }
}
