import { type BundleCheckpoint, type BundleHeader, type BundleLine, readLine } from "./bundle.ts";
import { isCheckpointOf, type SignedCheckpoint } from "./checkpoint.ts";
import { hashOf, type Leaf } from "./leaf.ts";
import { fromHex, type Hash, isSame, MerkleTree, toHex } from "./merkle.ts";
import { verifyConsistency } from "./merkle-proof.ts";
import type { AuditRecord } from "./schema.ts";
import { fromPem, keyId, type PublicKey, toPem } from "./signature.ts";
import type { Finding } from "./tampering.ts";
import { findInSegment, type Placed, type Segment } from "./verify-segment.ts";

export interface BundleVerdict {
  readonly ok: boolean;
  /** What the file is proved against: when it was signed, and of how many leaves. */
  readonly newest?: SignedCheckpoint["checkpoint"];
  readonly releases: number;
  readonly records: number;
  /** At most one a release, and those of the log over all; in the order of the file. */
  readonly found: readonly Finding[];
}

type AnyRecord = AuditRecord<{ readonly type: string }>;
type Stage = "header" | "checkpoints" | "releases" | "end";

/**
 * Verifies a bundle line by line, by the public key alone; only one release's records are held at a time.
 * `trusted` is the key that the auditor has from elsewhere; several where it was changed in an orderly way.
 * `earlier` is what the auditor already knows to have been signed: from the bucket, or an earlier bundle.
 */
export class BundleVerifier {
  readonly #trusted: readonly PublicKey[];
  readonly #earlier: readonly SignedCheckpoint[];
  readonly #found: Finding[] = [];
  #stage: Stage = "header";
  #line = 0;
  #header: BundleHeader | undefined;
  #checkpoints: { readonly line: number; readonly signed: BundleCheckpoint }[] = [];
  readonly #tree = new MerkleTree();
  readonly #leaves: Leaf[] = [];
  readonly #anchors = new Map<string, Placed[]>();
  readonly #seen = new Set<string>();
  #segment: (Segment & { readonly records: AnyRecord[] }) | undefined;
  #records = 0;
  /** The last line that was none: at the end of a file that was cut, it is half of one. */
  #broken = 0;

  constructor(trusted: readonly PublicKey[], earlier: readonly SignedCheckpoint[] = []) {
    this.#trusted = trusted;
    this.#earlier = earlier;
  }

  /** Takes the next line of the file, without its line end. */
  async take(text: string): Promise<void> {
    this.#line += 1;
    if (this.#stage === "end") {
      this.#find({ class: "malformed", detail: "there is something behind the end of the bundle" });
      return;
    }
    const read = readLine(text);
    if ("why" in read) {
      this.#broken = this.#line;
      this.#find({ class: "malformed", detail: `this line is not one of a bundle: ${read.why}` });
      return;
    }
    await this.#place(read.line);
  }

  /** After the last line. */
  async finish(): Promise<BundleVerdict> {
    if (this.#stage !== "end") this.#cut();
    else this.#missing();
    const newest = this.#checkpoints.at(-1)?.signed.checkpoint;
    return {
      ok: this.#found.length === 0,
      ...(newest === undefined ? {} : { newest }),
      releases: this.#seen.size,
      records: this.#records,
      found: this.#found.toSorted((a, b) => a.line - b.line),
    };
  }

  async #place(line: BundleLine): Promise<void> {
    switch (line.kind) {
      case "bundle":
        if (this.#stage !== "header") return this.#misplaced(line);
        this.#stage = "checkpoints";
        return this.#takeHeader(line);
      case "checkpoint":
        if (this.#stage !== "checkpoints" || this.#leaves.length > 0) return this.#misplaced(line);
        return await this.#takeCheckpoint(line);
      case "leaf":
        if (this.#stage !== "checkpoints") return this.#misplaced(line);
        return this.#takeLeaf(line.index, line.leaf);
      case "release":
        if (this.#stage === "header") return this.#misplaced(line);
        if (this.#stage === "checkpoints") this.#proveLog();
        this.#stage = "releases";
        this.#closeSegment();
        this.#segment = { line: this.#line, about: line, records: [] };
        return;
      case "record":
        if (this.#segment === undefined || this.#isSegmentFull()) return this.#misplaced(line);
        this.#segment.records.push(line.record);
        this.#records += 1;
        return;
      case "end":
        if (this.#stage === "header") return this.#misplaced(line);
        if (this.#stage === "checkpoints") this.#proveLog();
        this.#closeSegment();
        this.#stage = "end";
        if (line.lines !== this.#line) {
          this.#find({ class: "cut", detail: `the bundle had ${line.lines} lines, and has ${this.#line}` });
        }
    }
  }

  #takeHeader(header: BundleHeader): void {
    this.#header = header;
    const key = fromPem(header.key);
    const isTrusted = key !== undefined && this.#trusted.some((one) => isSame(one, key));
    if (isTrusted && toPem(key) === header.key) return;
    const whose = key === undefined ? "a key that is none" : keyId(key);
    this.#find({
      class: "key-changed",
      detail: `the server names ${whose} as its key, which is not the trusted one`,
    });
  }

  async #takeCheckpoint(line: BundleCheckpoint): Promise<void> {
    const { kind: _, consistency, ...signed } = line;
    const { size, key, root } = signed.checkpoint;
    const at = { checkpoint: size };
    const before = this.#checkpoints.at(-1);
    this.#checkpoints.push({ line: this.#line, signed: line });
    const mine = this.#trusted.find((one) => keyId(one) === key);
    if (mine === undefined) {
      const detail = `the checkpoint of ${size} leaves is signed with ${key}, which is not the trusted key`;
      return this.#find({ class: "key-changed", ...at, detail });
    }
    if (!(await isCheckpointOf(mine, signed))) {
      return this.#find({
        class: "forged",
        ...at,
        detail: `the checkpoint of ${size} leaves is not signed by its key`,
      });
    }
    if (before === undefined) {
      if (consistency.length > 0)
        this.#find({ class: "unproved", ...at, detail: "the first checkpoint needs no proof" });
      return;
    }
    const { size: sizeBefore, root: rootBefore, origin } = before.signed.checkpoint;
    if (origin !== signed.checkpoint.origin) {
      return this.#find({
        class: "spliced",
        ...at,
        detail: `it is of another log, ${signed.checkpoint.origin}`,
      });
    }
    if (sizeBefore === size && rootBefore !== root) {
      return this.#find({
        class: "forked",
        ...at,
        detail: `two checkpoints of ${size} leaves were signed, and differ`,
      });
    }
    if (sizeBefore >= size) {
      return this.#find({
        class: "reordered",
        ...at,
        detail: `it stands behind the one of ${sizeBefore} leaves`,
      });
    }
    const claim = { before: sizeBefore, size, rootBefore: bytesOf(rootBefore), root: bytesOf(root) };
    if (!verifyConsistency(claim, consistency.map(bytesOf))) {
      const detail = `nothing proves that ${size} leaves go on from the ${sizeBefore} of the checkpoint before`;
      this.#find({ class: "unproved", ...at, detail });
    }
  }

  #takeLeaf(index: number, leaf: Leaf): void {
    const expected = this.#leaves.length;
    if (index !== expected) {
      this.#find({ class: "unproved", leaf: expected, detail: `leaf ${index} stands in place ${expected}` });
    }
    const anchors = this.#anchors.get(leaf.release) ?? [];
    const last = anchors.at(-1)?.leaf;
    if (last !== undefined && last.seq >= leaf.seq) {
      const detail = `${leaf.release} was at ${last.seq} already when it is said to be at ${leaf.seq}`;
      this.#find({ class: "forked", leaf: expected, release: leaf.release, seq: leaf.seq, detail });
    }
    this.#anchors.set(leaf.release, [...anchors, { index: expected, leaf }]);
    this.#leaves.push(leaf);
    this.#tree.add(hashOf(leaf));
  }

  /** All leaves have been read: they give the root of every checkpoint there is. */
  #proveLog(): void {
    const newest = this.#checkpoints.at(-1)?.signed.checkpoint;
    if (newest === undefined) {
      this.#find({ class: "unproved", detail: "there is no checkpoint" });
      return;
    }
    if (newest.size !== this.#header?.size) {
      this.#find({
        class: "unproved",
        checkpoint: newest.size,
        detail: "it is not the one that the bundle names",
      });
    }
    if (newest.size !== this.#leaves.length) {
      const detail = `${newest.size} leaves were signed, and ${this.#leaves.length} are there`;
      this.#find({ class: "unproved", leaf: Math.min(newest.size, this.#leaves.length), detail });
    }
    // The first checkpoint that the leaves do not lead to bounds where they were changed.
    const wrong = this.#checkpoints.find(({ signed: { checkpoint } }) => !this.#leadsTo(checkpoint));
    if (wrong !== undefined) {
      const { size } = wrong.signed.checkpoint;
      const before = this.#checkpoints[this.#checkpoints.indexOf(wrong) - 1]?.signed.checkpoint.size ?? 0;
      const detail = `the leaves, from one of ${before} to ${size - 1} on, do not give the root that was signed`;
      this.#find({ class: "unproved", leaf: before, checkpoint: size, detail }, wrong.line);
    }
    for (const { checkpoint } of this.#earlier) this.#continues(checkpoint);
  }

  #leadsTo({ size, root }: { readonly size: number; readonly root: string }): boolean {
    return size <= this.#tree.size && toHex(this.#tree.root(size)) === root;
  }

  #continues(earlier: SignedCheckpoint["checkpoint"]): void {
    const { size, at } = earlier;
    if (this.#leadsTo(earlier)) return;
    const isShort = size > this.#tree.size;
    const detail = isShort
      ? `${size} leaves were signed at ${at}, and the log has ${this.#tree.size} now`
      : `what was signed at ${at}, of ${size} leaves, is not a beginning of this log`;
    this.#find({ class: isShort ? "truncated" : "forked", checkpoint: size, detail });
  }

  #isSegmentFull(): boolean {
    return this.#segment === undefined || this.#segment.records.length === this.#segment.about.records;
  }

  #closeSegment(): void {
    const segment = this.#segment;
    if (segment === undefined) return;
    const { line, about } = segment;
    const { release } = about;
    this.#segment = undefined;
    if (this.#seen.has(release)) {
      this.#find({ class: "inserted", release, detail: `${release} stands a second time` }, line);
    } else {
      this.#seen.add(release);
      const newest = this.#checkpoints.at(-1)?.signed.checkpoint;
      const found = findInSegment(segment, this.#anchors.get(release) ?? [], newest);
      if (found !== undefined) this.#found.push(found);
    }
  }

  /** The file ends in the middle. What would have come is not missing, it is cut off. */
  #cut(): void {
    const segment = this.#segment;
    const half = this.#found.findLastIndex(({ line }) => line === this.#broken);
    if (this.#broken === this.#line && half >= 0) this.#found.splice(half, 1);
    const line = Math.max(1, this.#line);
    const where = segment === undefined ? "" : `, in the records of ${segment.about.release}`;
    const detail =
      this.#line === 0 ? "the file is empty" : `the file ends in line ${line}${where}, before its end`;
    const at =
      segment === undefined ? {} : { release: segment.about.release, seq: segment.records.length + 1 };
    this.#find({ class: "cut", ...at, detail }, line);
  }

  /** What should be in the file by its own header, and is not: deleted, all of it. */
  #missing(): void {
    const { releases = "all" } = this.#header ?? {};
    const wanted = releases === "all" ? [...this.#anchors.keys()].toSorted() : releases;
    for (const release of wanted.filter((one) => !this.#seen.has(one))) {
      const last = this.#anchors.get(release)?.at(-1);
      const detail = `nothing is there of ${release}, of which ${last?.leaf.seq ?? 0} records were anchored`;
      this.#find({ class: "deleted", release, seq: 1, detail });
    }
    for (const release of this.#seen) {
      if (!wanted.includes(release)) {
        this.#find({ class: "inserted", release, detail: `${release} was not asked for` });
      }
    }
  }

  #misplaced(line: BundleLine): void {
    this.#find({ class: "malformed", detail: `a line of the kind ${line.kind} does not belong here` });
  }

  #find(finding: Omit<Finding, "line">, line = this.#line): void {
    this.#found.push({ ...finding, line });
  }
}

/** Forms were checked when the line was read. */
function bytesOf(hex: string): Hash {
  return fromHex(hex) ?? new Uint8Array();
}
