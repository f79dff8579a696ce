import { LocalSigner } from "@gonogo/adapters/kms/local";
import type { BundleLine, BundleRecord, BundleRelease } from "@gonogo/core/audit/bundle";
import { genesis } from "@gonogo/core/audit/chain";
import { signCheckpoint } from "@gonogo/core/audit/checkpoint";
import { hashOf } from "@gonogo/core/audit/leaf";
import type { BundleSource } from "@gonogo/core/audit/make-bundle";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { fromPem, type PublicKey, type Signer, toPem } from "@gonogo/core/audit/signature";
import { grown, NO_PEAKS } from "@gonogo/core/audit/tree";
import { committed } from "@gonogo/core/erasure/commitment";
import { digestOf } from "@gonogo/core/kit/digest";
import type { Instant } from "@gonogo/core/kit/instant";
import { checkpoint } from "@gonogo/functions/events/checkpoint";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleOf, keyOf, sourceOf, verdictOn } from "../support/bundle.ts";
import { rotate } from "../support/rotate.ts";
import { smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

type AnyRecord = AuditRecord<{ readonly type: string }>;

const ID = "REL-SMALL";

describe.each([0, 1, 2])("with a key that was changed %i times,", (changes) => {
  let api: VirtualApi;
  let source: BundleSource;
  let whole: BundleLine[];
  /** What the auditor has: the first key, or of three the one in the middle. */
  let key: PublicKey;
  /** All that signed, in their order. */
  let signers: Signer[];
  let records: readonly AnyRecord[];
  /** Places in the release's log that are anchored. */
  let anchored: number[];

  beforeAll(async () => {
    api = await virtualApi();
    const { control } = api.simulation;
    const submit = { as: "pipeline", key: "n", body: { text: smallPlan({ id: "REL-OTHER" }) } };
    expect((await api.ask("POST", "/v1/releases", submit)).status).toBe(201);
    const forget = { as: "release-manager", key: "f", body: { reason: "request 7" } };
    expect((await api.ask("POST", "/v1/people/psn_0123456789abcdef0123/forget", forget)).status).toBe(200);
    signers = [control.runtime.signer];
    for (let change = 0; change < changes; change++) {
      signers.push((await rotate(control)).next);
      await api.simulation.runUntil(
        ({ seq }) => seq > 6 * (change + 1),
        "2100-01-01T00:00:00.000Z" as Instant,
      );
    }
    expect(await api.simulation.runToEnd()).toBe(true);
    await control.clock.advance(600_000);
    source = await sourceOf(control);
    whole = await bundleOf(source);
    key = (await signers[changes === 2 ? 1 : 0]?.publicKey()) ?? new Uint8Array();
    records = recordsIn(whole, ID);
    anchored = source.leaves.flatMap(({ release, seq }) => (release === ID ? [seq] : []));
  }, 60_000);
  afterAll(() => api?.simulation.stop());

  function recordsIn(lines: readonly BundleLine[], release: string): AnyRecord[] {
    return lines.flatMap((line) =>
      line.kind === "record" && line.record.release === release ? [line.record] : [],
    );
  }

  /** The bundle with other records of the release, as a server would write it that has those. */
  function having(others: readonly AnyRecord[], lines = whole): BundleLine[] {
    const at = lines.findIndex((line) => line.kind === "release" && line.release === ID);
    const before = lines[at] as BundleRelease;
    const segment: BundleLine[] = [
      { ...before, records: others.length },
      ...others.map((record): BundleRecord => ({ kind: "record", record })),
    ];
    return counted(lines.toSpliced(at, 1 + before.records, ...segment));
  }

  /** With the number of lines put right, as somebody would who knows the format. */
  function counted(lines: readonly BundleLine[]): BundleLine[] {
    return lines.map((line) => (line.kind === "end" ? { ...line, lines: lines.length } : line));
  }

  function resealed(record: AnyRecord, change: Partial<AnyRecord>): AnyRecord {
    const { digest: _, salts, ...body } = { ...record, ...change };
    const sealed = { ...body, ...(salts === undefined ? {} : { salts }) };
    return { ...sealed, digest: digestOf(committed(body, salts)) };
  }

  /** Every record from one on rewritten, so that all digests fit. */
  function rewrittenFrom(place: number): AnyRecord[] {
    let prev = records[place - 2]?.digest ?? genesis(ID);
    return records.map((record) => {
      if (record.seq < place) return record;
      const next = resealed(record, { prev, reason: "as it suits us" });
      prev = next.digest;
      return next;
    });
  }

  const at = (place: number) => records[place - 1] as AnyRecord;
  const lineOf = (place: number) =>
    whole.findIndex(
      (line) => line.kind === "record" && line.record.release === ID && line.record.seq === place,
    ) + 1;

  describe("a bundle", () => {
    it("of real releases is whole, with the deployment's own log, and says what it is proved against", async () => {
      const verdict = await verdictOn(whole, key);
      expect(verdict.found).toEqual([]);
      expect(verdict).toMatchObject({ ok: true, releases: 3, records: whole.filter(isRecord).length });
      expect(verdict.newest).toEqual(source.checkpoints.at(-1)?.checkpoint);
      expect(anchored.length).toBeGreaterThan(3);
      expect(source.checkpoints.length).toBeGreaterThan(3);
    });

    it("of one release is whole too, and proves that release", async () => {
      const one = await bundleOf(source, ["REL-OTHER"]);
      expect(await verdictOn(one, key)).toMatchObject({ ok: true, releases: 1 });
      await expect(bundleOf(source, ["REL-NONE"])).rejects.toThrow("not been anchored");
    });

    it("goes on from every checkpoint before it, and from no other", async () => {
      expect(await verdictOn(whole, key, source.checkpoints)).toMatchObject({ ok: true });
      const first = toPem((await signers[0]?.publicKey()) ?? new Uint8Array());
      const old = { ...source, key: first, checkpoints: source.checkpoints.slice(0, 1), successions: [] };
      const size = old.checkpoints.at(-1)?.checkpoint.size ?? 0;
      const stale = await bundleOf({ ...old, leaves: source.leaves.slice(0, size) });
      const had = fromPem(first) ?? key;
      expect(await verdictOn(stale, had)).toMatchObject({ ok: true });
      const against = await verdictOn(stale, had, source.checkpoints.slice(-1));
      expect(against).toMatchObject({ ok: false, found: [{ class: "truncated" }] });
    });
  });

  function isRecord(line: BundleLine): boolean {
    return line.kind === "record";
  }

  /** The twelve classes, each on the bundle of a real release. */
  describe("what was tampered with is named, with its first place:", () => {
    const find = async (lines: readonly (BundleLine | string)[]) => (await verdictOn(lines, key)).found;

    it("1, a record that was edited", async () => {
      const changed = having(records.with(4, { ...at(5), reason: "never said" }));
      expect(await find(changed)).toMatchObject([{ class: "edited", release: ID, seq: 5, line: lineOf(5) }]);
    });

    it("2, a record that was deleted from the middle", async () => {
      expect(await find(having(records.toSpliced(6, 1)))).toMatchObject([
        { class: "removed", release: ID, seq: 7, line: lineOf(7) },
      ]);
    });

    it("3, a record that was put in", async () => {
      expect(await find(having(records.toSpliced(8, 0, at(3))))).toMatchObject([
        { class: "inserted", release: ID, seq: 9, line: lineOf(9) },
      ]);
    });

    it("4, records in another order", async () => {
      expect(await find(having(records.with(9, at(11)).with(10, at(10))))).toMatchObject([
        { class: "reordered", release: ID, seq: 10, line: lineOf(10) },
      ]);
    });

    it("5, a tail that was cut off", async () => {
      expect(await find(having(records.slice(0, -3)))).toMatchObject([
        { class: "truncated", release: ID, seq: records.length - 2 },
      ]);
    });

    it("6, a whole log that was deleted, its place in the file included", async () => {
      expect(await find(having([]))).toMatchObject([{ class: "deleted", release: ID, seq: 1 }]);
      const gone = having([]).filter((line) => line.kind !== "release" || line.release !== ID);
      expect(await find(counted(gone))).toMatchObject([{ class: "deleted", release: ID, seq: 1 }]);
    });

    it("7, a head that was cut off", async () => {
      expect(await find(having(records.slice(4)))).toMatchObject([
        { class: "beheaded", release: ID, seq: 1 },
      ]);
    });

    it("8, a rewritten end of the same length, all of whose digests fit", async () => {
      for (const [index, seq] of anchored.entries()) {
        const from = (anchored[index - 1] ?? 0) + 1;
        const found = await find(having(rewrittenFrom(seq)));
        expect(found, `from ${seq}`).toMatchObject([{ class: "rewritten", release: ID, seq: from }]);
      }
    });

    it("9, a record of another release, and one that is tied to another", async () => {
      const other = recordsIn(whole, "REL-OTHER")[0] as AnyRecord;
      expect(await find(having(records.with(2, other)))).toMatchObject([
        { class: "spliced", release: ID, seq: 3 },
      ]);
      const tied = resealed(at(6), { prev: other.digest });
      expect(await find(having(records.with(5, tied)))).toMatchObject([
        { class: "spliced", release: ID, seq: 6, line: lineOf(6) },
      ]);
    });

    it("10, a key that was changed in silence", async () => {
      const forger = LocalSigner.generate();
      const other = await forger.publicKey();
      const forged = await Promise.all(
        source.checkpoints.map(({ checkpoint: { size, origin, at: when } }) =>
          signCheckpoint(forger, grown(NO_PEAKS, source.leaves.slice(0, size).map(hashOf)), {
            origin,
            at: when,
          }),
        ),
      );
      const all = await bundleOf({ ...source, key: toPem(other), checkpoints: forged, successions: [] });
      expect(await verdictOn(all, other)).toMatchObject({ ok: true });
      expect((await find(all))[0]).toMatchObject({ class: "key-changed", line: 1 });
      // From one checkpoint on, under the name that the key had.
      const late = await bundleOf({
        ...source,
        checkpoints: source.checkpoints.with(-1, forged.at(-1) as never),
      });
      const size = forged.at(-1)?.checkpoint.size;
      expect(await find(late)).toMatchObject([{ class: "key-changed", checkpoint: size }]);
      const last = source.checkpoints.at(-1);
      const lying = { checkpoint: last?.checkpoint, signature: forged.at(-1)?.signature } as typeof last;
      const named = await bundleOf({ ...source, checkpoints: source.checkpoints.with(-1, lying as never) });
      expect(await find(named)).toMatchObject([{ class: "forged", checkpoint: size }]);
      // Even who trusts both wants to see that the one handed over to the other.
      expect((await verdictOn(late, [key, other])).found).toMatchObject([{ class: "key-changed" }]);
    });

    it("11, a fork: two records with one number, and two logs of one size", async () => {
      const twin = resealed(at(8), { reason: "the other hand" });
      expect(await find(having(records.toSpliced(8, 0, twin)))).toMatchObject([
        { class: "forked", release: ID, seq: 8 },
      ]);
      const signer = signers.at(-1);
      const last = source.checkpoints.at(-1)?.checkpoint;
      if (last === undefined || signer === undefined) throw new Error("nothing is signed");
      const leaves = source.leaves.with(-1, { ...source.leaves[0], seq: 999 } as never);
      const split = await signCheckpoint(signer, grown(NO_PEAKS, leaves.map(hashOf)), last);
      const two = await bundleOf({ ...source, checkpoints: [...source.checkpoints, split] });
      expect((await find(two))[0]).toMatchObject({ class: "forked", checkpoint: last.size });
    });

    it("12, a newest part that is cut or empty, and a log that begins anew behind it", async () => {
      const texts = whole.map((line) => JSON.stringify(line));
      expect(await find([])).toMatchObject([{ class: "cut", detail: "the file is empty" }]);
      const half = texts.slice(0, lineOf(12));
      half.push((texts[lineOf(12)] ?? "").slice(0, 40));
      expect(await find(half)).toMatchObject([{ class: "cut", release: ID, seq: 13, line: lineOf(13) }]);
      expect(await find(texts.slice(0, lineOf(12)))).toMatchObject([{ class: "cut", release: ID, seq: 13 }]);
      expect(await find(texts.slice(0, -1))).toMatchObject([{ class: "cut" }]);
      const shorter = whole.filter(
        (line) =>
          !isRecord(line) ||
          (line as BundleRecord).record.seq < 4 ||
          (line as BundleRecord).record.release !== ID,
      );
      expect(await find(counted(shorter))).toMatchObject([{ class: "cut", release: ID, seq: 4 }]);
      const anew = resealed(at(1), { reason: "from the beginning" });
      expect(await find(having([...records, anew]))).toMatchObject([
        { class: "forked", release: ID, seq: 1 },
      ]);
    });

    it("and a leaf of the log over all", async () => {
      const leaf = (index: number) => whole.findIndex((line) => line.kind === "leaf" && line.index === index);
      const without = counted(whole.toSpliced(leaf(2), 1));
      const found = await find(without);
      expect(found.map((one) => one.class)).not.toContain("malformed");
      expect(found).toContainEqual(expect.objectContaining({ class: "unproved", leaf: 2 }));
    });
  });

  describe("any one thing that is changed in a bundle is found", () => {
    type Path = readonly (string | number)[];
    function paths(value: unknown, path: Path = []): Path[] {
      if (typeof value !== "object" || value === null) return [path];
      return Object.entries(value).flatMap(([name, one]) => paths(one, [...path, name]));
    }
    function changed(value: unknown, path: Path, how: "change" | "drop" | "add"): unknown {
      const [name, ...rest] = path;
      if (name === undefined) {
        if (typeof value === "number") return value + 1;
        return typeof value === "boolean" ? !value : `${String(value)}x`;
      }
      const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
        ? [...value]
        : { ...(value as Record<string, unknown>) };
      const members = copy as Record<string, unknown>;
      if (rest.length > 0 || how === "change") members[name] = changed(members[name], rest, how);
      else if (how === "add") members[`${name}More`] = 1;
      else if (Array.isArray(copy)) copy.splice(Number(name), 1);
      else delete members[name];
      return copy;
    }

    it("every value, every member that goes or comes, in every line", async () => {
      const places = whole.flatMap((line, index) => paths(line).map((path) => ({ index, path })));
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...places),
          fc.constantFrom("change", "drop", "add"),
          async ({ index, path }, how) => {
            const isInList = typeof path.at(-1) === "string" && /^\d+$/.test(String(path.at(-1)));
            fc.pre(!(how === "add" && isInList));
            const line = changed(whole[index], path, how as "change") as BundleLine;
            const verdict = await verdictOn(whole.with(index, line), key);
            expect(verdict.ok, JSON.stringify(line)).toBe(false);
          },
        ),
        { numRuns: changes === 0 ? 150 : 80 },
      );
    }, 120_000);

    it("every line that is left out, said twice, or moved", async () => {
      const index = fc.nat({ max: whole.length - 1 });
      await fc.assert(
        fc.asyncProperty(index, index, async (from, to) => {
          const line = whole[from] as BundleLine;
          const out = whole.toSpliced(from, 1);
          expect((await verdictOn(counted(out), key)).ok).toBe(false);
          expect((await verdictOn(counted(whole.toSpliced(from, 0, line)), key)).ok).toBe(false);
          if (from !== to) expect((await verdictOn(out.toSpliced(to, 0, line), key)).ok).toBe(false);
        }),
        { numRuns: changes === 0 ? 60 : 30 },
      );
    }, 120_000);
  });

  describe("writers and auditors at once", () => {
    it("raise no false alarm: what is written while a bundle is made is neither in it nor missed", async () => {
      const busy = await virtualApi();
      const { control } = busy.simulation;
      let written = 0;
      let changed = 0;
      const write = async () => {
        const body = { command: { type: "Pause" }, reason: "to move" };
        const sent = { as: "qa", key: `w${written++}`, body };
        await busy.ask("POST", `/v1/releases/${ID}/commands`, sent);
        await control.during(() => checkpoint(control.runtime));
        // In the midst of it the key is changed, as often as it is to be.
        if (written === 20 * (changed + 1) && changed < changes) {
          changed += 1;
          await rotate(control);
        }
      };
      await write();
      const trusted = keyOf(await sourceOf(control));
      for (let round = 0; round < 40; round++) {
        const seen = await sourceOf(control);
        const moving: BundleSource = {
          ...seen,
          async *records(release, seq) {
            await write();
            yield* seen.records(release, seq);
            await write();
          },
        };
        expect(await verdictOn(await bundleOf(moving), trusted), `round ${round}`).toMatchObject({
          ok: true,
        });
      }
      expect(written).toBeGreaterThan(60);
      expect(changed).toBe(changes);
      busy.simulation.stop();
    }, 60_000);
  });
});
