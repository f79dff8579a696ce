import { EMPTY_ROOT, type Hash, nodeHash } from "./merkle.ts";

/**
 * As much of a tree as it takes to append to it and to know its root: the roots of its whole subtrees, the
 * largest first. There is one for each bit that is set in the size.
 */
export interface Peaks {
  readonly size: number;
  readonly peaks: readonly Hash[];
}

export const NO_PEAKS: Peaks = { size: 0, peaks: [] };

/** The tree with leaves appended, given by their hashes. */
export function grown(tree: Peaks, leaves: readonly Hash[]): Peaks {
  let { size } = tree;
  const peaks = [...tree.peaks];
  for (const leaf of leaves) {
    let node = leaf;
    for (let below = size; below % 2 === 1; below = Math.floor(below / 2)) {
      node = nodeHash(peaks.pop() as Hash, node);
    }
    peaks.push(node);
    size += 1;
  }
  return { size, peaks };
}

export function rootOf({ peaks }: Peaks): Hash {
  const [last, ...larger] = peaks.toReversed();
  return last === undefined ? EMPTY_ROOT : larger.reduce((root, peak) => nodeHash(peak, root), last);
}
