import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { S3Elsewhere } from "@gonogo/adapters/s3/elsewhere";
import type { Finding } from "@gonogo/core/doctor/schema";
import { checkpoint } from "@gonogo/functions/events/checkpoint";
import { checkpointKey, successionKey } from "@gonogo/functions/events/copies";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rotate } from "../support/rotate.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const THERE = { bucket: "audit-of-gonogo", account: "222233334444", days: 400 };
const ORIGIN = "gonogo/releases";

let api: VirtualApi;
let client: S3Client;
let moves = 0;
const control = () => api.simulation.control;
const runtime = () => control().runtime;
const doing = <T>(work: () => Promise<T>) => control().during(work);

beforeEach(async () => {
  api = await virtualApi();
  const { engine } = control();
  client = new S3Client(engine.aws as never);
  await engine.kernel.call("s3", "CreateBucket", { Bucket: THERE.bucket, ObjectLockEnabledForBucket: true });
  goTo(THERE);
});
afterEach(() => api.simulation.stop());

/** As a deployment with the setting has it. */
function goTo(there: typeof THERE) {
  const elsewhere = new S3Elsewhere(control().engine.aws as never, there, () => runtime().clock.now());
  Object.assign(runtime(), { elsewhere, whereElse: elsewhere.where });
}

async function move() {
  moves += 1;
  const body = { command: { type: "Pause" }, reason: "to move" };
  await api.ask("POST", "/v1/releases/REL-SMALL/commands", { as: "qa", key: `m${moves}`, body });
}
const sign = () => doing(() => checkpoint(runtime()));
const there = async () => {
  const all = await doing(() => client.send(new ListObjectVersionsCommand({ Bucket: THERE.bucket })));
  return (all.Versions ?? []).map(({ Key = "", VersionId }) => ({ Key, VersionId }));
};
const examined = async () => {
  const { json } = await api.ask("GET", "/v1/doctor", { as: "release-manager" });
  return (json.findings as Finding[]).find(({ part }) => part === "audit copies");
};

describe("what was signed, in the bucket of another account", () => {
  it("is there as it is here, the change of a key too, and nobody deletes it", async () => {
    expect(await examined()).toMatchObject({ condition: "warning" });
    await move();
    await sign();
    await rotate(control());
    await move();
    await sign();
    const { anchors, objects } = runtime();
    const checkpoints = await doing(() => anchors.checkpoints(0, 100));
    const [succession] = await doing(() => anchors.successions());
    const keys = [
      ...checkpoints.map(({ checkpoint: { size } }) => checkpointKey(size)),
      successionKey(succession?.succession.size ?? 0, 1),
    ];
    const copies = await there();
    expect(copies.map(({ Key }) => Key)).toEqual(keys.map((key) => `${ORIGIN}/${key}`).sort());
    for (const key of keys) {
      const here = await doing(() => objects.get(key));
      expect(here?.body.length).toBeGreaterThan(100);
    }
    for (const one of copies) {
      const erase = new DeleteObjectCommand({
        Bucket: THERE.bucket,
        ...one,
        BypassGovernanceRetention: true,
      });
      await expect(doing(() => client.send(erase))).rejects.toMatchObject({ name: "AccessDenied" });
    }
    expect(await examined()).toMatchObject({ condition: "well" });
    // Nothing has moved: nothing is copied, and not even looked at.
    await sign();
    expect(await there()).toEqual(copies);
  });

  it("waits where that account does not answer: all else is done, it is told, and tried again", async () => {
    await move();
    await sign();
    const before = await there();
    const { kernel } = control().engine;
    kernel.fault = async ({ service, input }, proceed) => {
      if (service === "s3" && (input as { Bucket?: string }).Bucket === THERE.bucket) throw new Error("away");
      return await proceed();
    };
    const since = runtime().clock.now();
    for (const _ of [1, 2]) {
      await move();
      await expect(sign()).rejects.toThrow("cannot be copied to audit-of-gonogo in 222233334444");
    }
    const state = await doing(() => runtime().anchors.state());
    expect(state).toMatchObject({ signed: state.size, kept: state.size });
    // A release that ends is attested all the same.
    expect(await api.simulation.runToEnd()).toBe(true);
    await control().clock.advance(600_000);
    expect((await api.ask("GET", "/v1/releases/REL-SMALL/attestation", { as: "qa" })).status).toBe(200);
    const found = await examined();
    expect(found).toMatchObject({ condition: "ill", says: expect.stringContaining(`since ${since}`) });
    expect(found?.remedy).toContain("policy");
    expect(await doing(() => runtime().anchors.elsewhere())).toMatchObject({ failed: { since } });
    kernel.fault = undefined;
    // By itself, with the next schedule, though nothing has moved since.
    await control().clock.advance(600_000);
    const all = await doing(() => runtime().anchors.checkpoints(0, 1_000));
    const after = await there();
    expect(after.length).toBeGreaterThan(before.length);
    expect(after.map(({ Key }) => Key)).toEqual(
      all.map(({ checkpoint: { size } }) => `${ORIGIN}/${checkpointKey(size)}`),
    );
    expect(await examined()).toMatchObject({ condition: "well" });
  });

  it("begins anew where another bucket is named, and is nothing where none is", async () => {
    await move();
    await sign();
    const Bucket = "another-audit-of-gonogo";
    await control().engine.kernel.call("s3", "CreateBucket", { Bucket, ObjectLockEnabledForBucket: true });
    goTo({ ...THERE, bucket: Bucket });
    await sign();
    const all = await doing(() => client.send(new ListObjectVersionsCommand({ Bucket })));
    expect(all.Versions?.length).toBe((await there()).length);
    const { NOWHERE } = await import("@gonogo/functions/events/copies");
    Object.assign(runtime(), { elsewhere: NOWHERE, whereElse: undefined });
    await move();
    await sign();
    expect(await examined()).toBeUndefined();
  });
});
