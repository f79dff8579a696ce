import { LocalSigner } from "@gonogo/adapters/kms/local";
import type { BundleLine } from "@gonogo/core/audit/bundle";
import { signCheckpoint } from "@gonogo/core/audit/checkpoint";
import { hashOf } from "@gonogo/core/audit/leaf";
import type { BundleSource } from "@gonogo/core/audit/make-bundle";
import { keyId, type PublicKey, type Signer, toPem } from "@gonogo/core/audit/signature";
import { type SignedSuccession, signSuccession } from "@gonogo/core/audit/succession";
import { grown, NO_PEAKS } from "@gonogo/core/audit/tree";
import { audit } from "@gonogo/functions/events/audit";
import { checkpoint } from "@gonogo/functions/events/checkpoint";
import { CHECKPOINTS, successionKey } from "@gonogo/functions/events/copies";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleOf, sourceOf, verdictOn } from "../support/bundle.ts";
import { giveKey, rotate } from "../support/rotate.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

let api: VirtualApi;
let signers: Signer[];
let keys: PublicKey[];
let source: BundleSource;
let whole: BundleLine[];

const move = async (key: string) => {
  const body = { command: { type: "Pause" }, reason: "to move" };
  await api.ask("POST", "/v1/releases/REL-SMALL/commands", { as: "qa", key, body });
  const { control } = api.simulation;
  await control.during(() => checkpoint(control.runtime));
};

beforeAll(async () => {
  api = await virtualApi();
  const { control } = api.simulation;
  signers = [control.runtime.signer];
  for (const change of [1, 2]) {
    await move(`a${change}`);
    signers.push((await rotate(control)).next);
    await move(`b${change}`);
  }
  keys = await Promise.all(signers.map((one) => one.publicKey()));
  source = await sourceOf(control);
  whole = await bundleOf(source);
}, 60_000);
afterAll(() => api?.simulation.stop());

const of = <T>(all: readonly T[], at: number): T => all.at(at) as T;
const isSuccession = ({ kind }: BundleLine) => kind === "succession";
const counted = (lines: readonly BundleLine[]) =>
  lines.map((line) => (line.kind === "end" ? { ...line, lines: lines.length } : line));
/** Line numbers are from 1. */
const placesOf = (kind: BundleLine["kind"]) =>
  whole.flatMap((line, index) => (line.kind === kind ? [index + 1] : []));
/** The first thing that is found, by who has that key. */
const first = async (lines: readonly BundleLine[], key = of(keys, 0), ...earlier: SignedSuccession[]) =>
  (await verdictOn(counted(lines), key, earlier)).found[0];
const withSuccessions = (successions: readonly SignedSuccession[], key = source.key) =>
  bundleOf({ ...source, successions, key });

describe("a log whose key was changed twice", () => {
  it("is whole to whoever has any one of its keys, and says which signed what", async () => {
    for (const key of keys) {
      const verdict = await verdictOn(whole, key, [...source.checkpoints, ...source.successions]);
      expect(verdict).toMatchObject({ ok: true });
      const [one, two] = source.successions.map(({ succession }) => succession.size);
      expect(verdict.keys).toEqual([
        { key: keyId(of(keys, 0)), after: 0, upTo: one },
        { key: keyId(of(keys, 1)), after: one, upTo: two },
        { key: keyId(of(keys, 2)), after: two },
      ]);
    }
    const stranger = await LocalSigner.generate().publicKey();
    expect((await verdictOn(whole, stranger)).found[0]).toMatchObject({ class: "key-changed", line: 1 });
  });

  it("has each change in the deployment's log and under Object Lock", async () => {
    const { control } = api.simulation;
    const { json } = await api.ask("GET", "/v1/audit/logs/deployment", { as: "qa" });
    const changes = (json.items as { event: { type: string } }[]).map(({ event }) => event);
    expect(changes).toEqual(
      source.successions.map(({ succession: { size } }, at) => ({
        type: "AuditKeyChanged",
        from: keyId(of(keys, at)),
        to: keyId(of(keys, at + 1)),
        size,
      })),
    );
    for (const [at, signed] of source.successions.entries()) {
      const key = successionKey(signed.succession.size, at + 1);
      expect(key.startsWith(CHECKPOINTS)).toBe(true);
      const copy = await control.during(() => control.runtime.objects.get(key));
      expect(JSON.parse(new TextDecoder().decode(copy?.body))).toEqual(signed);
    }
    const { json: log } = await api.ask("GET", "/v1/audit", { as: "qa" });
    expect(log).toMatchObject({ key: toPem(of(keys, 2)), successions: source.successions });
  });

  it("is whole to the server as well, before and after each change", async () => {
    const { control } = api.simulation;
    const last = of(signers, 2);
    await expect(control.during(() => audit(control.runtime))).resolves.toMatchObject({ found: [] });
    const next = LocalSigner.generate();
    giveKey(control.runtime, next, last);
    // Deployed, and not handed over yet.
    await expect(control.during(() => audit(control.runtime))).resolves.toMatchObject({ found: [] });
    giveKey(control.runtime, next);
    await expect(control.during(() => audit(control.runtime))).rejects.toThrow("key-changed");
    giveKey(control.runtime, last);
  });
});

describe("what is no change of the key in order is key-changed, at its first place:", () => {
  it("a succession that was left out", async () => {
    const [s1, s2] = placesOf("succession");
    for (const place of [s1, s2]) {
      const lines = whole.toSpliced((place ?? 0) - 1, 1);
      // The first key does not lead to the second then; the third does not care what it was called before.
      const found = await first(lines);
      expect(found).toMatchObject({ class: "key-changed" });
      const behind = (await verdictOn(counted(lines), keys)).found[0];
      expect(behind).toMatchObject({ class: "key-changed", line: place });
    }
  });

  it.each([
    ["from", "the new key alone"],
    ["to", "the old key alone"],
  ] as const)("a succession that the key %j has not signed", async (which, by) => {
    const [good] = source.successions;
    if (good === undefined) throw new Error("nothing was changed");
    const liar = LocalSigner.generate();
    const parts = [of(signers, 0), of(signers, 1)] as const;
    const honest = which === "from" ? parts[1] : parts[0];
    const forged = await signSuccession(
      { publicKey: () => parts[0].publicKey(), sign: (it) => (which === "from" ? liar : honest).sign(it) },
      { publicKey: () => parts[1].publicKey(), sign: (it) => (which === "to" ? liar : honest).sign(it) },
      good.succession,
      good.succession.at,
    );
    const lines = await withSuccessions([forged, ...source.successions.slice(1)]);
    const found = (await verdictOn(lines, keys)).found[0];
    expect(found).toMatchObject({ class: "key-changed", line: placesOf("succession")[0] });
    expect(found?.detail).toContain(`signed by ${by}`);
  });

  it("a key that takes over by itself", async () => {
    const thief = LocalSigner.generate();
    const last = source.checkpoints.at(-1);
    if (last === undefined) throw new Error("nothing is signed");
    const own = await signSuccession(thief, thief, last.checkpoint, last.checkpoint.at);
    const claim = { ...own.succession, from: toPem(of(keys, 2)) };
    const forged = { ...own, succession: claim };
    const lines = await withSuccessions([...source.successions, forged], own.succession.to);
    expect((await verdictOn(lines, of(keys, 2))).found).toMatchObject([
      { class: "key-changed", line: 1 },
      { class: "key-changed", checkpoint: last.checkpoint.size },
    ]);
  });

  it("two successions of one key", async () => {
    const [good, second] = source.successions;
    if (good === undefined || second === undefined) throw new Error("nothing was changed");
    const thief = LocalSigner.generate();
    // The old key was taken after it had handed over.
    const fork = await signSuccession(of(signers, 0), thief, good.succession, good.succession.at);
    const both = await withSuccessions([good, fork, second]);
    const found = (await verdictOn(both, of(keys, 0))).found[0];
    expect(found).toMatchObject({ class: "key-changed", line: (placesOf("succession")[0] ?? 0) + 1 });
    expect(found?.detail).toContain("is a fork");
    const size = good.succession.size;
    const tree = (of: number) => grown(NO_PEAKS, source.leaves.slice(0, of).map(hashOf));
    const checkpoints = await Promise.all(
      source.checkpoints.map((one) =>
        one.checkpoint.size <= size ? one : signCheckpoint(thief, tree(one.checkpoint.size), one.checkpoint),
      ),
    );
    const other = await bundleOf({ ...source, checkpoints, successions: [fork] });
    // Who has a newer key is not led astray; who has the old one alone is, but for what was known before.
    expect(await first(other, of(keys, 1))).toMatchObject({ class: "key-changed", line: 1 });
    expect(await first(other, of(keys, 0))).toBeUndefined();
    expect(await first(other, of(keys, 0), good)).toMatchObject({ class: "key-changed", checkpoint: size });
    const known = await verdictOn(other, of(keys, 0), source.checkpoints.slice(-1));
    expect(known.found).toMatchObject([{ class: "key-changed" }]);
  });

  it("a checkpoint by a key that had handed over", async () => {
    const last = source.checkpoints.at(-1);
    if (last === undefined) throw new Error("nothing is signed");
    const leaves = grown(NO_PEAKS, source.leaves.map(hashOf));
    for (const old of [0, 1]) {
      const late = await signCheckpoint(of(signers, old), leaves, last.checkpoint);
      const lines = await bundleOf({ ...source, checkpoints: source.checkpoints.with(-1, late) });
      for (const key of keys) {
        expect(await first(lines, key)).toMatchObject({
          class: "key-changed",
          checkpoint: last.checkpoint.size,
        });
      }
    }
  });

  it("a succession back to a key that was, or of another place or another log", async () => {
    const last = source.checkpoints.at(-1)?.checkpoint;
    const [good, second] = source.successions;
    if (last === undefined || good === undefined || second === undefined)
      throw new Error("nothing is signed");
    const back = await signSuccession(of(signers, 2), of(signers, 0), last, last.at);
    const found = await first(await withSuccessions([...source.successions, back]));
    expect(found).toMatchObject({ class: "key-changed" });
    const elsewhere = await signSuccession(
      of(signers, 0),
      of(signers, 1),
      { ...good.succession, origin: "x" },
      last.at,
    );
    expect(await first(await withSuccessions([elsewhere, second]))).toMatchObject({ class: "spliced" });
    const root = "0".repeat(64);
    const split = await signSuccession(of(signers, 0), of(signers, 1), { ...good.succession, root }, last.at);
    expect(await first(await withSuccessions([split, second]))).toMatchObject({ class: "forked" });
    const moved = whole.filter((line) => !isSuccession(line));
    const early = moved.toSpliced(1, 0, ...whole.filter(isSuccession).slice(0, 1));
    expect((await verdictOn(early, keys)).found[0]).toMatchObject({ class: "unproved", line: 2 });
  });
});

describe("a checkpoint", () => {
  it("is not signed by who began before another key took over, and ended after", async () => {
    const { control } = api.simulation;
    const { anchors } = control.runtime;
    const state = await control.during(() => anchors.state());
    const old = of(signers, 1);
    const late = { ...grown(NO_PEAKS, source.leaves.map(hashOf)), size: state.size + 1 };
    const signed = await signCheckpoint(old, late, of(source.checkpoints, -1).checkpoint);
    await control.during(() => anchors.putCheckpoint(signed, toPem(of(keys, 1))));
    expect(await control.during(() => anchors.state())).toEqual(state);
    const claim = { ...state, key: toPem(of(keys, 1)) };
    const fork = await signSuccession(
      old,
      LocalSigner.generate(),
      { ...signed.checkpoint, size: state.signed },
      signed.checkpoint.at,
    );
    expect(await control.during(() => anchors.putSuccession(claim, fork))).toBe(false);
    expect(await control.during(() => anchors.state())).toEqual(state);
  });

  it("is not signed with a key that was the log's before, nor where the one before is another", async () => {
    const { control } = api.simulation;
    const back = { ...control.runtime };
    giveKey(back, of(signers, 0), of(signers, 2));
    await expect(control.during(() => checkpoint(back))).rejects.toThrow("has signed this log before");
    giveKey(back, LocalSigner.generate(), of(signers, 1));
    await expect(control.during(() => checkpoint(back))).rejects.toThrow("another than the one that signed");
  });
});
