import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Finding } from "@gonogo/core/doctor/schema";
import { EVIDENCE } from "@gonogo/functions/deployment";
import { audit } from "@gonogo/functions/events/audit";
import { checkpoint } from "@gonogo/functions/events/checkpoint";
import { compareCopies } from "@gonogo/functions/events/compare-copies";
import { checkpointKey } from "@gonogo/functions/events/copies";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rotate } from "../support/rotate.ts";
import { copyOfTable } from "../support/table-copy.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

let api: VirtualApi;
let moves = 0;
beforeEach(async () => {
  api = await virtualApi();
  await sign();
  await sign();
});
afterEach(() => api.simulation.stop());

const control = () => api.simulation.control;
const runtime = () => control().runtime;
const doing = <T>(work: () => Promise<T>) => control().during(work);
const state = () => doing(() => runtime().anchors.state());

/** Something happens, and the log is signed. */
async function sign() {
  moves += 1;
  const body = { command: { type: "Pause" }, reason: "to move" };
  await api.ask("POST", "/v1/releases/REL-SMALL/commands", { as: "qa", key: `m${moves}`, body });
  return await doing(() => checkpoint(runtime()));
}

describe("a table that was set back to an earlier day", () => {
  it("is not signed on, and everybody is told, until it is whole again", async () => {
    const early = await copyOfTable(control());
    const { size: before } = await state();
    for (const _ of [1, 2, 3]) await sign();
    const late = await copyOfTable(control());
    const { signed } = await state();
    await early.setBack();
    await expect(sign()).rejects.toThrow("not signed: truncated");
    expect(await state()).toMatchObject({ signed: before, size: before + 1 });
    // Whoever looks sees it at once, and not only when the log is verified next.
    const seen = async () => {
      const { json } = await api.ask("GET", "/v1/audit", { as: "qa" });
      return (json.verified as { found: { class: string; detail: string }[] }).found;
    };
    expect((await seen())[0]).toMatchObject({ class: "truncated" });
    expect((await seen())[0]?.detail).toContain(checkpointKey(before + 1));
    const { json: one } = await api.ask("GET", "/v1/releases/REL-SMALL/verification", { as: "qa" });
    expect(one).toMatchObject({ ok: true, log: { class: "truncated" } });
    const { json: doctor } = await api.ask("GET", "/v1/doctor", { as: "release-manager" });
    const found = (doctor.findings as Finding[]).find(({ part }) => part === "audit log");
    expect(found).toMatchObject({ condition: "ill", says: expect.stringContaining("truncated") });
    // Its own verification finds the same, and goes on doing so.
    await expect(doing(() => audit(runtime()))).rejects.toThrow("truncated");
    await expect(doing(() => audit(runtime()))).rejects.toThrow("truncated");
    // It was a mistake: the right table is put in its place.
    await late.setBack();
    await doing(() => audit(runtime()));
    expect(await seen()).toEqual([]);
    expect(await sign()).toMatchObject({ size: signed + 1 });
  });

  it("is found by the daily comparison though nothing happens that could be signed", async () => {
    const early = await copyOfTable(control());
    await doing(() => audit(runtime()));
    await sign();
    await early.setBack();
    // Nothing has looked at the copies in this table's life, nor has it a memory of the other one.
    await expect(doing(() => audit(runtime()))).rejects.toThrow("truncated");
  });

  it("is found to be another one where what was signed differs, or is missing in between", async () => {
    const { signed } = await state();
    const client = new S3Client(control().engine.aws as never);
    const Bucket = EVIDENCE.bucket;
    const first = { Bucket, Key: checkpointKey(1) };
    expect(await doing(() => compareCopies(runtime()))).toEqual([]);
    // A copy lies on top of the right one, and a mark on top of both: what is beneath counts.
    await doing(() => client.send(new PutObjectCommand({ ...first, Body: "{}" })));
    await doing(() => client.send(new DeleteObjectCommand(first)));
    expect(await doing(() => compareCopies(runtime()))).toMatchObject([{ class: "forked" }]);
    await doing(() => client.send(new PutObjectCommand({ Bucket, Key: checkpointKey(0), Body: "{}" })));
    const all = await doing(() => compareCopies(runtime()));
    expect(all.map((one) => one.class).sort()).toEqual(["forked", "removed"]);
    // What bears no copy's name says nothing; and from the newest checkpoint on nothing is wrong.
    await doing(() =>
      client.send(new PutObjectCommand({ Bucket, Key: "audit/checkpoints/x.json", Body: "{}" })),
    );
    expect(await doing(() => compareCopies(runtime()))).toEqual(all);
    expect(await doing(() => compareCopies(runtime(), signed))).toEqual([]);
    await expect(sign()).resolves.toMatchObject({ size: signed + 1 });
  });

  it("is found where only the change of the key was undone", async () => {
    const early = await copyOfTable(control());
    const { before } = await rotate(control());
    await early.setBack();
    Object.assign(runtime(), { signer: before, trustedKey: before });
    await expect(sign()).rejects.toThrow("truncated");
  });
});

describe("copies that cannot be read", () => {
  const away = async () => {
    const { ObjectStoreUnavailable } = await import("@gonogo/core/evidence/port");
    return Object.assign(Object.create(runtime()), {
      ...runtime(),
      copies: {
        versions: async () => {
          throw new ObjectStoreUnavailable(new Error("away"));
        },
      },
    }) as ReturnType<typeof runtime>;
  };

  it("keep the log from being signed, and from being called whole once two days are over", async () => {
    const { signed } = await state();
    const blind = await away();
    await doing(() => audit(runtime()));
    const body = { command: { type: "Pause" }, reason: "to move" };
    await api.ask("POST", "/v1/releases/REL-SMALL/commands", { as: "qa", key: "blind", body });
    await expect(doing(() => checkpoint(blind))).rejects.toThrow("cannot be reached");
    expect((await state()).signed).toBe(signed);
    const whole = await doing(() => audit(blind));
    expect(whole.found).toEqual([]);
    const later = (hours: number) => ({
      ...blind,
      clock: {
        ...blind.clock,
        now: () => new Date(Date.parse(whole.at) + hours * 3_600_000).toISOString() as never,
      },
    });
    await expect(doing(() => audit(later(30)))).resolves.toMatchObject({ copiesAt: whole.copiesAt });
    await expect(doing(() => audit(later(50)))).rejects.toThrow("cannot be compared");
    await expect(doing(() => audit({ ...later(51), copies: runtime().copies }))).resolves.toMatchObject({
      found: [],
    });
  });
});

describe("checkpoints at once, with the copies compared", () => {
  it("raise no false alarm, whoever copies first", async () => {
    for (let round = 0; round < 5; round++) {
      moves += 1;
      const body = { command: { type: "Pause" }, reason: "to move" };
      await api.ask("POST", "/v1/releases/REL-SMALL/commands", { as: "qa", key: `m${moves}`, body });
      const work = doing(() =>
        Promise.all([
          ...Array.from({ length: 5 }, () => checkpoint(runtime())),
          ...Array.from({ length: 3 }, () => compareCopies(runtime())),
        ]),
      );
      await control().clock.advance(5_000);
      const found = (await work).filter((one) => Array.isArray(one)).flat();
      expect(found).toEqual([]);
    }
    await expect(doing(() => audit(runtime()))).resolves.toMatchObject({ found: [] });
  });

  it("is whole after a crash between a checkpoint and its copy", async () => {
    moves += 1;
    const body = { command: { type: "Pause" }, reason: "to move" };
    await api.ask("POST", "/v1/releases/REL-SMALL/commands", { as: "qa", key: `m${moves}`, body });
    const { kernel } = control().engine;
    kernel.fault = async ({ service, operation }, proceed) => {
      if (service === "s3" && operation === "PutObject") throw new Error("killed");
      return await proceed();
    };
    await expect(doing(() => checkpoint(runtime()))).rejects.toThrow();
    kernel.fault = undefined;
    const { signed, kept } = await state();
    expect(kept).toBeLessThan(signed);
    expect(await doing(() => compareCopies(runtime()))).toEqual([]);
    await sign();
    expect(await state()).toMatchObject({ kept: signed + 1, signed: signed + 1 });
  });
});
