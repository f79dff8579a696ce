import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoIdentity } from "@gonogo/adapters/identity/demo";
import { identifyBy } from "@gonogo/adapters/identity/index";
import { keyId, toPem } from "@gonogo/core/audit/signature";
import { createApi } from "@gonogo/functions/api/app";
import { SCHEDULES } from "@gonogo/functions/deployment";
import { checkpoint } from "@gonogo/functions/events/checkpoint";
import type { AuditKeys } from "@gonogo/local/kms/index";
import { KeyFiles } from "@gonogo/local/kms/key-file";
import { changeAuditKey } from "@gonogo/local/server/audit-key";
import { type VirtualControlPlane, virtualControlPlane } from "@gonogo/local/simulation/control-plane";
import { afterEach, describe, expect, it } from "vitest";
import { bundleOf, keyOf, sourceOf, verdictOn } from "../support/bundle.ts";

const folders: string[] = [];
const planes: VirtualControlPlane[] = [];
afterEach(() => {
  for (const one of planes.splice(0)) one.stop();
  for (const one of folders.splice(0)) rmSync(one, { recursive: true });
});

const NOBODY = {
  targets: {},
  metrics: {},
  channel: { send: async () => ({ via: "nobody" }) },
  probe: async () => ({ ok: true, detail: "" }),
};
const ANNA = { id: "anna", name: "Anna", roles: ["Security Officer", "Release Manager"] };

/** One machine: its data directory, and an engine that reads its keys there, before and after it was killed. */
async function machine() {
  const directory = mkdtempSync(join(tmpdir(), "gonogo-rotate-"));
  folders.push(directory);
  let files = new KeyFiles(directory);
  const auditKeys: AuditKeys = { now: () => files.now(), before: () => files.before() };
  const leaveOut = Object.keys(SCHEDULES);
  const control = await virtualControlPlane({
    startAt: 0,
    seed: 1,
    outside: () => NOBODY,
    auditKeys,
    leaveOut,
  });
  planes.push(control);
  const { runtime } = control;
  const api = createApi(runtime, {
    identify: identifyBy([demoIdentity([ANNA])]),
    hooks: {},
    changeAuditKey: () => changeAuditKey(runtime, files),
  });
  const ask = (method: string, path: string, key: string, body: object) =>
    control.during(async () => {
      const headers = {
        "content-type": "application/json",
        authorization: "Demo anna",
        host: "localhost",
        "idempotency-key": key,
      };
      const answer = await api.request(path, { method, headers, body: JSON.stringify(body) });
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
    });
  const restart = () => {
    files = new KeyFiles(directory);
    return control.during(() => changeAuditKey(runtime, files));
  };
  await ask("POST", "/v1/people/psn_0123456789abcdef0123/forget", "first", { reason: "to have a record" });
  await control.during(() => checkpoint(runtime));
  return { control, directory, ask, restart, files: () => files };
}

const change = { reason: "who kept the machine has left" };

describe("the key on one machine", () => {
  it("is changed when a person asks, who is on record, and the old one is gone", async () => {
    const { control, ask, directory } = await machine();
    const before = await sourceOf(control);
    const { status, json } = await ask("POST", "/v1/audit/key", "k", change);
    expect(status).toBe(200);
    const after = await sourceOf(control);
    expect(json.key).toBe(after.key);
    expect(after.key).not.toBe(before.key);
    expect(after.key).toBe(toPem(await control.runtime.signer.publicKey()));
    expect(readdirSync(directory)).toEqual(["audit-key.pem"]);
    const records = await control.during(() => control.runtime.store.deploymentRecords(1, 10));
    expect(records.slice(-2)).toMatchObject([
      {
        seq: json.seq,
        reason: change.reason,
        actor: { kind: "person" },
        event: { type: "AuditKeyChangeAsked" },
      },
      {
        actor: { kind: "machine", name: "checkpoint" },
        event: { type: "AuditKeyChanged", from: keyId(keyOf(before)), to: keyId(keyOf(after)) },
      },
    ]);
    // What was signed before goes on, whichever of the two keys one has.
    const lines = await bundleOf(after);
    for (const key of [keyOf(before), keyOf(after)]) {
      expect(await verdictOn(lines, key, before.checkpoints)).toMatchObject({ ok: true });
    }
    expect((await control.during(() => control.engine.lambda.invoker.invoke("gonogo-audit", {}))).ok).toBe(
      true,
    );
    // The same request asked again, and another, which is one of its own.
    expect((await ask("POST", "/v1/audit/key", "k", change)).json).toEqual(json);
    expect((await sourceOf(control)).successions).toHaveLength(1);
    expect((await ask("POST", "/v1/audit/key", "k2", change)).status).toBe(200);
    expect(await verdictOn(await bundleOf(await sourceOf(control)), keyOf(before))).toMatchObject({
      ok: true,
    });
    expect((await sourceOf(control)).successions).toHaveLength(2);
  });

  it("is changed though the machine dies at any call of the way, and comes back", async () => {
    // What a person asks for is the first write; from there on it goes by itself.
    for (let survives = 1; ; survives++) {
      const { control, directory, ask, restart } = await machine();
      const before = await sourceOf(control);
      let calls = 0;
      control.engine.kernel.fault = async (_, proceed) => {
        calls += 1;
        if (calls > survives) throw new Error("killed");
        return await proceed();
      };
      const { status } = await ask("POST", "/v1/audit/key", "k", change);
      control.engine.kernel.fault = undefined;
      if (status === 200) {
        expect(survives).toBeGreaterThan(15);
        return;
      }
      await restart();
      const again = await ask("POST", "/v1/audit/key", "k", change);
      expect(again.status, `after ${survives} calls`).toBe(200);
      const after = await sourceOf(control);
      expect(after.successions, `after ${survives} calls`).toHaveLength(1);
      expect(readdirSync(directory)).toEqual(["audit-key.pem"]);
      await control.during(() => checkpoint(control.runtime));
      expect(await verdictOn(await bundleOf(await sourceOf(control)), keyOf(before))).toMatchObject({
        ok: true,
      });
      const { state } = await control.during(() => control.runtime.store.deployment());
      expect(state.auditKey.isAsked).toBe(false);
      control.stop();
    }
  }, 120_000);

  it("is never lost between two writes of its files", () => {
    const directory = mkdtempSync(join(tmpdir(), "gonogo-keys-"));
    folders.push(directory);
    const files = new KeyFiles(directory);
    const old = files.now();
    files.change();
    expect(files.before()).toBe(old);
    expect(() => files.change()).toThrow("still needed");
    const again = new KeyFiles(directory);
    expect([again.now(), again.before()]).toEqual([files.now(), old]);
    again.forgetBefore();
    expect(new KeyFiles(directory).before()).toBeUndefined();
  });
});

describe("who may have it changed", () => {
  it("says why, and is told where a deployment gives the key", async () => {
    const { control, ask } = await machine();
    expect((await ask("POST", "/v1/audit/key", "k", { reason: " " })).status).toBe(422);
    const api = createApi(control.runtime, {
      identify: identifyBy([demoIdentity([{ ...ANNA, roles: ["QA"] }])]),
      hooks: {},
      changeAuditKey: async () => {
        throw new Error("was changed");
      },
    });
    const headers = {
      "content-type": "application/json",
      authorization: "Demo anna",
      host: "localhost",
      "idempotency-key": "q",
    };
    const sent = { method: "POST", headers, body: JSON.stringify(change) };
    const refused = await control.during(async () => await api.request("/v1/audit/key", sent));
    expect(refused.status).toBe(403);
    const deployed = createApi(control.runtime, {
      identify: identifyBy([demoIdentity([ANNA])]),
      hooks: {},
    });
    const answer = await control.during(async () => await deployed.request("/v1/audit/key", sent));
    expect(await answer.json()).toMatchObject({ code: "audit-key.is-deployed" });
  });
});
