import { GitHubShelf } from "@gonogo/adapters/github/archive";
import { type FakeRepository, fakeRepository, gitHub } from "@gonogo/adapters/github/repository.testing";
import { personId } from "@gonogo/core/actor/schema";
import type { ArchiveView } from "@gonogo/core/archive/view";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { SignedRequest } from "@gonogo/core/evidence/port";
import type { EvidenceFile } from "@gonogo/core/evidence/schema";
import type { IntegrationView } from "@gonogo/core/integration/view";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import { planDigest } from "@gonogo/core/plan/digest";
import type { Plan } from "@gonogo/core/plan/schema";
import { describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
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

describe("a copy of the archive", () => {
  const NOW_AND_THEN = 60 * 60_000;

  /** A deployment that is set up for a repository, which is a fake behind the real adapter. */
  async function opened(repository: FakeRepository) {
    const api = await virtualApi();
    const { runtime } = api.simulation.control;
    const answers = gitHub(repository);
    const send = async (input: string | URL | Request, init?: RequestInit) => {
      const response = await answers(new Request(input, init));
      if (response === undefined) throw new TypeError("fetch failed");
      return response;
    };
    const { name: repo, token } = repository;
    const shelf = new GitHubShelf({ fetch: send as typeof fetch, now: api.now, repo, token });
    (runtime as { shelves: typeof runtime.shelves }).shelves = {
      places: ["github"],
      on: (place) => (place === "github" ? shelf : undefined),
    };
    return api;
  }
  const copyOf = async (api: VirtualApi) => {
    const { json } = await api.ask("GET", `/v1/releases/${ID}`, { as: "qa" });
    return (json.archive as ArchiveView | undefined)?.copies[0];
  };

  it("goes into a repository, byte for byte, once the bucket has it; what was not answered is not done twice", async () => {
    const repository = fakeRepository({ next: ["unanswered", "limited"] });
    const api = await opened(repository);
    await abort(api);
    await api.simulation.control.clock.advance(60_000);
    expect(await filesOf(api)).toHaveLength(3);
    expect(await copyOf(api)).toMatchObject({ status: "due", why: expect.stringContaining("GitHub") });
    await api.simulation.control.clock.advance(NOW_AND_THEN);
    const copy = await copyOf(api);
    expect(copy).toMatchObject({ status: "copied", links: { length: 3 } });
    expect(repository.commits).toHaveLength(3);
    for (const { name, digest } of (await filesOf(api)) ?? []) {
      expect(digestOfBytes(repository.files.get(`releases/${ID}/${name}`) ?? new Uint8Array())).toBe(digest);
    }
    const types = (await api.simulation.records()).map(({ event }) => event.type);
    expect(types.filter((type) => type === "ArchiveCopied")).toHaveLength(1);
    expect(types.indexOf("ReleaseArchived")).toBeLessThan(types.indexOf("ArchiveCopied"));
    const documents = await api.ask("GET", `/v1/releases/${ID}/documents`, { as: "qa" });
    expect(documents.text).toContain(`GitHub: copied 2026-05-05 09:15:00 UTC`);
    expect(documents.text).toContain(copy?.links[0]?.url.replace("https:", ""));
    // It is quiet afterwards: nothing is due any more.
    const { seq } = await api.simulation.load();
    await api.simulation.control.clock.advance(24 * NOW_AND_THEN);
    expect((await api.simulation.load()).seq).toBe(seq);
  });

  it("that may not be made is told of, and made once the rights are mended and somebody asks", async () => {
    const repository = fakeRepository({ push: false });
    const api = await opened(repository);
    const test = (n: number) =>
      api.ask("POST", "/v1/integrations/archive:github/test", { as: "qa", key: `look-${n}`, body: {} });
    await abort(api);
    expect((await test(1)).status).toBe(202);
    await api.simulation.control.clock.advance(300_000);
    expect(await copyOf(api)).toMatchObject({
      status: "given-up",
      why: expect.stringMatching(/may not do this/),
    });
    const { messages } = (await api.simulation.load()).state;
    expect(
      Object.values(messages).map(({ text, status }) => [text.includes("is given up"), status]),
    ).toContainEqual([true, "sent"]);
    const tested = async () => {
      const { json } = await api.ask("GET", "/v1/integrations", { as: "qa" });
      return (json.items as IntegrationView[]).find(({ name }) => name === "archive:github")?.test;
    };
    expect(await tested()).toMatchObject({
      status: "failed",
      says: expect.stringMatching(/may not write to it/),
    });
    repository.push = true;
    await test(2);
    const asked = await api.ask("POST", `/v1/releases/${ID}/commands`, {
      as: "release-manager",
      key: "again",
      body: { command: { type: "CopyArchive", place: "github" } },
    });
    expect(asked.status).toBe(200);
    await api.simulation.control.clock.advance(60_000);
    expect((await copyOf(api))?.status).toBe("copied");
    expect(await tested()).toMatchObject({
      status: "passed",
      says: expect.stringMatching(/^Nothing was written: .*may write/),
    });
  });
});

describe("the archive of a release whose plan was revised", () => {
  it("holds every plan whole, with its digest and what each revision changed", async () => {
    const api = await virtualApi();
    const first = (await api.simulation.load()).plan;
    const revised = await api.ask("POST", `/v1/releases/${ID}/revisions`, {
      as: "release-manager",
      key: "revise",
      body: {
        text: smallPlan({ start: "2026-05-05T11:00:00Z" }),
        from: planDigest(first),
        reason: "the window has moved",
      },
    });
    expect(revised.status).toBe(201);
    const second = (await api.simulation.load()).plan;
    await abort(api);
    await api.simulation.control.clock.advance(60_000);
    const files = (await filesOf(api)) ?? [];
    const { revisions, digest } = JSON.parse(await fetched(api, files.at(-1))) as {
      digest: string;
      revisions: { revision: number; digest: string; plan: Plan }[];
    };
    expect(revisions.map((one) => [one.revision, one.digest])).toEqual([
      [1, planDigest(first)],
      [2, planDigest(second)],
    ]);
    expect(digest).toBe(planDigest(second));
    for (const one of revisions) expect(planDigest(one.plan)).toBe(one.digest);
    expect(revisions[0]?.plan.start).not.toBe(revisions[1]?.plan.start);
    const text = await fetched(
      api,
      files.find(({ name }) => name === "release-plan.md"),
    );
    expect(text).toContain(`Revision 1 is the plan that was submitted, ${planDigest(first)}`);
    expect(text.split("\n").find((row) => row.includes(`2, ${planDigest(second)}`))).toMatch(
      /start: 2026-05-05T10:00:00.000Z becomes 2026-05-05T11:00:00.000Z/,
    );
  });
});

async function fetched(api: VirtualApi, file: EvidenceFile | undefined): Promise<string> {
  const { json } = await api.ask("GET", `/v1/releases/${ID}/evidence/${file?.digest}`, { as: "qa" });
  return (await api.follow(json.download as SignedRequest)).text;
}
