import { minutes } from "@gonogo/core/kit/duration";
import { minus } from "@gonogo/core/kit/instant";
import type { PlanInput } from "@gonogo/core/plan/schema";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { setAlarm } from "@gonogo/local/simulation/world";
import { afterEach, describe, expect, it } from "vitest";
import { shortPlan } from "../invariants/plans.ts";
import { eventsOf, expectSound, routeOf, runToSecond, stateOf } from "../invariants/world.ts";

const ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm";
/** The alarm that the simulated world makes for the tags. */
const MADE = "tagged service=checkout";

const BY_TAG: PlanInput["triggers"] = [
  {
    id: "checkout",
    says: "an alarm of checkout is red",
    signals: [{ from: "cloudwatch", tags: { service: "checkout" } }],
    respond: "rollback",
    owner: "Ops",
  },
];

let simulation: Simulation;
afterEach(() => simulation.stop());

async function begin(change: Partial<PlanInput> = {}): Promise<void> {
  simulation = await Simulation.begin(shortPlan({ triggers: BY_TAG, ...change }));
}

const call = (operation: string, input: object) =>
  simulation.control.during(() => simulation.control.engine.kernel.call("cloudwatch", operation, input));

async function makeAlarm(AlarmName: string): Promise<void> {
  await call("PutMetricAlarm", {
    AlarmName,
    Namespace: "Simulation",
    MetricName: AlarmName,
    Statistic: "Average",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "ignore",
  });
  await simulation.control.during(() => setAlarm(simulation.control.engine, AlarmName, "OK"));
}

const tag = (name: string) =>
  call("TagResource", { ResourceARN: `${ARN}:${name}`, Tags: [{ Key: "service", Value: "checkout" }] });

describe("a release whose trigger is bound by tag, with every handler and machine", () => {
  it("has its alarms on record from the start, and is put back when one of them fires", async () => {
    await begin();
    await runToSecond(simulation, 30);
    expect(await routeOf(simulation)).toBe("1+2:0.1");
    expect((await stateOf(simulation)).tagged).toEqual({ "service=checkout": { alarms: [MADE] } });
    await simulation.setAlarm(MADE, "ALARM");
    await simulation.runToEnd();
    const records = await expectSound(simulation);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(await routeOf(simulation)).toBe("1");
    expect(eventsOf(records, "AlarmsResolved")).toMatchObject([{ alarms: [MADE] }]);
    // By its event, and not at the next look.
    expect(eventsOf(records, "SignalReceived")).toMatchObject([
      { signal: { name: MADE }, triggers: ["checkout"] },
    ]);
  });

  it("completes when none does, and an alarm without the tag changes nothing", async () => {
    await begin();
    await makeAlarm("Elsewhere");
    await runToSecond(simulation, 30);
    await simulation.control.during(() => setAlarm(simulation.control.engine, "Elsewhere", "ALARM"));
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("completed");
  });

  it("is put back by an alarm that got the tag while it ran", async () => {
    await begin();
    await makeAlarm("Late");
    await runToSecond(simulation, 30);
    await tag("Late");
    await runToSecond(simulation, 100);
    expect((await stateOf(simulation)).tagged?.["service=checkout"]?.alarms).toEqual([MADE, "Late"]);
    await simulation.control.during(() => setAlarm(simulation.control.engine, "Late", "ALARM"));
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    expect(await routeOf(simulation)).toBe("1");
  });

  it("is put back by it with the store gone as well: the stand-by has been told", async () => {
    await begin();
    await makeAlarm("Late");
    await runToSecond(simulation, 30);
    await tag("Late");
    await runToSecond(simulation, 100);
    const { kernel } = simulation.control.engine;
    const gone = new Error("the table cannot be reached");
    kernel.fault = async (asked, proceed) => {
      if (asked.service === "dynamodb") throw gone;
      return await proceed();
    };
    await simulation.control.during(() => setAlarm(simulation.control.engine, "Late", "ALARM"));
    await simulation.control.clock.advance(600_000);
    expect(await routeOf(simulation)).toBe("1");
    kernel.fault = async (_, proceed) => await proceed();
    await simulation.runToEnd();
    await simulation.control.clock.advance(900_000);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
  });

  it("waits with closed gates while no alarm carries the tag, says so, and opens them when one does", async () => {
    await begin();
    await call("DeleteAlarms", { AlarmNames: [MADE] });
    const { plan } = simulation;
    await simulation.runTo(minus(plan.start, minutes(40)));
    const early = await stateOf(simulation);
    expect(early.status).toBe("gates");
    expect(early.tagged).toEqual({ "service=checkout": { alarms: [] } });
    await makeAlarm("Made later");
    await tag("Made later");
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("completed");
    expect((await stateOf(simulation)).tagged?.["service=checkout"]?.alarms).toEqual(["Made later"]);
  });
});
