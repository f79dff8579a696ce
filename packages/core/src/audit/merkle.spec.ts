import { existsSync, readFileSync } from "node:fs";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, type Hash, leafHash, MerkleTree, nodeHash, splitOf, toHex } from "./merkle.ts";
import { verifyConsistency, verifyInclusion } from "./merkle-proof.ts";

/** The definitions of RFC 9162, 2.1.1, 2.1.3.1 and 2.1.4.1, as they stand there. */
function mth(d: readonly Hash[]): Hash {
  if (d.length === 0) return sha256(new Uint8Array());
  if (d.length === 1) return d[0] as Hash;
  const k = splitOf(d.length);
  return nodeHash(mth(d.slice(0, k)), mth(d.slice(k)));
}
function path(m: number, d: readonly Hash[]): Hash[] {
  if (d.length === 1) return [];
  const k = splitOf(d.length);
  return m < k
    ? [...path(m, d.slice(0, k)), mth(d.slice(k))]
    : [...path(m - k, d.slice(k)), mth(d.slice(0, k))];
}
function subproof(m: number, d: readonly Hash[], b: boolean): Hash[] {
  if (m === d.length) return b ? [] : [mth(d)];
  const k = splitOf(d.length);
  return m <= k
    ? [...subproof(m, d.slice(0, k), b), mth(d.slice(k))]
    : [...subproof(m - k, d.slice(k), false), mth(d.slice(0, k))];
}

const leavesOf = (size: number): Hash[] =>
  Array.from({ length: size }, (_, at) => leafHash(utf8ToBytes(`leaf ${at}`)));

const place = fc.integer({ min: 1, max: 70 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    index: fc.nat({ max: size - 1 }),
    before: fc.integer({ min: 1, max: size }),
  }),
);

describe("the tree of RFC 9162", () => {
  // Roots of the eight leaves that certificate-transparency's own tests use.
  const known = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ];
  it.each([
    [0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    [2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    [3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"],
    [8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
  ])("has the known root over %i leaves", (size, root) => {
    const leaves = known.slice(0, size).map((hex) => leafHash(Uint8Array.from(Buffer.from(hex, "hex"))));
    expect(toHex(new MerkleTree(leaves).root())).toBe(root);
  });

  it("has the roots and proofs of the definitions, at every size it ever had, and they verify", () => {
    fc.assert(
      fc.property(place, ({ size, index, before }) => {
        const leaves = leavesOf(size);
        const tree = new MerkleTree(leavesOf(size + 9));
        const root = tree.root(size);
        expect(root).toEqual(mth(leaves));
        const inclusion = tree.inclusion(index, size);
        expect(inclusion).toEqual(path(index, leaves));
        const leaf = leaves[index] as Hash;
        expect(verifyInclusion({ leaf, index, size, root }, inclusion)).toBe(true);
        const consistency = tree.consistency(before, size);
        expect(consistency).toEqual(subproof(before, leaves, true));
        const rootBefore = tree.root(before);
        expect(verifyConsistency({ before, size, rootBefore, root }, consistency)).toBe(true);
      }),
    );
  });

  it("refuses a proof of inclusion that is changed in any way", () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.nat({ max: 255 }), ({ size, index }, where, bits) => {
        const tree = new MerkleTree(leavesOf(size));
        const root = tree.root();
        const leaf = leavesOf(size)[index] as Hash;
        const proof = tree.inclusion(index);
        const claim = { leaf, index, size, root };
        const flip = (hash: Hash) => hash.with(where % 32, (hash[where % 32] ?? 0) ^ (bits || 1));
        expect(verifyInclusion({ ...claim, leaf: flip(leaf) }, proof)).toBe(false);
        expect(verifyInclusion({ ...claim, root: flip(root) }, proof)).toBe(false);
        expect(verifyInclusion(claim, [...proof, leaf])).toBe(false);
        expect(verifyInclusion(claim, [root, ...proof])).toBe(false);
        expect(verifyInclusion({ ...claim, index: index + size }, proof)).toBe(false);
        expect(verifyInclusion({ ...claim, index: -1 }, proof)).toBe(false);
        for (let other = 0; other < size; other++) {
          if (other !== index) expect(verifyInclusion({ ...claim, index: other }, proof)).toBe(false);
        }
        for (const at of proof.keys()) {
          expect(verifyInclusion(claim, proof.toSpliced(at, 1))).toBe(false);
          expect(verifyInclusion(claim, proof.with(at, flip(proof[at] as Hash)))).toBe(false);
          expect(verifyInclusion(claim, proof.with(at, (proof[at] as Hash).slice(1)))).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("refuses a proof of consistency that is changed in any way", () => {
    fc.assert(
      fc.property(place, fc.nat(), ({ size, before }, where) => {
        const tree = new MerkleTree(leavesOf(size));
        const claim = { before, size, rootBefore: tree.root(before), root: tree.root() };
        const proof = tree.consistency(before);
        const flip = (hash: Hash) => hash.with(where % 32, (hash[where % 32] ?? 0) ^ 1);
        expect(verifyConsistency({ ...claim, root: flip(claim.root) }, proof)).toBe(false);
        expect(verifyConsistency({ ...claim, rootBefore: flip(claim.rootBefore) }, proof)).toBe(false);
        expect(verifyConsistency(claim, [...proof, claim.root])).toBe(false);
        expect(verifyConsistency({ ...claim, before: 0 }, proof)).toBe(false);
        expect(verifyConsistency({ ...claim, before: size + 1 }, proof)).toBe(false);
        for (const at of proof.keys()) {
          expect(verifyConsistency(claim, proof.toSpliced(at, 1))).toBe(false);
          expect(verifyConsistency(claim, proof.with(at, flip(proof[at] as Hash)))).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("has no proof beyond itself", () => {
    const tree = new MerkleTree(leavesOf(4));
    expect(() => tree.root(5)).toThrow(RangeError);
    expect(() => tree.inclusion(4)).toThrow(RangeError);
    expect(() => tree.consistency(0)).toThrow(RangeError);
    expect(() => tree.consistency(3, 5)).toThrow(RangeError);
  });

  it("knows a hash by its one spelling", () => {
    const hex = toHex(leafHash(utf8ToBytes("x")));
    expect(fromHex(hex)).toEqual(leafHash(utf8ToBytes("x")));
    for (const wrong of [hex.toUpperCase(), hex.slice(2), `${hex}00`, `0x${hex}`, 7, null]) {
      expect(fromHex(wrong)).toBeUndefined();
    }
  });
});

const folder = new URL("../../../../../shared/vectors/", import.meta.url);

describe.skipIf(!existsSync(folder))(
  "proofs of transparency-dev/merkle (shared/vectors, skipped without it)",
  () => {
    interface Vector {
      readonly desc: string;
      readonly wantErr: boolean;
      readonly proof: string[] | null;
      readonly leafIdx: number;
      readonly treeSize: number;
      readonly root: string;
      readonly leafHash: string;
      readonly size1: number;
      readonly size2: number;
      readonly root1: string;
      readonly root2: string;
    }
    const read = (kind: string): Vector[] =>
      JSON.parse(readFileSync(new URL(`merkle-rfc6962-${kind}-vectors.json`, folder), "utf8")).vectors;
    const bytes = (text: string | null) => Uint8Array.from(Buffer.from(text ?? "", "base64"));

    it("of inclusion: the good ones are taken and the bad ones refused, all of them", () => {
      const vectors = read("inclusion");
      expect(vectors).toHaveLength(98);
      for (const { leafIdx: index, treeSize: size, root, leafHash: leaf, proof, wantErr, desc } of vectors) {
        const claim = { leaf: bytes(leaf), index, size, root: bytes(root) };
        expect(verifyInclusion(claim, (proof ?? []).map(bytes)), desc).toBe(!wantErr);
      }
    });

    it("of consistency: the same", () => {
      const vectors = read("consistency");
      expect(vectors).toHaveLength(98);
      for (const { size1: before, size2: size, root1, root2, proof, wantErr, desc } of vectors) {
        const claim = { before, size, rootBefore: bytes(root1), root: bytes(root2) };
        expect(verifyConsistency(claim, (proof ?? []).map(bytes)), `${desc} ${before} ${size}`).toBe(
          !wantErr,
        );
      }
    });
  },
);
