import { minutes } from "@gonogo/core/kit/duration";
import { minus } from "@gonogo/core/kit/instant";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { shortPlan } from "../invariants/plans.ts";

describe("a release that waits for its start", () => {
  it("closes its gates when an alarm that it rests on is gone, and opens them when it is there again", async () => {
    const plan = shortPlan();
    const simulation = await Simulation.begin(plan);
    const { kernel } = simulation.control.engine;
    const status = async () => (await simulation.load()).state.status;
    await simulation.runTo(minus(plan.start, minutes(50)));
    expect(await status()).toBe("ready");
    await simulation.control.during(() =>
      kernel.call("cloudwatch", "DeleteAlarms", { AlarmNames: ["Api5xx"] }),
    );
    await simulation.runTo(minus(plan.start, minutes(30)));
    expect(await status()).toBe("gates");
    await simulation.control.during(async () => {
      await kernel.call("cloudwatch", "PutMetricAlarm", {
        AlarmName: "Api5xx",
        Namespace: "Simulation",
        MetricName: "Api5xx",
        Statistic: "Average",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "ignore",
      });
      await kernel.call("cloudwatch", "SetAlarmState", {
        AlarmName: "Api5xx",
        StateValue: "OK",
        StateReason: "well",
      });
    });
    await simulation.runToEnd();
    expect(await status()).toBe("completed");
    const types = (await simulation.records()).map(({ event }) => event.type);
    expect(types).toEqual(expect.arrayContaining(["ReadinessLost", "GatesClosed", "ReadinessRegained"]));
    simulation.stop();
  });

  it("closes its gates when the version it pins has been deleted, and says so", async () => {
    const plan = shortPlan();
    const simulation = await Simulation.begin(plan);
    const { kernel } = simulation.control.engine;
    await simulation.runTo(minus(plan.start, minutes(50)));
    expect((await simulation.load()).state.status).toBe("ready");
    await simulation.control.during(() =>
      kernel.call("lambda", "DeleteFunction", { FunctionName: "api", Qualifier: "2" }),
    );
    await simulation.runTo(minus(plan.start, minutes(20)));
    const { state } = await simulation.load();
    expect(state.status).toBe("gates");
    expect(state.readiness?.problems.join()).toContain("there is no version 2 of api");
    await simulation.runToEnd();
    const after = await simulation.load();
    expect(after.state.status).toBe("aborted");
    expect(after.state.startedAt).toBeUndefined();
    simulation.stop();
  });

  it("closes its gates when the account's quota is lowered after the approval, with one call of each kind a look", async () => {
    const plan = shortPlan();
    const simulation = await Simulation.begin(plan);
    const { kernel, lambda } = simulation.control.engine;
    const asked: string[] = [];
    kernel.fault = async ({ service, operation }, proceed) => {
      if (service === "lambda" && /Settings|Concurrency/.test(operation)) asked.push(operation);
      return await proceed();
    };
    await simulation.runTo(minus(plan.start, minutes(50)));
    const approved = (await simulation.load()).state.quotas;
    expect(approved?.seen.api).toMatchObject({ account: 1_000, unreserved: 1_000 });
    const types = async () => (await simulation.records()).map(({ event }) => event.type);
    expect((await types()).filter((type) => type === "QuotasSeen")).toHaveLength(1);
    lambda.allow({ concurrency: 100 });
    asked.length = 0;
    await simulation.runTo(minus(plan.start, minutes(30)));
    const { state } = await simulation.load();
    expect(state.status).toBe("gates");
    expect(state.readiness?.problems.join()).toMatch(/was 1000 when .*, it is 100 now/);
    const looks = asked.filter((operation) => operation === "GetAccountSettings").length;
    const functions = plan.components.filter(({ target }) => target.kind === "lambda-alias").length;
    expect(looks).toBeGreaterThan(0);
    expect(asked.filter((operation) => operation === "GetFunctionConcurrency")).toHaveLength(
      looks * functions,
    );
    lambda.allow({ concurrency: 1_000 });
    await simulation.runToEnd();
    expect((await simulation.load()).state.status).toBe("completed");
    expect(await types()).toEqual(
      expect.arrayContaining(["ReadinessLost", "GatesClosed", "ReadinessRegained"]),
    );
    simulation.stop();
  });

  it("does not start where its function may run nothing at all", async () => {
    const plan = shortPlan();
    const simulation = await Simulation.begin(plan);
    const { kernel } = simulation.control.engine;
    await simulation.runTo(minus(plan.start, minutes(2)));
    expect((await simulation.load()).state.status).toBe("ready");
    await simulation.control.during(() =>
      kernel.call("lambda", "PutFunctionConcurrency", {
        FunctionName: "api",
        ReservedConcurrentExecutions: 0,
      }),
    );
    await simulation.runToEnd();
    const { state } = await simulation.load();
    expect([state.status, state.startedAt]).toEqual(["aborted", undefined]);
    const held = (await simulation.records()).map(({ event }) => JSON.stringify(event)).join();
    expect(held).toContain("quota of api: concurrency was 1000");
    simulation.stop();
  });
});
