import type { Finding } from "@gonogo/core/doctor/schema";
import { FUNCTIONS, RULES, SCHEDULE_GROUP, SCHEDULES } from "@gonogo/functions/deployment";
import { trustedRootAt } from "@gonogo/functions/trusted-root";
import { functionArn } from "@gonogo/local/engine/deploy";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DIED } from "../invariants/faults.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

let api: VirtualApi;
beforeEach(async () => {
  api = await virtualApi();
  // A simulation leaves the verification of everything out, for it takes half of its time.
  const Target = { Arn: functionArn("audit"), RoleArn: "arn:aws:iam::123456789012:role/embedded-engine" };
  await kernel().call("scheduler", "CreateSchedule", {
    Name: "gonogo-audit",
    GroupName: SCHEDULE_GROUP,
    ScheduleExpression: SCHEDULES.audit?.expression,
    FlexibleTimeWindow: { Mode: "OFF" },
    Target,
  });
});
afterEach(() => api.simulation.stop());

const kernel = () => api.simulation.control.engine.kernel;
const examine = async () => {
  const { status, json } = await api.ask("GET", "/v1/doctor", { as: "release-manager" });
  expect(status).toBe(200);
  return json.findings as Finding[];
};
const ill = (findings: readonly Finding[]) => findings.filter(({ condition }) => condition === "ill");

describe("looking a deployment over", () => {
  it("finds nothing wrong where nothing is, and has looked at everything", async () => {
    const findings = await examine();
    expect(ill(findings)).toEqual([]);
    const parts = findings.map(({ part }) => part);
    for (const name of Object.keys(FUNCTIONS).filter((one) => one !== "api"))
      expect(parts).toContain(`function ${name}`);
    for (const name of Object.keys(RULES)) expect(parts).toContain(`rule ${name}`);
    for (const part of [
      "table",
      "stream",
      "schedule sweep",
      "state machine rollout",
      "dead letters",
      "release REL-SMALL",
    ]) {
      expect(findings).toContainEqual(expect.objectContaining({ part, condition: "well" }));
    }
  });

  it.each([
    ["2026-05-05T00:00:00.000Z", "well", /holds until 2031-10-05/],
    ["2031-09-20T00:00:00.000Z", "warning", /holds until 2031-10-05/],
    ["2033-01-01T00:00:00.000Z", "ill", /not valid any more|no certificate authority/],
  ])("tells at %s that the trusted root is %s", async (now, condition, says) => {
    const vectors = "../../packages/adapters/src/artifact/vectors/public-good-root.json";
    const { runtime } = api.simulation.control;
    const clock = { now: () => now as ReturnType<typeof runtime.clock.now> };
    (runtime as { trust: typeof runtime.trust }).trust = trustedRootAt(
      new URL(vectors, import.meta.url).pathname,
      clock,
    );
    const found = (await examine()).find(({ part }) => part === "trusted root");
    expect(found).toMatchObject({ condition, says: expect.stringMatching(says) });
    expect(found?.remedy === undefined).toBe(condition === "well");
  });

  it("writes nothing", async () => {
    const before = api.writes();
    await examine();
    expect(api.writes()).toBe(before);
  });

  it("is for those who are known only", async () => {
    expect((await api.ask("GET", "/v1/doctor")).status).toBe(401);
  });

  const broken: [string, (part: string) => Promise<unknown>, string, string][] = [
    [
      "a rule that was taken away",
      async () => {
        await kernel().call("events", "RemoveTargets", { Rule: "gonogo-alarms", Ids: ["alarm"] });
        await kernel().call("events", "DeleteRule", { Name: "gonogo-alarms" });
      },
      "rule alarms",
      "it is not there",
    ],
    [
      "a rule without a target",
      () => kernel().call("events", "RemoveTargets", { Rule: "gonogo-executions", Ids: ["revive"] }),
      "rule executions",
      "leads nowhere",
    ],
    [
      "a rule that is off",
      () => kernel().call("events", "DisableRule", { Name: "gonogo-effects", EventBusName: "gonogo" }),
      "rule effects",
      "it is off",
    ],
    [
      "a function that is gone",
      () => kernel().call("lambda", "DeleteFunction", { FunctionName: "gonogo-put-back" }),
      "function put-back",
      "it is not there",
    ],
    [
      "a sweep that was taken off the clock",
      () => kernel().call("scheduler", "DeleteSchedule", { Name: "gonogo-sweep", GroupName: "releases" }),
      "schedule sweep",
      "it is not there",
    ],
    [
      "an alarm that a release listens to, and that nobody made",
      () => kernel().call("cloudwatch", "DeleteAlarms", { AlarmNames: ["Orders5xx"] }),
      "release REL-SMALL",
      "there is no alarm Orders5xx",
    ],
    [
      "a target that is gone",
      () => kernel().call("lambda", "DeleteAlias", { FunctionName: "orders-api", Name: "live" }),
      "release REL-SMALL",
      "cannot be read",
    ],
  ];
  it.each(broken)("names %s, and says what to do", async (_, harm, part, says) => {
    await harm(part);
    const found = ill(await examine());
    expect(found).toEqual([
      { part, condition: "ill", says: expect.stringContaining(says), remedy: expect.stringMatching(/\w/) },
    ]);
  });

  it("says that the store is away, and still looks at the rest", async () => {
    kernel().fault = async (call, proceed) => (call.service === "dynamodb" ? DIED : await proceed());
    const findings = await examine();
    expect(findings).toContainEqual(expect.objectContaining({ part: "table", condition: "unknown" }));
    expect(ill(findings).map(({ part }) => part)).toEqual(["releases"]);
    expect(findings).toContainEqual(expect.objectContaining({ part: "rule alarms", condition: "well" }));
  });

  it("tells of letters that nobody could deliver", async () => {
    const { engine } = api.simulation.control;
    engine.events.deadLetters.add("arn:aws:sqs:us-east-1:123456789012:gonogo-dead-letters", {
      at: kernel().clock.now(),
      body: {},
      attributes: {},
    });
    await api.simulation.control.clock.advance(300_000);
    expect(await examine()).toContainEqual(
      expect.objectContaining({
        part: "dead letters",
        condition: "warning",
        says: expect.stringContaining("1 "),
      }),
    );
  });
});
