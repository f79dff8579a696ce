import { Gonogo } from "@gonogo/client/index";
import type { KeyScope } from "@gonogo/core/key/schema";
import { SCOPES } from "@gonogo/core/key/scopes";
import { days } from "@gonogo/core/kit/duration";
import { plus } from "@gonogo/core/kit/instant";
import { SCOPE_OF } from "@gonogo/functions/api/scopes";
import { beforeAll, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ALL = Object.keys(SCOPES) as KeyScope[];
const ID = "REL-SMALL";

let api: VirtualApi;
let operations: { method: string; path: string; scope: string }[];
beforeAll(async () => {
  api = await virtualApi();
  const { paths } = (await api.ask("GET", "/openapi.json")).json as {
    paths: Record<string, Record<string, { "x-gonogo-scope": string }>>;
  };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method,
      path,
      scope: operation["x-gonogo-scope"],
    })),
  );
});

/** The typed client, as somebody of the sample. */
const as = (who: string) =>
  new Gonogo({
    base: "http://127.0.0.1",
    headers: () => ({ authorization: `Demo ${who}` }),
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set("host", "127.0.0.1");
      const {
        status,
        text,
        headers: answered,
      } = await api.raw(new Request(input as string, { ...init, headers }));
      return new Response(text, { status, headers: answered });
    },
  });

const create = (scopes: readonly KeyScope[], more: { roles?: string[]; name?: string; days?: number } = {}) =>
  as("governance").createKey({
    name: more.name ?? "ci",
    scopes,
    roles: more.roles ?? [],
    expiresAt: plus(api.now(), days(more.days ?? 30)),
    reason: "a test",
  });
const withKey = (token: string) => ({ authorization: `Bearer ${token}` });
const log = async () => (await api.simulation.control.runtime.store.deploymentRecords(1, 500)).toReversed();

describe("each route", () => {
  it("says which scope it needs, and none is forgotten or there for nothing", () => {
    expect(operations.length).toBeGreaterThan(50);
    expect(operations.filter(({ scope }) => scope === "none")).toEqual([]);
    const there = operations.map(({ method, path }) => `${method} ${path}`).toSorted();
    expect(Object.keys(SCOPE_OF).toSorted()).toEqual(there);
  });

  it("is closed to a key of every other scope, and not to one of its own", async () => {
    const wrong: string[] = [];
    const keys = new Map<KeyScope, string>();
    for (const scope of ALL)
      keys.set(scope, (await create([scope], { name: `only-${scope.replace(":", "-")}` })).token);
    for (const { method, path, scope } of operations.filter((one) => !one.path.startsWith("/hooks"))) {
      const address = path.replaceAll("{id}", "X").replaceAll(/\{\w+\}/g, "freezes");
      for (const [held, token] of keys) {
        const body = method === "get" ? {} : { body: {}, key: crypto.randomUUID() };
        const { status, json } = await api.ask(method.toUpperCase(), address, {
          headers: withKey(token),
          ...body,
        });
        const isClosed = status === 403 && json.code === "identity.scope";
        const isOpen = scope === "any" || scope === "nobody is asked" || scope === held;
        if (isClosed === isOpen)
          wrong.push(`${method} ${path} (${scope}) with ${held}: ${status} ${json.code}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("that is none is not there for a key either, and one that no list has is closed", async () => {
    const { token } = await create(ALL, { name: "all" });
    expect((await api.ask("GET", "/v1/nowhere", { headers: withKey(token) })).status).toBe(404);
    expect((await api.ask("GET", "/v1/me", { headers: withKey(token) })).json).toMatchObject({
      id: "all",
      scopes: ALL.toSorted(),
    });
    expect((await api.ask("GET", "/v1/me", { as: "qa" })).json).not.toHaveProperty("scopes");
  });
});

describe("a key", () => {
  it("submits a release with the roles it was given, and stands in the log by its name", async () => {
    const { token } = await create(["release:write"], {
      roles: ["Release pipeline"],
      name: "orders-pipeline",
    });
    const body = { text: smallPlan({ id: "REL-BY-KEY" }) };
    const sent = { headers: withKey(token), key: "by-key", body };
    expect((await api.ask("POST", "/v1/releases", sent)).status).toBe(201);
    const { items } = (await api.ask("GET", "/v1/releases/REL-BY-KEY/records", { as: "qa" })).json as {
      items: { actor: unknown }[];
    };
    expect(items[0]?.actor).toEqual({ kind: "tool", id: "orders-pipeline", roles: ["Release pipeline"] });
    const approve = { command: { type: "Approve", role: "Release Manager", plan: "sha256:0" } };
    const approved = await api.ask("POST", `/v1/releases/${ID}/commands`, {
      ...sent,
      key: "approve",
      body: approve,
    });
    expect(approved.status).toBe(403);
  });

  it("is on record when it is made and withdrawn, without itself, and is shown without its digest", async () => {
    const { token, id } = await create(["release:read"], { name: "short-lived" });
    const [made] = await log();
    expect(made).toMatchObject({
      event: { type: "KeyCreated", key: id, name: "short-lived" },
      reason: "a test",
    });
    expect((await api.ask("GET", "/v1/releases", { headers: withKey(token) })).status).toBe(200);
    const shown = (await as("governance").keys()).find((one) => one.id === id);
    expect(shown).toMatchObject({ state: "good", lastUsed: expect.any(String), byName: "Rosa Lindgren" });
    expect(shown).not.toHaveProperty("digest");
    expect(await as("governance").revokeKey(id, "it was in a log")).toMatchObject({ changed: true });
    expect(await as("governance").revokeKey(id, "it was in a log")).toMatchObject({ changed: false });
    expect((await log())[0]).toMatchObject({
      event: { type: "KeyRevoked", key: id },
      reason: "it was in a log",
    });
    const refused = await api.ask("GET", "/v1/releases", { headers: withKey(token) });
    expect(refused).toMatchObject({
      status: 401,
      json: { detail: expect.stringContaining("was withdrawn") },
    });
    expect(JSON.stringify(await log())).not.toContain(token);
  });

  it("opens nothing when its time is over", async () => {
    const { token } = await create(["release:read"], { name: "a-day", days: 1 });
    expect((await api.ask("GET", "/v1/board", { headers: withKey(token) })).status).toBe(200);
    await api.simulation.control.clock.advance(86_400_000);
    const late = await api.ask("GET", "/v1/board", { headers: withKey(token) });
    expect(late).toMatchObject({ status: 401, json: { detail: expect.stringContaining("expired") } });
  });

  it("is made once for one idempotency key, whoever has lost the answer", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const expiresAt = plus(api.now(), days(3));
    const body = { name: "once", digest, scopes: ["release:read"], expiresAt, reason: "a test" };
    const answers = [1, 2].map(() => api.ask("POST", "/v1/keys", { as: "governance", key: "once", body }));
    const [first, second] = await Promise.all(answers);
    expect([first?.status, second?.status]).toEqual([201, 201]);
    expect(first?.json).toEqual(second?.json);
    expect((await as("governance").keys()).filter(({ name }) => name === "once")).toHaveLength(1);
  });

  it.each([
    ["qa", "key.not-your-role"],
    ["pipeline", "key.not-your-role"],
  ])("is not for %s to make, which is on record", async (who, code) => {
    const digest = `sha256:${"cd".repeat(32)}`;
    const body = {
      name: "mine",
      digest,
      scopes: ["admin"],
      expiresAt: plus(api.now(), days(3)),
      reason: "a test",
    };
    const answer = await api.ask("POST", "/v1/keys", { as: who, key: `by-${who}`, body });
    expect(answer).toMatchObject({ status: 403, json: { code } });
    expect((await log())[0]).toMatchObject({ event: { type: "CommandRefused", command: "CreateKey", code } });
  });

  it("with the scope admin makes no other key", async () => {
    const { token } = await create(["admin"], { roles: ["Governance"], name: "admin" });
    const digest = `sha256:${"ef".repeat(32)}`;
    const body = {
      name: "mine",
      digest,
      scopes: ["admin"],
      expiresAt: plus(api.now(), days(3)),
      reason: "more",
    };
    const answer = await api.ask("POST", "/v1/keys", { headers: withKey(token), key: "more", body });
    expect(answer).toMatchObject({ status: 403, json: { code: "key.not-your-role" } });
  });
});
