import type { ServiceEvent } from "../kernel/ports.ts";
import type { AlarmRecord, AlarmState, Definition, MetricDefinition } from "./alarm-model.ts";
import type { Metric } from "./metric.ts";
import type { Query } from "./queries.ts";
import { isoOffset } from "./text.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export function stateChangeEvent(alarm: AlarmRecord, previous: AlarmState): ServiceEvent {
  const { definition } = alarm;
  const watched =
    definition.kind === "metric" ? { metrics: metricsOf(definition) } : { alarmRule: definition.rule };
  return {
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm State Change",
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      state: stateOf(alarm.state),
      previousState: stateOf(previous),
      configuration: { ...described(definition), ...watched },
    },
  };
}

export type Configured = Pick<AlarmRecord, "definition" | "configuredAt">;

/** Of an alarm that was created, updated or deleted; a deleted one as it was last. */
export function configurationEvent(
  alarm: AlarmRecord,
  operation: "create" | "update" | "delete",
  previous?: Configured,
): ServiceEvent {
  return {
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm Configuration Change",
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      operation,
      state: { value: alarm.state.value, timestamp: isoOffset(alarm.state.updatedAt) },
      configuration: configurationOf(alarm.name, alarm),
      ...(previous === undefined ? {} : { previousConfiguration: configurationOf(alarm.name, previous) }),
    },
  };
}

function stateOf(state: AlarmState) {
  return {
    value: state.value,
    reason: state.reason,
    ...(state.reasonData === undefined ? {} : { reasonData: state.reasonData }),
    timestamp: isoOffset(state.updatedAt),
  };
}

function configurationOf(alarmName: string, { definition, configuredAt }: Configured) {
  return {
    ...(definition.kind === "metric" ? thresholdOf(definition) : { alarmRule: definition.rule }),
    alarmName,
    ...described(definition),
    actionsEnabled: definition.actionsEnabled,
    timestamp: isoOffset(configuredAt),
    okActions: [],
    alarmActions: [],
    insufficientDataActions: [],
  };
}

function thresholdOf(definition: MetricDefinition) {
  const { datapointsToAlarm, treatment } = definition;
  return {
    evaluationPeriods: definition.evaluationPeriods,
    ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
    threshold: definition.threshold,
    comparisonOperator: definition.comparison,
    ...(treatment === undefined ? {} : { treatMissingData: treatment }),
    metrics: metricsOf(definition),
  };
}

function described({ description }: Definition): { description?: string } {
  return description === undefined ? {} : { description };
}

function metricsOf({ source }: MetricDefinition) {
  if (source.kind === "metric") return [queryOf({ ...source, returned: true })];
  return source.queries.map(queryOf);
}

function queryOf(query: Query) {
  const { id, label, returned } = query;
  const named = { id, ...(label === undefined ? {} : { label }), returnData: returned };
  if (query.kind === "expression") return { ...named, expression: query.expression };
  const { metric, period, statistic: stat, unit } = query;
  return {
    ...named,
    metricStat: { metric: metricOf(metric), period, stat, ...(unit === undefined ? {} : { unit }) },
  };
}

function metricOf({ namespace, name, dimensions }: Metric) {
  return { namespace, name, dimensions };
}
