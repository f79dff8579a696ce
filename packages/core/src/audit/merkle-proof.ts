import { type Hash, isSame, nodeHash } from "./merkle.ts";

/** Half of a path is longer than any tree that is counted in safe integers is high. */
const LONGEST_PROOF = 128;

/**
 * Whether `leaf` is leaf number `index` (from 0) of the tree of `size` leaves that has this root
 * (RFC 9162, 2.1.3.2). False for every proof that is too short, too long, or of another place.
 */
export function verifyInclusion(
  claim: { readonly leaf: Hash; readonly index: number; readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  const { leaf, index, size, root } = claim;
  if (!isPlace(index) || !isPlace(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [fn, sn] = [index, size - 1];
  let hash = leaf;
  for (const part of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(part, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      hash = nodeHash(hash, part);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && isSame(hash, root);
}

/**
 * Whether the tree of `size` leaves goes on from the tree of `before` leaves, nothing of it changed
 * (RFC 9162, 2.1.4.2). A tree goes on from itself, by an empty proof.
 */
export function verifyConsistency(
  claim: { readonly before: number; readonly size: number; readonly rootBefore: Hash; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  const { before, size, rootBefore, root } = claim;
  if (!isPlace(before) || !isPlace(size) || before > size || before === 0) return false;
  if (before === size) return proof.length === 0 && isSame(rootBefore, root);
  if (!areHashes([rootBefore, root, ...proof])) return false;
  const path = isPowerOfTwo(before) ? [rootBefore, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined || proof.length === 0) return false;
  let [fn, sn] = [before - 1, size - 1];
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let [old, now] = [first, first];
  for (const part of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      old = nodeHash(part, old);
      now = nodeHash(part, now);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      now = nodeHash(now, part);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && isSame(old, rootBefore) && isSame(now, root);
}

function isPlace(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function areHashes(all: readonly Hash[]): boolean {
  return all.length <= LONGEST_PROOF && all.every(({ length }) => length === 32);
}

/** Bit shifts would cut numbers to 32 bits. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
