import { FUNCTIONS, type FunctionName } from "@gonogo/functions/deployment";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isDynamoDb, isUpdateAlias } from "./front.ts";
import { openProvider } from "./provider.ts";
import { EntryWorld, MESSAGES_URL } from "./world.ts";

const outside = vi.hoisted(() => ({ fetch: undefined as typeof fetch | undefined }));

// The addresses of the test are nowhere: what goes to public addresses goes to a stand-in.
vi.mock(import("@gonogo/adapters/http/guarded-fetch"), () => ({
  guardedFetch: () => (input, init) => {
    if (outside.fetch === undefined) throw new Error("nothing stands in for the network");
    return outside.fetch(input, init);
  },
  resolveName: async () => ["93.184.215.14"],
}));

const ALERT = JSON.stringify({
  action: "critical",
  installation: { uuid: "a" },
  data: {
    metric_alert: {
      alert_rule: { name: "Too many errors", triggers: [{ label: "critical" }] },
      date_started: "2026-05-05T10:02:00Z",
      date_closed: null,
    },
    description_text: "many",
    description_title: "Critical: Too many errors",
  },
  actor: { type: "application", id: "sentry", name: "Sentry" },
});

describe("a release through the entry points", () => {
  let world: EntryWorld;
  let sent: string[];
  const used = new Set<FunctionName>();

  beforeEach(async () => {
    sent = [];
    const provider = await openProvider();
    const network: typeof fetch = async (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      if (url === "https://shop.example.test/") return new Response("open");
      return await provider.fetch(input, init);
    };
    outside.fetch = network;
    vi.stubGlobal("fetch", async (input: string, init?: RequestInit) => {
      if (input !== MESSAGES_URL) return await network(input, init);
      sent.push(String(init?.body));
      return new Response("", { status: 202 });
    });
    vi.resetModules();
    world = await EntryWorld.open(provider);
    await world.submit();
  });

  afterEach(async () => {
    for (const name of Object.keys(world.calls) as FunctionName[]) used.add(name);
    await world.close();
  });

  afterAll(() => {
    expect(Object.keys(FUNCTIONS).filter((name) => !used.has(name as FunctionName))).toEqual([]);
  });

  const typesOf = async () => (await world.records()).map(({ event }) => event.type);
  const untilWatching = async () =>
    expect(await world.until(({ steps }) => steps.some((one) => one.status === "watching"))).toBe(true);

  it("goes its whole way: gates, phases, check, probe, message, validation, review", async () => {
    expect(await world.until(({ status }) => status === "completed", 60)).toBe(true);
    expect(await world.route()).toBe("42");
    const types = await typesOf();
    expect(types.filter((type) => type === "ShiftDone")).toHaveLength(2);
    expect(types).not.toContain("CommandRefused");
    expect(sent.map((body) => JSON.parse(body).text)).toContain("We are releasing.");
    expect(world.control.errors).toEqual([]);
  });

  it("is put back by an alarm of CloudWatch", async () => {
    await untilWatching();
    expect(await world.route()).toBe("41+42:0.1");
    await world.setAlarm("ALARM");
    expect(await world.until(({ status }) => status === "rolled-back")).toBe(true);
    expect(await world.route()).toBe("41");
  });

  it("is put back by an issue that AWS Health tells of, and the doctor looks everything over", async () => {
    await untilWatching();
    const ill = (await world.examine()).filter(({ condition }) => condition === "ill");
    // The store's answers come over a socket, with the date of the wall's clock.
    expect(ill.map(({ part }) => part).filter((part) => part !== "clock")).toEqual([]);
    await world.happens({
      source: "aws.health",
      detailType: "AWS Health Event",
      resources: [],
      detail: {
        eventTypeCode: "AWS_LAMBDA_OPERATIONAL_ISSUE",
        eventTypeCategory: "issue",
        statusCode: "open",
        startTime: new Date(Date.now()).toUTCString(),
      },
    });
    expect(await world.until(({ status }) => status === "rolled-back")).toBe(true);
  });

  it("is put back by a signed webhook, and by no other", async () => {
    await untilWatching();
    expect(await world.hookSentry(ALERT, "somebody else's secret")).toBe(401);
    expect(await world.hookSentry(ALERT)).toBe(202);
    expect(await world.until(({ status }) => status === "rolled-back")).toBe(true);
    expect(await world.route()).toBe("41");
  });

  it("is put back with the store cut off, and writes it down once the store is there again", async () => {
    await untilWatching();
    world.front.cuts = isDynamoDb;
    await world.setAlarm("ALARM");
    await world.pass(60);
    expect(await world.route()).toBe("41");
    world.front.cuts = () => false;
    expect(await world.until(({ status }) => status === "rolled-back")).toBe(true);
    await world.pass(900);
    expect(await typesOf()).toContain("RolledBackAlone");
  });

  it("says what is left when Lambda takes no update", async () => {
    await untilWatching();
    world.front.cuts = isUpdateAlias;
    await world.setAlarm("ALARM");
    expect(await world.until(({ status }) => status === "rollback-unconfirmed", 10)).toBe(true);
    expect(await world.route()).toBe("41+42:0.1");
  });

  it("goes on after its execution was stopped by hand", async () => {
    await untilWatching();
    await world.stopRollout();
    await world.pass(5);
    expect(world.calls.revive).toBe(1);
    expect(await world.until(({ status }) => status === "completed", 60)).toBe(true);
  });
});
