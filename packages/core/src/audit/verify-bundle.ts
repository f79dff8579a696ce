import { canonicalJson } from "../kit/digest.ts";
import { type BundleCheckpoint, type BundleHeader, type BundleLine, readLine } from "./bundle.ts";
import type { SignedCheckpoint } from "./checkpoint.ts";
import { type KeySpan, keyAt } from "./key-line.ts";
import { hashOf, type Leaf } from "./leaf.ts";
import { MerkleTree, toHex } from "./merkle.ts";
import type { AuditRecord } from "./schema.ts";
import { fromPem, keyId, type PublicKey } from "./signature.ts";
import type { SignedSuccession } from "./succession.ts";
import type { Finding } from "./tampering.ts";
import { findInSegment, type Placed, type Segment } from "./verify-segment.ts";
import { type SignedLine, verifySigned } from "./verify-signed.ts";

export interface BundleVerdict {
  readonly ok: boolean;
  /** What the file is proved against: when it was signed, and of how many leaves. */
  readonly newest?: SignedCheckpoint["checkpoint"];
  /** Whose keys signed it, in their order. */
  readonly keys: readonly KeySpan[];
  readonly releases: number;
  readonly records: number;
  /** At most one a release, and those of the log over all; in the order of the file. */
  readonly found: readonly Finding[];
}

type AnyRecord = AuditRecord<{ readonly type: string }>;
type Stage = "header" | "checkpoints" | "releases" | "end";

/** What somebody knows to have been signed. */
export type Earlier = SignedCheckpoint | SignedSuccession;

/**
 * Verifies a bundle line by line, by the public key alone; only one release's records are held at a time.
 * `trusted` is the key that the auditor has from elsewhere; where it was changed, any one of those it was.
 * `earlier` is what the auditor already knows to have been signed: from the bucket, or an earlier bundle.
 */
export class BundleVerifier {
  readonly #trusted: readonly PublicKey[];
  readonly #earlier: readonly Earlier[];
  readonly #found: Finding[] = [];
  #stage: Stage = "header";
  #line = 0;
  #header: BundleHeader | undefined;
  readonly #signed: SignedLine[] = [];
  #keys: readonly KeySpan[] | undefined;
  readonly #tree = new MerkleTree();
  readonly #leaves: Leaf[] = [];
  readonly #anchors = new Map<string, Placed[]>();
  readonly #seen = new Set<string>();
  #segment: (Segment & { readonly records: AnyRecord[] }) | undefined;
  #records = 0;
  /** The last line that was none: at the end of a file that was cut, it is half of one. */
  #broken = 0;

  constructor(trusted: readonly PublicKey[], earlier: readonly Earlier[] = []) {
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
    const { kind } = read.line;
    if (kind !== "bundle" && kind !== "checkpoint" && kind !== "succession") await this.#proveSigned();
    this.#place(read.line);
  }

  /** After the last line. */
  async finish(): Promise<BundleVerdict> {
    await this.#proveSigned();
    if (this.#stage !== "end") this.#cut();
    else this.#missing();
    const newest = this.#newest();
    return {
      ok: this.#found.length === 0,
      ...(newest === undefined ? {} : { newest }),
      keys: this.#keys ?? [],
      releases: this.#seen.size,
      records: this.#records,
      found: this.#found.toSorted((a, b) => a.line - b.line),
    };
  }

  #place(line: BundleLine): void {
    if (!this.#fits(line)) {
      this.#find({ class: "malformed", detail: `a line of the kind ${line.kind} does not belong here` });
      return;
    }
    switch (line.kind) {
      case "bundle":
        this.#stage = "checkpoints";
        this.#header = line;
        return;
      case "checkpoint":
      case "succession":
        this.#signed.push({ line: this.#line, of: line });
        return;
      case "leaf":
        this.#takeLeaf(line.index, line.leaf);
        return;
      case "release":
        this.#beginReleases();
        this.#segment = { line: this.#line, about: line, records: [] };
        return;
      case "record":
        this.#segment?.records.push(line.record);
        this.#records += 1;
        return;
      case "end":
        this.#beginReleases();
        this.#stage = "end";
        if (line.lines !== this.#line) {
          this.#find({ class: "cut", detail: `the bundle had ${line.lines} lines, and has ${this.#line}` });
        }
    }
  }

  #fits({ kind }: BundleLine): boolean {
    switch (kind) {
      case "bundle":
        return this.#stage === "header";
      case "checkpoint":
      case "succession":
        return this.#stage === "checkpoints" && this.#keys === undefined;
      case "leaf":
        return this.#stage === "checkpoints";
      case "record":
        return !this.#isSegmentFull();
      case "release":
      case "end":
        return this.#stage !== "header";
    }
  }

  #beginReleases(): void {
    if (this.#stage === "checkpoints") this.#proveLog();
    this.#stage = "releases";
    this.#closeSegment();
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

  /** All that is signed has been read. Whose keys they were is known only now: trust goes backwards too. */
  async #proveSigned(): Promise<void> {
    if (this.#keys !== undefined) return;
    const { keys, found } = await verifySigned(this.#trusted, this.#header, this.#signed);
    this.#keys = keys;
    this.#found.push(...found);
  }

  #checkpoints(): { readonly line: number; readonly signed: BundleCheckpoint }[] {
    return this.#signed.flatMap(({ line, of }) => (of.kind === "checkpoint" ? [{ line, signed: of }] : []));
  }

  #newest(): SignedCheckpoint["checkpoint"] | undefined {
    return this.#signed.flatMap(({ of }) => (of.kind === "checkpoint" ? [of.checkpoint] : [])).at(-1);
  }

  /** All leaves have been read: they give the root of every checkpoint there is. */
  #proveLog(): void {
    const checkpoints = this.#checkpoints();
    const newest = this.#newest();
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
    const wrong = checkpoints.find(({ signed: { checkpoint } }) => !this.#leadsTo(checkpoint));
    if (wrong !== undefined) {
      const { size } = wrong.signed.checkpoint;
      const before = checkpoints[checkpoints.indexOf(wrong) - 1]?.signed.checkpoint.size ?? 0;
      const detail = `the leaves, from one of ${before} to ${size - 1} on, do not give the root that was signed`;
      this.#find({ class: "unproved", leaf: before, checkpoint: size, detail }, wrong.line);
    }
    for (const one of this.#earlier) {
      if ("checkpoint" in one) this.#continues(one.checkpoint, one.checkpoint.key);
      else if (this.#continues(one.succession)) this.#hasSuccession(one);
    }
  }

  #leadsTo({ size, root }: { readonly size: number; readonly root: string }): boolean {
    return size <= this.#tree.size && toHex(this.#tree.root(size)) === root;
  }

  /** Whether the log goes on from what was signed once, and by the key that signed it; what is wrong is found. */
  #continues(earlier: { size: number; at: string; root: string }, key?: string): boolean {
    const { size, at } = earlier;
    const signed = keyAt(this.#keys ?? [], size);
    if (this.#leadsTo(earlier)) {
      if (key === undefined || signed === undefined || signed === key) return true;
      const detail = `${size} leaves were signed at ${at} with ${key}, and that is ${signed}'s in this log`;
      this.#find({ class: "key-changed", checkpoint: size, detail });
      return false;
    }
    const isShort = size > this.#tree.size;
    const detail = isShort
      ? `${size} leaves were signed at ${at}, and the log has ${this.#tree.size} now`
      : `what was signed at ${at}, of ${size} leaves, is not a beginning of this log`;
    this.#find({ class: isShort ? "truncated" : "forked", checkpoint: size, detail });
    return false;
  }

  #hasSuccession({ succession }: SignedSuccession): void {
    const wanted = canonicalJson(succession);
    const isHere = this.#signed.some(
      ({ of }) => of.kind === "succession" && canonicalJson(of.succession) === wanted,
    );
    if (isHere) return;
    const to = fromPem(succession.to);
    const whom = to === undefined ? "another key" : keyId(to);
    const detail = `at ${succession.size} leaves the log was handed over to ${whom}, and this log knows nothing of it`;
    this.#find({ class: "key-changed", checkpoint: succession.size, detail });
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
      const found = findInSegment(segment, this.#anchors.get(release) ?? [], this.#newest());
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

  #find(finding: Omit<Finding, "line">, line = this.#line): void {
    this.#found.push({ ...finding, line });
  }
}
