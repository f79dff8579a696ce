import type { DeploymentRecord } from "@gonogo/core/deployment/events";
import type { IntegrationView } from "@gonogo/core/integration/view";
import { HookSecrets, hooksFromSecrets } from "@gonogo/functions/api/hooks-from-secrets";
import { testRequestsFrom } from "@gonogo/functions/api/test-requests";
import { receive } from "@gonogo/functions/events/signal";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { afterEach, describe, expect, it } from "vitest";
import { readSmallPlan, untilWatching, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const SIGNED = HookSecrets.parse({
  sentry: { clientSecrets: ["sentry-new", "sentry-old"] },
  grafana: { hmac: ["grafana-secret"], timestampHeader: "x-time" },
  alertmanager: { passwords: ["prometheus:password"] },
  generic: { hmac: ["generic-secret"] },
  sns: { topics: ["arn:aws:sns:us-east-1:123456789012:alarms"] },
});
const BY_TOKEN = HookSecrets.parse({
  grafana: { tokens: ["grafana-token"] },
  alertmanager: { tokens: ["prometheus-token"] },
  generic: { tokens: ["generic-token"] },
});
/** What EventBridge says, and what is then never delivered. */
const LOST = JSON.stringify({ FailedEntryCount: 0, Entries: [{ EventId: "lost" }] });
const UNUSED = { certificate: () => Promise.reject(new Error("unused")) } as never;

let api: VirtualApi;
let keys = 0;
afterEach(() => api?.simulation.stop());

const open = async (secrets = SIGNED) => {
  api = await virtualApi({
    hooks: hooksFromSecrets(secrets, UNUSED),
    testRequests: testRequestsFrom(secrets),
  });
};
const begin = (name: string, { as = "qa", key = `k${keys++}` } = {}) =>
  api.ask("POST", `/v1/integrations/${encodeURIComponent(name)}/test`, { as, key, body: {} });
const listed = async () => {
  const { json } = await api.ask("GET", "/v1/integrations", { as: "qa" });
  return json.items as IntegrationView[];
};
const one = async (name: string) => (await listed()).find((item) => item.name === name);
const pass = (seconds: number) => api.simulation.control.clock.advance(seconds * 1000);
const records = async () =>
  (await api.ask("GET", "/v1/deployment/records", { as: "qa" })).json.items as DeploymentRecord[];

describe("a test of an integration", () => {
  it.each([
    ["cloudwatch", SIGNED],
    ["sentry", SIGNED],
    ["grafana", SIGNED],
    ["alertmanager", SIGNED],
    ["generic", SIGNED],
    ["grafana", BY_TOKEN],
    ["alertmanager", BY_TOKEN],
    ["generic", BY_TOKEN],
  ])(
    "comes in by %s as an alarm does, each station with its time, and reaches no release",
    async (name, secrets) => {
      await open(secrets);
      await untilWatching(api);
      const before = (await api.simulation.load()).seq;
      expect(await begin(name)).toMatchObject({ status: 202, json: { integration: name, test: "test-1" } });
      await pass(10);
      const found = await one(name);
      expect(found?.test).toMatchObject({ test: "test-1", status: "passed" });
      expect(found?.test?.hops.map(({ hop }) => hop)).toEqual(["accepted", "routed", "handled"]);
      expect(found?.lastSeen).toBeDefined();
      expect((await records()).map(({ event }) => event.type)).toEqual([
        "IntegrationTestAsked",
        "IntegrationTestEnded",
      ]);
      const { seq, state } = await api.simulation.load();
      const since = (await api.simulation.records()).slice(before).map(({ event }) => event.type);
      expect([since.filter((type) => /Signal|Trigger|Rollback|Alarm/.test(type)), state.status]).toEqual([
        [],
        "running",
      ]);
      expect(seq).toBeGreaterThanOrEqual(before);
      const checked = await api.ask("GET", "/v1/deployment/verification", { as: "qa" });
      expect(checked.json).toMatchObject({ ok: true });
    },
  );

  it("goes out to a channel marked as a test, and says by what it was sent", async () => {
    await open();
    const { runtime } = api.simulation.control;
    const sent: string[] = [];
    (runtime as { channel: typeof runtime.channel }).channel = {
      send: async ({ channel, text, audience }) => {
        sent.push(`${channel} (${audience}): ${text}`);
        return { via: `simulated ${channel}` };
      },
    };
    expect((await begin("channel:Status page")).status).toBe(202);
    await pass(10);
    expect(sent).toEqual([expect.stringMatching(/^Status page \(test\): \[TEST\] .*number test-1/)]);
    const found = await one("channel:Status page");
    expect(found?.test).toMatchObject({ status: "passed", detail: "simulated Status page" });
    expect(found?.test?.hops.map(({ hop }) => hop)).toEqual(["routed", "sent"]);
  });

  it("fails aloud where a channel refuses it", async () => {
    await open();
    const { runtime } = api.simulation.control;
    (runtime as { channel: typeof runtime.channel }).channel = {
      send: async () => {
        throw new Error("no route is set");
      },
    };
    await begin("channel:Nowhere");
    await pass(10);
    expect((await one("channel:Nowhere"))?.test).toMatchObject({
      status: "failed",
      says: "It failed: no route is set.",
    });
  });

  it("is done once however often it is asked, and one at a time", async () => {
    await open();
    const { kernel } = api.simulation.control.engine;
    let isLost = true;
    kernel.fault = async (call, proceed) =>
      isLost && call.operation === "PutEvents"
        ? { status: 200, headers: {}, body: new TextEncoder().encode(LOST) }
        : await proceed();
    expect((await begin("cloudwatch", { key: "same" })).json).toMatchObject({ test: "test-1" });
    expect((await begin("cloudwatch", { key: "same" })).json).toMatchObject({ test: "test-1" });
    expect(await begin("cloudwatch")).toMatchObject({ status: 409, json: { code: "integration.under-way" } });
    await pass(181);
    expect((await one("cloudwatch"))?.test).toMatchObject({ status: "lost" });
    isLost = false;
    expect((await begin("cloudwatch")).json).toMatchObject({ test: "test-2" });
    await pass(10);
    expect((await one("cloudwatch"))?.test).toMatchObject({ test: "test-2", status: "passed" });
  });

  it.each([
    ["cloudwatch-sns", "qa", 422, "integration.not-testable"],
    ["carrier-pigeon", "qa", 404, "integration.unknown"],
    ["channel:", "qa", 404, "integration.unknown"],
    ["cloudwatch", "nobody", 401, "identity"],
  ])("of %s by %s is refused", async (name, as, status, code) => {
    await open();
    const answer = await begin(name, { as });
    expect([answer.status, String(answer.json.code).startsWith(code)]).toEqual([status, true]);
  });

  it("is not offered of what is not set up", async () => {
    await open(BY_TOKEN);
    expect(await one("sentry")).toMatchObject({ testable: false, why: expect.stringMatching(/^not set up/) });
    expect((await begin("sentry")).json).toMatchObject({ code: "integration.not-testable" });
    expect((await one("channel:default"))?.testable).toBe(true);
  });
});

it("a signal by the name of test alarms reaches no release, not even one that binds it", async () => {
  const plan = readSmallPlan();
  const [trigger] = plan.triggers;
  if (trigger === undefined) throw new Error("the plan has no trigger");
  const name = "gonogo-production-integration-test";
  const bound = { ...plan, triggers: [{ ...trigger, signals: [{ from: "cloudwatch" as const, name }] }] };
  const simulation = await Simulation.begin(bound);
  const { runtime, clock } = simulation.control;
  await simulation.runUntil(
    ({ state }) => state.steps["phase-1"]?.status === "watching",
    "2026-05-05T11:00:00.000Z" as typeof simulation.now,
  );
  const before = await simulation.load();
  for (const says of ["", "This is a test of gonogo's integrations, number test-1", "on fire"]) {
    const signal = { source: "cloudwatch" as const, name, state: "alarm" as const, at: simulation.now, says };
    const told = await simulation.control.during(() => receive(runtime, signal));
    expect(told).toEqual({ releases: [] });
  }
  await clock.advance(1_000);
  const after = await simulation.load();
  expect([after.state.status, after.state.rollback, after.state.signals]).toEqual([
    before.state.status,
    undefined,
    {},
  ]);
  simulation.stop();
});
