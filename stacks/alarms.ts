import { TEST_ALARM } from "@gonogo/functions/deployment";
import { nameIn } from "./names.ts";
import type { Here } from "./place.ts";
import { budget, tellers } from "./tellers.ts";
import { type Watch, type WatchedMetric, watches } from "./watches.ts";

const PERIOD_SECONDS = 300;

/** gonogo's own alarms, a page that shows what they look at, and a budget. */
export function alarms(given: Here, api: sst.aws.ApiGatewayV2): void {
  const { stage, at, declared } = given;
  budget(given);
  if (!declared.alarms) return;
  testAlarm(stage);
  const topic = tellers(given);
  // What is watched is known but for the API's id, which AWS draws; the alarms themselves do not depend on it.
  for (const name of Object.keys(watches(stage, at, ""))) {
    const watch = api.nodes.api.id.apply((id) => watchNamed(name, stage, at, id));
    alarm(name, stage, watch, topic);
  }
  new aws.cloudwatch.Dashboard("Dashboard", {
    dashboardName: nameIn(stage, "health"),
    dashboardBody: api.nodes.api.id.apply((id) => board(at.region, watches(stage, at, id))),
  });
}

/** It tells nobody but the default bus. */
function testAlarm(stage: string): void {
  new aws.cloudwatch.MetricAlarm("IntegrationTestAlarm", {
    name: nameIn(stage, TEST_ALARM.name),
    alarmDescription: TEST_ALARM.about,
    namespace: TEST_ALARM.namespace,
    metricName: TEST_ALARM.metric,
    statistic: "Sum",
    period: PERIOD_SECONDS,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "missing",
  });
}

function watchNamed(name: string, stage: string, at: Here["at"], apiId: string): Watch {
  const watch = watches(stage, at, apiId)[name];
  if (watch === undefined) throw new Error(`nothing is watched under the name ${name}`);
  return watch;
}

function alarm(
  name: string,
  stage: string,
  watch: $util.Output<Watch>,
  topic: aws.sns.Topic | undefined,
): void {
  const tell = topic === undefined ? [] : [topic.arn];
  const isSilence = watch.apply(({ when }) => "under" in when);
  const title = name.replaceAll(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
  new aws.cloudwatch.MetricAlarm(`${title}Alarm`, {
    name: nameIn(stage, name),
    alarmDescription: watch.apply(({ about }) => about),
    metricQueries: watch.apply(queries),
    threshold: watch.apply(({ when }) => ("under" in when ? when.under : when.over)),
    comparisonOperator: isSilence.apply((is) => (is ? "LessThanThreshold" : "GreaterThanThreshold")),
    evaluationPeriods: watch.apply(({ periods }) => periods),
    // No news is good news, but from what has to make itself heard.
    treatMissingData: isSilence.apply((is) => (is ? "breaching" : "notBreaching")),
    alarmActions: tell,
    okActions: tell,
  });
}

/** One metric as it is; of several the sum, where what has no data counts for nothing. */
function queries({ metrics }: Watch) {
  const parts = metrics.map((metric, index) => ({
    id: `m${index}`,
    metric: {
      namespace: metric.namespace,
      metricName: metric.name,
      dimensions: { ...metric.dimensions },
      period: PERIOD_SECONDS,
      stat: metric.stat,
    },
    returnData: metrics.length === 1,
  }));
  if (metrics.length === 1) return parts;
  const sum = parts.map(({ id }) => `FILL(${id}, 0)`).join(" + ");
  return [...parts, { id: "all", expression: sum, label: "all", returnData: true }];
}

function board(region: string, all: Record<string, Watch>): string {
  const widgets = Object.entries(all).map(([title, { about, metrics }], index) => ({
    type: "metric",
    x: (index % 2) * 12,
    y: Math.floor(index / 2) * 6,
    width: 12,
    height: 6,
    properties: { title: `${title}: ${about}`, region, period: PERIOD_SECONDS, metrics: metrics.map(line) },
  }));
  return JSON.stringify({ widgets });
}

function line({ namespace, name, dimensions, stat }: WatchedMetric): unknown[] {
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat }];
}
