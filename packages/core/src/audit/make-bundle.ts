import { unaccounted } from "../erasure/accounted.ts";
import type { BundleLine } from "./bundle.ts";
import type { SignedCheckpoint } from "./checkpoint.ts";
import { hashOf, type Leaf } from "./leaf.ts";
import { MerkleTree, toHex } from "./merkle.ts";
import type { AuditRecord } from "./schema.ts";
import type { SignedSuccession } from "./succession.ts";

type AnyRecord = AuditRecord<{ readonly type: string }>;

/** Where a bundle is made from: the API, or a store. */
export interface BundleSource {
  /** The public key in PEM. Read before anything else. */
  readonly key: string;
  /** All checkpoints, the smallest first. Read before what follows. */
  readonly checkpoints: readonly SignedCheckpoint[];
  /** How the key was changed, in order. One that was signed after the last checkpoint here is as good as not there. */
  readonly successions: readonly SignedSuccession[];
  /** The leaves that the last checkpoint counts, in their order. */
  readonly leaves: readonly Leaf[];
  /** Records of a release in pieces, in their order, up to number `seq`. */
  records(release: string, seq: number): AsyncIterable<readonly AnyRecord[]>;
}

/**
 * A text is missing of which no record that was signed says so. It may have been erased since the checkpoint was
 * read: then the newest has that record, and whoever made the bundle begins again with that.
 */
export class ErasedMeanwhile extends Error {
  constructor(release: string, seq: number) {
    super(
      `a text of record ${seq} of ${release} is missing, and no record that was signed says that it was erased`,
    );
    this.name = "ErasedMeanwhile";
  }
}

/**
 * The lines of a bundle, one after the other. Checkpoints were read first and records are read up to what they
 * have anchored: what is written meanwhile is neither in the bundle nor missed in it. What does not hold is
 * written down as it is, for the verification to find. Throws where nothing has been signed yet, and
 * ErasedMeanwhile unless `gaps` are to be written down too.
 */
export async function* bundleLines(
  source: BundleSource,
  releases: "all" | readonly string[],
  gaps: "refused" | "kept" = "refused",
): AsyncGenerator<BundleLine> {
  const { checkpoints, leaves } = source;
  const size = checkpoints.at(-1)?.checkpoint.size;
  if (size === undefined) throw new Error("no checkpoint has been signed yet");
  let lines = 0;
  const counted = <L extends BundleLine>(line: L): L => {
    lines += 1;
    return line;
  };
  const tree = new MerkleTree(leaves.map(hashOf));
  const successions = source.successions.filter(({ succession }) => succession.size <= size);
  yield counted({
    kind: "bundle",
    version: 1,
    key: successions.at(-1)?.succession.to ?? source.key,
    size,
    releases: releases === "all" ? "all" : [...releases],
  });
  let before = 0;
  for (const [index, signed] of checkpoints.entries()) {
    const { size: now } = signed.checkpoint;
    yield counted({ kind: "checkpoint", ...signed, consistency: consistency(tree, before, now) });
    before = now;
    const next = checkpoints[index + 1]?.checkpoint.size ?? now + 1;
    for (const one of successions) {
      const { size: at } = one.succession;
      if (at < next && (at >= now || index === 0)) yield counted({ kind: "succession", ...one });
    }
  }
  for (const [index, leaf] of leaves.entries()) yield counted({ kind: "leaf", index, leaf });
  const heads = new Map(leaves.map((leaf, index) => [leaf.release, { index, seq: leaf.seq }]));
  for (const release of releases === "all" ? [...heads.keys()].toSorted() : releases) {
    const head = heads.get(release);
    if (head === undefined) throw new Error(`${release} has not been anchored yet`);
    const records: AnyRecord[] = [];
    for await (const some of source.records(release, head.seq)) records.push(...some);
    const gap = unaccounted(records);
    if (gap !== undefined && gaps === "refused") throw new ErasedMeanwhile(release, gap.seq);
    const inclusion = head.index < tree.size && size <= tree.size ? tree.inclusion(head.index, size) : [];
    yield counted({
      kind: "release",
      release,
      records: records.length,
      index: head.index,
      inclusion: inclusion.map(toHex),
    });
    for (const record of records) yield counted({ kind: "record", record });
  }
  yield { kind: "end", lines: lines + 1 };
}

/** Nothing where there is no such proof: a log that has lost leaves, which the verification says. */
function consistency(tree: MerkleTree, before: number, size: number): string[] {
  if (before === 0 || before > size || size > tree.size) return [];
  return tree.consistency(before, size).map(toHex);
}
