import { personId } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { SignedRequest } from "@gonogo/core/evidence/port";
import type { EvidenceFile } from "@gonogo/core/evidence/schema";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import { describe, expect, it } from "vitest";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";

const abort = (api: VirtualApi) =>
  api.ask("POST", `/v1/releases/${ID}/commands`, {
    as: "release-manager",
    key: "stop",
    body: { command: { type: "Abort" }, reason: "not today" },
  });
const filesOf = async (api: VirtualApi) => (await api.simulation.load()).state.archive?.files;
const archivedIn = async (api: VirtualApi) =>
  (await api.simulation.records()).filter(({ event }) => event.type === "ReleaseArchived");

describe("a closed release", () => {
  it("is archived once with its documents, its plan and its whole log, and says so", async () => {
    const api = await virtualApi();
    await api.simulation.runToEnd();
    await api.simulation.control.clock.advance(60_000);
    const files = (await filesOf(api)) ?? [];
    expect(files.map(({ name }) => name)).toEqual(["runbook.md", "release-plan.md", `${ID}.json`]);
    expect(await archivedIn(api)).toHaveLength(1);
    const { control } = api.simulation;
    for (const file of files) {
      const found = await control.during(() => control.runtime.objects.get(file.key));
      expect(found?.about).toMatchObject({ digest: file.digest, size: file.size });
      expect(digestOfBytes(found?.body ?? new Uint8Array())).toBe(file.digest);
    }
    const json = await fetched(api, files.at(-1));
    const { plan, state, records } = JSON.parse(json) as {
      plan: { id: string };
      state: { status: string };
      records: AuditRecord[];
    };
    expect([plan.id, state.status]).toEqual([ID, "completed"]);
    expect(verifyChain(ID, records).ok).toBe(true);
    expect(records.map(({ event }) => event.type)).toContain("ReleaseCompleted");
    const documents = await api.ask("GET", `/v1/releases/${ID}/documents`, { as: "qa" });
    expect(documents.text).toContain(`releases/${ID}/archive/runbook.md`);
    const view = await api.ask("GET", `/v1/releases/${ID}`, { as: "qa" });
    expect(view.json.archive).toMatchObject({ files: expect.any(Array), archivedAt: expect.any(String) });
  });

  it("names nobody in what cannot be erased", async () => {
    const api = await virtualApi();
    await abort(api);
    await api.simulation.control.clock.advance(60_000);
    const id = personId("demo", "release-manager");
    const { json } = await api.ask("GET", `/v1/releases/${ID}/records`, { as: "qa" });
    const name = (json.names as Record<string, string>)[id];
    const log = (text: string) => text.split("\n").find((row) => row.includes("ReleaseAborted"));
    const shown = await api.ask("GET", `/v1/releases/${ID}/documents`, { as: "qa" });
    const documents = shown.json.documents as { text: string }[];
    expect(log(documents.map(({ text }) => text).join("\n"))).toContain(`| ${name} |`);
    const file = (await filesOf(api))?.find((one) => one.name === "release-plan.md");
    expect(log(await fetched(api, file))).toContain(`| ${id} |`);
  });

  it("cannot be taken out of the archive, nor written over", async () => {
    const api = await virtualApi();
    await abort(api);
    await api.simulation.control.clock.advance(60_000);
    const [file] = (await filesOf(api)) ?? [];
    const { control } = api.simulation;
    const { kernel } = control.engine;
    const Bucket = "evidence";
    const Key = file?.key ?? "";
    const common = { Bucket, Key, Body: new Uint8Array(), metadata: {} };
    const head = (await kernel.call("s3", "HeadObject", { ...common, members: {} })) as {
      version: { id: string };
    };
    await expect(
      kernel.call("s3", "DeleteObject", { ...common, members: { VersionId: head.version.id } }),
    ).rejects.toThrow("object protected by object lock");
    const body = new TextEncoder().encode("forged");
    const kept = await control.during(() =>
      control.runtime.objects.put({ key: Key, body, contentType: "text/plain", ifPresent: "keep" }),
    );
    expect(kept.digest).toBe(file?.digest);
  });

  it("is archived when its bucket is there again, and what was begun is gone on with", async () => {
    const api = await virtualApi();
    const { clock, engine } = api.simulation.control;
    let puts = 0;
    engine.kernel.fault = async ({ service, operation }, proceed) => {
      if (service !== "s3") return await proceed();
      puts += operation === "PutObject" ? 1 : 0;
      // The first file gets through; then the bucket is away.
      if (puts <= 1) return await proceed();
      return { status: 503, headers: {}, body: new Uint8Array() };
    };
    await abort(api);
    await clock.advance(30 * 60_000);
    expect(await filesOf(api)).toBeUndefined();
    expect(puts).toBeGreaterThan(3);
    engine.kernel.fault = undefined;
    await clock.advance(60 * 60_000);
    expect(await filesOf(api)).toHaveLength(3);
    expect(await archivedIn(api)).toHaveLength(1);
    const { items } = await api.simulation.control.during(() =>
      api.simulation.control.runtime.objects.list(`releases/${ID}/archive/`, { limit: 10 }),
    );
    expect(items).toHaveLength(3);
  });
});

async function fetched(api: VirtualApi, file: EvidenceFile | undefined): Promise<string> {
  const { json } = await api.ask("GET", `/v1/releases/${ID}/evidence/${file?.digest}`, { as: "qa" });
  return (await api.follow(json.download as SignedRequest)).text;
}
