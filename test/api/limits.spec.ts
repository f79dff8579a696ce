import { newApiToken } from "@gonogo/adapters/identity/api-token";
import type { SignInAnswer } from "@gonogo/adapters/identity/sign-in";
import { Gonogo } from "@gonogo/client/index";
import { days } from "@gonogo/core/kit/duration";
import { type Instant, plus } from "@gonogo/core/kit/instant";
import { GUESSES_BY_ONE_WAY, windowAt } from "@gonogo/core/refusal/limit";
import { dayOf, MOST_KINDS, type RefusalEntry } from "@gonogo/core/refusal/schema";
import { StoreUnavailable } from "@gonogo/core/release/ports";
import { HookSecrets, hooksFromSecrets } from "@gonogo/functions/api/hooks-from-secrets";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newStart } from "../support/oidc.ts";
import { type Answered, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const HERE = "203.0.113.7";
const THERE = "198.51.100.4";
const secrets = HookSecrets.parse({
  alertmanager: { passwords: ["prometheus:a password that people chose"] },
});

let api: VirtualApi;
let key: string;
let exchanged: SignInAnswer[];
beforeEach(async () => {
  exchanged = [];
  api = await virtualApi({
    hooks: hooksFromSecrets(secrets, { get: async () => undefined }),
    signIn: {
      ways: async () => [],
      exchange: async (answer) => {
        exchanged.push(answer);
        return { ok: false, status: 401, code: "sign-in.refused", message: "no" };
      },
    },
  });
  const client = new Gonogo({
    base: "http://127.0.0.1",
    headers: () => ({ authorization: "Demo governance", host: "127.0.0.1" }),
    fetch: async (input, init) => {
      const { status, text, headers } = await api.raw(new Request(input as string, init));
      return new Response(text, { status, headers });
    },
  });
  const expiresAt = plus(api.now(), days(30));
  const made = await client.createKey({ name: "ci", scopes: ["release:read"], expiresAt, reason: "a test" });
  key = made.token;
});
afterEach(() => {
  vi.restoreAllMocks();
});

const guard = () => api.simulation.control.runtime.guard;
const read = (token: string, from: string, more: Record<string, string> = {}) =>
  api.ask("GET", "/v1/releases", { from, headers: { authorization: `Bearer ${token}`, ...more } });
const guess = (from: string, more = {}) => read(newApiToken().token, from, more);
const statuses = (answers: readonly Answered[]) => answers.map(({ status }) => status);

async function times<T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let n = 0; n < count; n++) done.push(await work(n));
  return done;
}

async function refusals(): Promise<readonly RefusalEntry[]> {
  const { json } = await api.ask("GET", "/v1/refusals", { as: "qa" });
  return json.items as RefusalEntry[];
}

const password = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
const alarm = (from: string, text: string) =>
  api.ask("POST", "/hooks/alertmanager", { from, headers: password(text), body: { alerts: [] } });

describe("who guesses keys", () => {
  it("is kept out after twenty, even with the right one, until the window ends; nobody else is", async () => {
    expect(statuses(await times(20, () => guess(HERE)))).toEqual(Array(20).fill(401));
    const refused = await guess(HERE);
    expect(refused).toMatchObject({ status: 429, json: { code: "limit.guesses" } });
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(300);
    expect((await read(key, HERE)).status).toBe(429);
    expect((await read(key, THERE)).status).toBe(200);
    // Who is known by something that cannot be guessed is not kept out by others of the same house.
    expect((await api.ask("GET", "/v1/releases", { as: "qa", from: HERE })).status).toBe(200);
    await api.simulation.control.clock.advance(seconds * 1_000);
    expect((await read(key, HERE)).status).toBe(200);
  });

  it("may be many at one edge: each is counted alone, and what they forge is counted together", async () => {
    const edge = "130.176.1.1";
    const behind = (who: string) => ({ "x-forwarded-for": `9.9.9.9, ${who}, ${edge}` });
    await times(21, () => guess(edge, behind(HERE)));
    expect((await read(key, edge, behind(HERE))).status).toBe(429);
    expect((await read(key, edge, behind(THERE))).status).toBe(200);
    // A thousand in all, each from somewhere else if one believed it; most of them have been.
    const window = windowAt(api.now(), GUESSES_BY_ONE_WAY);
    await times(985, () => guard().countFailure(`token ${HERE}`, window));
    const forged = await times(20, (n) => guess(HERE, { "x-forwarded-for": `10.0.${n}.1` }));
    expect(statuses(forged)).toEqual([...Array(15).fill(401), ...Array(5).fill(429)]);
    const headers = { "x-forwarded-for": "10.99.99.99" };
    expect((await read(key, HERE, headers)).status).toBe(429);
    expect((await read(key, THERE, headers)).status).toBe(200);
    expect((await read(key, edge, behind(THERE))).status).toBe(200);
  }, 60_000);

  it("costs those who do not nothing: no write, and hardly a read", async () => {
    const [counted, looked] = [vi.spyOn(guard(), "countFailure"), vi.spyOn(guard(), "failures")];
    await times(50, () => read(key, HERE));
    expect(counted).not.toHaveBeenCalled();
    expect(looked.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it("writes no more when it is a flood", async () => {
    const [counted, noted] = [vi.spyOn(guard(), "countFailure"), vi.spyOn(guard(), "noteRefusal")];
    const answers = await times(500, () => guess(HERE));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
    expect(counted.mock.calls.length).toBeLessThanOrEqual(42);
    expect(noted.mock.calls.length).toBeLessThanOrEqual(21);
  });

  it("is not who has none, nor one that is over, nor who asks for what they may not", async () => {
    const keys = (await api.ask("GET", "/v1/keys", { as: "governance" })).json.items as { id: string }[];
    await times(30, () => api.ask("GET", "/v1/releases", { from: HERE }));
    await times(30, () =>
      api.ask("GET", "/v1/audit", { from: HERE, headers: { authorization: `Bearer ${key}` } }),
    );
    expect((await read(key, HERE)).status).toBe(200);
    const reason = { reason: "leaked" };
    await api.ask("DELETE", `/v1/keys/${keys[0]?.id}`, { as: "governance", key: "r", body: reason });
    expect(new Set(statuses(await times(30, () => read(key, HERE))))).toEqual(new Set([401]));
  });

  it("is let try where nothing can be counted: that the store is away keeps nobody out", async () => {
    const away = () => Promise.reject(new StoreUnavailable(undefined));
    for (const name of ["failures", "countFailure", "noteRefusal"] as const)
      vi.spyOn(guard(), name).mockImplementation(away);
    expect(new Set(statuses(await times(30, () => guess(HERE))))).toEqual(new Set([401]));
    expect((await read(key, HERE)).status).toBe(200);
  });
});

describe("who guesses codes of signing in", () => {
  it("is kept out after twenty, and the provider is not asked any more", async () => {
    const body = () => {
      const { verifier, state, nonce } = newStart();
      const response = `?code=guessed&state=${state}`;
      return {
        issuer: "https://id.example",
        redirectUri: "http://127.0.0.1/",
        response,
        verifier,
        state,
        nonce,
      };
    };
    const answers = await times(30, () => api.ask("POST", "/v1/sign-in", { from: HERE, body: body() }));
    expect(statuses(answers)).toEqual([...Array(20).fill(401), ...Array(10).fill(429)]);
    expect(exchanged).toHaveLength(20);
    expect((await api.ask("POST", "/v1/sign-in", { from: THERE, body: body() })).status).toBe(401);
    // The one has nothing to do with the other.
    expect((await read(key, HERE)).status).toBe(200);
  });
});

describe("who guesses what alarms prove themselves with", () => {
  it("is told so after twenty, and keeps no real alarm out, not even one from the same address", async () => {
    const answers = await times(25, (n) => alarm(HERE, `prometheus:${n}`));
    expect(statuses(answers)).toEqual([...Array(20).fill(401), ...Array(5).fill(429)]);
    expect((await alarm(HERE, "prometheus:a password that people chose")).status).toBe(202);
    expect((await alarm(THERE, "prometheus:a password that people chose")).status).toBe(202);
  });
});

describe("a tool's key for alarms", () => {
  it("reports them where it has the scope, and nowhere else", async () => {
    const at = api.now();
    const signal = { name: "queue-backlog", state: "alarm", at };
    const send = (token: string) =>
      api.ask("POST", "/hooks/generic", {
        from: HERE,
        headers: { authorization: `Bearer ${token}` },
        body: signal,
      });
    expect(await send(key)).toMatchObject({ status: 403, json: { code: "identity.scope" } });
    expect((await send(newApiToken().token)).status).toBe(401);
    const { token } = await createFor(["signal:write"]);
    expect(await send(token)).toMatchObject({ status: 202, json: { signals: 1 } });
    expect((await read(token, HERE)).status).toBe(403);
    const other = await api.ask("POST", "/hooks/sentry", {
      headers: { authorization: `Bearer ${token}` },
      body: {},
    });
    expect(other.status).toBe(404);
  });

  async function createFor(scopes: readonly ["signal:write"]) {
    const { token, sha256 } = newApiToken();
    const expiresAt = plus(api.now(), days(3));
    const body = { name: "alarms", digest: `sha256:${sha256}`, scopes, expiresAt, reason: "a test" };
    expect((await api.ask("POST", "/v1/keys", { as: "governance", key: "alarms", body })).status).toBe(201);
    return { token };
  }
});

describe("what was refused", () => {
  it("is kept with who, what, where and how often, and without what was brought along", async () => {
    const tokens = await times(3, async () => newApiToken().token);
    for (const token of tokens) await read(token, HERE);
    await times(2, () =>
      api.ask("GET", "/v1/audit", { from: HERE, headers: { authorization: `Bearer ${key}` } }),
    );
    await alarm(THERE, "prometheus:hunter2");
    await api.ask("GET", "/v1/nowhere/hunter2", { from: THERE });
    const found = await refusals();
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          status: 401,
          code: "identity.unknown",
          route: "GET /v1/releases",
          network: "203.0.113.0/24",
          count: 3,
        }),
        expect.objectContaining({
          status: 403,
          code: "identity.scope",
          route: "GET /v1/audit",
          who: "ci",
          count: 2,
        }),
        expect.objectContaining({
          code: "hook.unverified",
          route: "POST /hooks/:system",
          network: "198.51.100.0/24",
          count: 1,
        }),
        expect.objectContaining({ code: "identity.unknown", route: "GET elsewhere", count: 1 }),
      ]),
    );
    const text = JSON.stringify(found);
    for (const secret of [...tokens, key, "hunter2", HERE, THERE]) expect(text).not.toContain(secret);
  });

  it("of a command is in the log, and not twice", async () => {
    const body = { command: { type: "Skip", step: "phase-1" }, reason: "to see" };
    const answer = await api.ask("POST", "/v1/releases/REL-SMALL/commands", { as: "qa", key: "no", body });
    expect(answer.status).toBe(403);
    expect((await refusals()).filter(({ route }) => route.includes("commands"))).toEqual([]);
  });

  it("fills no table, whoever floods it from wherever, and hides nobody who is known", async () => {
    const at = api.now();
    const from = (n: number) =>
      ({ status: 401, code: "identity.unknown", route: "GET /v1/me", network: `10.0.${n}.0/24` }) as const;
    await times(MOST_KINDS + 200, (n) => guard().noteRefusal(from(n), at));
    await guard().noteRefusal({ ...from(0), who: "psn_insider", status: 403, code: "identity.scope" }, at);
    const found = await guard().refusals(dayOf(at));
    expect(found).toHaveLength(MOST_KINDS + 2);
    expect(found.find(({ network }) => network === "many")).toMatchObject({ count: 200, route: "any" });
    expect(found.find(({ who }) => who === "psn_insider")).toMatchObject({ count: 1 });
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(MOST_KINDS + 201);
    await guard().noteRefusal(from(3), plus(at, days(0)));
    expect(
      (await guard().refusals(dayOf(at))).find(({ network }) => network === "10.0.3.0/24"),
    ).toMatchObject({ count: 2 });
    expect(await guard().refusals(dayOf(plus(at, days(1))))).toEqual([]);
  }, 60_000);

  it("is asked for by the day", async () => {
    await guess(HERE);
    const today = dayOf(api.now());
    expect((await api.ask("GET", `/v1/refusals?day=${today}`, { as: "qa" })).json).toMatchObject({
      day: today,
    });
    expect((await api.ask("GET", "/v1/refusals?day=2020-01-01", { as: "qa" })).json).toMatchObject({
      items: [],
    });
    expect((await api.ask("GET", "/v1/refusals?day=yesterday", { as: "qa" })).status).toBe(422);
    const later: Instant = api.now();
    expect(later.startsWith(today)).toBe(true);
  });
});
