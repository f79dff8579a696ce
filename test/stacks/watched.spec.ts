import { MACHINES, STORE } from "@gonogo/functions/deployment";
import { beforeAll, describe, expect, it } from "vitest";
import { collect } from "./collect.ts";
import { DECLARED, type Graph, ofType, only, type Resource, text } from "./graph.ts";
import { HOW_TO_UNPACK, isUnpacked } from "./platform.ts";

const FUNCTION = "aws:lambda/function:Function";

/** Whatever keeps gonogo from looking after a release is heard. */
describe.skipIf(!isUnpacked)(`alarms on gonogo itself${HOW_TO_UNPACK}`, () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await collect(DECLARED);
  }, 120_000);

  // The one that tests ring looks at nothing, and tells nobody.
  const TESTED = "gonogo-production-integration-test";
  const alarms = () =>
    ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").filter(({ inputs }) => inputs.name !== TESTED);
  interface Query {
    readonly id: string;
    readonly expression?: string;
    readonly returnData: boolean;
    readonly metric?: { namespace: string; metricName: string; dimensions: Record<string, string> };
  }
  const queriesOf = (one: Resource) => one.inputs.metricQueries as readonly Query[];
  const metricsOf = (one: Resource) => queriesOf(one).flatMap(({ metric }) => metric ?? []);

  it("go to those who are to be told, when they go red and when they are green again", () => {
    const topic = text(only(graph, "aws:sns/topic:Topic"), "arn");
    for (const { name, inputs } of alarms()) {
      expect(inputs, name).toMatchObject({ alarmActions: [topic], okActions: [topic] });
    }
    expect(
      ofType(graph, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => inputs),
    ).toMatchObject([{ topic, protocol: "email", endpoint: DECLARED.tell[0] }]);
    expect(only(graph, "aws:budgets/budget:Budget").inputs).toMatchObject({
      limitAmount: "20",
      notifications: [
        { subscriberEmailAddresses: DECLARED.tell },
        { subscriberEmailAddresses: DECLARED.tell },
      ],
    });
  });

  it("look at what is there: each names things of this deployment, by their names", () => {
    const there = new Set([
      ...ofType(graph, FUNCTION).map((one) => text(one, "name")),
      ...ofType(graph, "aws:sfn/stateMachine:StateMachine").map((one) => text(one, "arn")),
      text(only(graph, "aws:sqs/queue:Queue"), "name"),
      `${only(graph, "aws:apigatewayv2/api:Api").name}-id`,
    ]);
    for (const alarm of alarms()) {
      for (const { dimensions } of metricsOf(alarm)) {
        for (const value of Object.values(dimensions)) expect(there, alarm.name).toContain(value);
      }
    }
  });

  it("hear the failure of every function, every machine, and the queue", () => {
    const heard = (metricName: string) =>
      alarms()
        .flatMap(metricsOf)
        .filter((metric) => metric.metricName === metricName)
        .flatMap(({ dimensions }) => Object.values(dimensions));
    expect(heard("Errors").sort()).toEqual(
      ofType(graph, FUNCTION)
        .map((one) => text(one, "name"))
        .sort(),
    );
    for (const metric of ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"]) {
      expect(heard(metric)).toHaveLength(MACHINES.length);
    }
    expect(heard("ApproximateNumberOfMessagesVisible")).toHaveLength(1);
    expect(heard("IteratorAge")).toEqual([`gonogo-production-${STORE.streamTo}`]);
    const silent = alarms().filter(({ inputs }) => inputs.treatMissingData === "breaching");
    expect(silent.flatMap(metricsOf)).toMatchObject([
      { metricName: "Invocations", dimensions: { FunctionName: "gonogo-production-sweep" } },
      { metricName: "Invocations", dimensions: { FunctionName: "gonogo-production-audit" } },
    ]);
    expect(silent[0]?.inputs).toMatchObject({ comparisonOperator: "LessThanThreshold", threshold: 1 });
  });

  it("ask CloudWatch what it takes: ten metrics at most, and one answer", () => {
    for (const alarm of alarms()) {
      const queries = queriesOf(alarm);
      expect(metricsOf(alarm).length, alarm.name).toBeLessThanOrEqual(10);
      expect(
        queries.filter(({ returnData }) => returnData),
        alarm.name,
      ).toHaveLength(1);
      for (const { expression = "" } of queries) {
        const named = expression.match(/\bm\d+\b/g) ?? [];
        if (expression !== "")
          expect(named.sort()).toEqual(queries.flatMap(({ id, metric }) => (metric ? [id] : [])).sort());
      }
    }
  });

  it("have beside them the one that tests ring, which wakes nobody", () => {
    const tested = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").filter(
      ({ inputs }) => inputs.name === TESTED,
    );
    expect(tested).toHaveLength(1);
    expect(tested[0]?.inputs).toMatchObject({ treatMissingData: "missing", namespace: "gonogo" });
    expect(tested[0]?.inputs).not.toHaveProperty("alarmActions");
  });

  it("are all on the dashboard", () => {
    const board = JSON.parse(text(only(graph, "aws:cloudwatch/dashboard:Dashboard"), "dashboardBody")) as {
      widgets: unknown[];
    };
    expect(board.widgets).toHaveLength(alarms().length);
  });
});
