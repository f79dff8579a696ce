import { isCheckpointOf } from "@gonogo/core/audit/checkpoint";
import { hashOf } from "@gonogo/core/audit/leaf";
import { MerkleTree, toHex } from "@gonogo/core/audit/merkle";
import { fromPem } from "@gonogo/core/audit/signature";
import { checkpoint } from "@gonogo/functions/events/checkpoint";
import { checkpointKey } from "@gonogo/functions/events/copies";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { afterEach, describe, expect, it } from "vitest";
import { shortPlan } from "../invariants/plans.ts";
import { virtualApi } from "../support/virtual-api.ts";

let simulation: Simulation | undefined;
afterEach(() => simulation?.stop());

async function whole(): Promise<Simulation> {
  simulation = await Simulation.begin(shortPlan());
  expect(await simulation.runToEnd()).toBe(true);
  return simulation;
}

describe("the log over all releases", () => {
  it("has a release's head at its end, under a checkpoint that is signed", async () => {
    const { control } = await whole();
    await control.clock.advance(1_000);
    const { anchors } = control.runtime;
    const { seq, head } = await (simulation as Simulation).load();
    const leaves = await control.during(() => anchors.leaves(0, 1_000));
    expect(leaves.at(-1)).toEqual({ kind: "head", release: "REL-S", seq, digest: head });
    const newest = await control.during(() => anchors.newestCheckpoint());
    const tree = new MerkleTree(leaves.map(hashOf));
    expect(newest?.checkpoint).toMatchObject({
      origin: "gonogo/releases",
      size: leaves.length,
      root: toHex(tree.root()),
    });
    const state = await control.during(() => anchors.state());
    expect(state).toMatchObject({ size: leaves.length, signed: leaves.length });
    const key = fromPem(state.key ?? "");
    if (key === undefined || newest === undefined) throw new Error("nothing is signed");
    expect(await isCheckpointOf(key, newest)).toBe(true);
    const { checkpoint: at } = newest;
    const copy = await control.during(() => control.runtime.objects.get(checkpointKey(at.size)));
    expect(JSON.parse(new TextDecoder().decode(copy?.body))).toEqual(newest);
    expect(control.errors).toEqual([]);
  });

  it("anchors within five minutes what happens, and writes nothing when nothing does", async () => {
    const { control } = await whole();
    await control.clock.advance(300_000);
    expect(await control.during(() => control.runtime.anchors.moved())).toEqual([]);
    const before = control.writes();
    await control.clock.advance(3_600_000);
    expect(control.writes()).toBe(before);
  });

  it("is one log whoever writes it: many checkpoints at once leave no leaf twice and none out", async () => {
    const api = await virtualApi();
    simulation = api.simulation;
    const { control } = simulation;
    const body = { command: { type: "Pause" }, reason: "to move" };
    for (let round = 0; round < 5; round++) {
      await api.ask("POST", "/v1/releases/REL-SMALL/commands", { as: "qa", key: `k${round}`, body });
      const work = control.during(() =>
        Promise.all(Array.from({ length: 6 }, () => checkpoint(control.runtime))),
      );
      // Who loses a race waits a little, and here time does not pass by itself.
      await control.clock.advance(5_000);
      await work;
    }
    const leaves = await control.during(() => control.runtime.anchors.leaves(0, 100));
    const seqs = leaves.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
    const { seq } = await simulation.load();
    expect(seqs.at(-1)).toBe(seq);
    const all = await control.during(() => control.runtime.anchors.checkpoints(0, 100));
    const tree = new MerkleTree(leaves.map(hashOf));
    for (const { checkpoint: one } of all) expect(one.root).toBe(toHex(tree.root(one.size)));
    const anchors = await control.during(() => control.runtime.anchors.anchors("REL-SMALL"));
    expect(anchors.map((one) => one.seq)).toEqual(seqs);
    expect(anchors.map(({ index }) => index)).toEqual(seqs.map((_, at) => at));
  });

  it("is never signed with another key than before", async () => {
    const { control } = await whole();
    await control.clock.advance(1_000);
    const { anchors } = control.runtime;
    await control.during(() => anchors.mark({ release: "REL-X", seq: 1, digest: "sha256:00" as never }));
    const { LocalSigner } = await import("@gonogo/adapters/kms/local");
    const other = { ...control.runtime, signer: LocalSigner.generate() };
    await expect(control.during(() => checkpoint(other))).rejects.toThrow("another than the one that signed");
    await control.during(() => checkpoint(control.runtime));
    const state = await control.during(() => anchors.state());
    expect(state.signed).toBe(state.size);
  });
});
