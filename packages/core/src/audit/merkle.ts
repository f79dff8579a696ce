import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** SHA-256, 32 bytes. */
export type Hash = Uint8Array;

/** What tells a leaf from a node, so that nobody can pass one off as the other (RFC 9162, 2.1.1). */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The root of a tree without leaves. */
export const EMPTY_ROOT: Hash = sha256(new Uint8Array());

export function leafHash(content: Uint8Array): Hash {
  return sha256.create().update(LEAF).update(content).digest();
}

export function nodeHash(left: Hash, right: Hash): Hash {
  return sha256.create().update(NODE).update(left).update(right).digest();
}

export function isSame(one: Hash, other: Hash): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export function toHex(hash: Hash): string {
  return bytesToHex(hash);
}

/** Undefined for what is not exactly 32 bytes in lower-case hex: a hash has one spelling. */
export function fromHex(text: unknown): Hash | undefined {
  return typeof text === "string" && /^[0-9a-f]{64}$/.test(text) ? hexToBytes(text) : undefined;
}

/** The largest power of two smaller than `size`, for a size of two or more. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/**
 * An append-only tree in the form of RFC 9162, 2.1. Holds every node of its whole subtrees, so that a root or
 * a proof at any earlier size costs no more than the square of its height.
 */
export class MerkleTree {
  /** `levels[h][i]` is the root of the whole subtree over the leaves from i·2^h on. */
  readonly #levels: Hash[][] = [[]];

  constructor(leaves: Iterable<Hash> = []) {
    for (const leaf of leaves) this.add(leaf);
  }

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /** Appends the hash of a leaf. */
  add(leaf: Hash): void {
    let node = leaf;
    for (let height = 0; ; height++) {
      const level = this.#levels[height] ?? [];
      this.#levels[height] = level;
      level.push(node);
      const left = level.at(-2);
      if (level.length % 2 === 1 || left === undefined) return;
      node = nodeHash(left, node);
    }
  }

  /** The root over the first `size` leaves; over all unless told. Throws RangeError beyond the tree. */
  root(size = this.size): Hash {
    this.#expect(size <= this.size, `a root at ${size} of ${this.size} leaves`);
    return size === 0 ? EMPTY_ROOT : this.#range(0, size);
  }

  /** Why leaf `index` is in the tree of `size` leaves (RFC 9162, 2.1.3.1). Throws RangeError beyond the tree. */
  inclusion(index: number, size = this.size): Hash[] {
    this.#expect(index < size && size <= this.size, `leaf ${index} in ${size} of ${this.size}`);
    const proof: Hash[] = [];
    let [start, end] = [0, size];
    while (end - start > 1) {
      const middle = start + splitOf(end - start);
      if (index < middle) {
        proof.push(this.#range(middle, end));
        end = middle;
      } else {
        proof.push(this.#range(start, middle));
        start = middle;
      }
    }
    return proof.reverse();
  }

  /**
   * Why the tree of `before` leaves is the beginning of that of `size` (RFC 9162, 2.1.4.1). Throws RangeError
   * where it is not a tree before it, or is empty: of an empty tree every tree is a continuation.
   */
  consistency(before: number, size = this.size): Hash[] {
    this.#expect(before >= 1 && before <= size && size <= this.size, `${before} before ${size}`);
    const proof: Hash[] = [];
    let [start, end] = [0, size];
    // The old tree ends at `before`; a subtree that ends there too needs no proof but its own root.
    let isOldRoot = true;
    while (end !== before) {
      const middle = start + splitOf(end - start);
      if (before <= middle) {
        proof.push(this.#range(middle, end));
        end = middle;
      } else {
        proof.push(this.#range(start, middle));
        start = middle;
        isOldRoot = false;
      }
    }
    if (!isOldRoot) proof.push(this.#range(start, end));
    return proof.reverse();
  }

  /** The root over the leaves from `start` up to `end`, a range that the tree's own splits lead to. */
  #range(start: number, end: number): Hash {
    const length = end - start;
    const height = Math.log2(length);
    if (Number.isInteger(height)) {
      const node = this.#levels[height]?.[start / length];
      if (node !== undefined) return node;
    }
    const middle = start + splitOf(length);
    return nodeHash(this.#range(start, middle), this.#range(middle, end));
  }

  #expect(holds: boolean, what: string): void {
    if (!holds) throw new RangeError(`there is no proof: ${what}`);
  }
}
