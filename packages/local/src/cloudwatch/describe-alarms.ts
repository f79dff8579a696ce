import type { AlarmRecord, AlarmState, MetricDefinition } from "./alarm-model.ts";
import { STATES } from "./alarm-model.ts";
import { type Input, optionalCount, optionalOneOf, optionalText, refuseOthers, texts } from "./checks.ts";
import { invalidCombination, validation } from "./errors.ts";
import { dimensionList } from "./metric.ts";
import { page } from "./paging.ts";
import type { Query } from "./queries.ts";

/**
 * Composite alarms come only when AlarmTypes asks for them, even if one is named.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export function describeAlarms(all: readonly AlarmRecord[], input: Input) {
  refuseOthers(
    "DescribeAlarms",
    input,
    "AlarmNames AlarmNamePrefix AlarmTypes StateValue MaxRecords NextToken",
  );
  const names = texts(input, "AlarmNames");
  const prefix = optionalText(input, "AlarmNamePrefix", 255);
  if (names.length > 0 && prefix !== undefined) {
    throw invalidCombination("AlarmNames and AlarmNamePrefix must not be given together.");
  }
  if (names.length > 100) throw validation("AlarmNames must have at most 100 items");
  const types = texts(input, "AlarmTypes");
  const unknown = types.find((type) => type !== "MetricAlarm" && type !== "CompositeAlarm");
  if (unknown !== undefined) throw validation(`AlarmTypes: ${unknown} is not MetricAlarm or CompositeAlarm`);
  const state = optionalOneOf(input, "StateValue", STATES);
  const wanted = all
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .filter(({ name }) => prefix === undefined || name.startsWith(prefix))
    .filter(({ state: { value } }) => state === undefined || value === state)
    .filter((alarm) => (types.length === 0 ? ["MetricAlarm"] : types).includes(typeOf(alarm)));
  const { items, ...rest } = page(wanted, ({ name }) => name, {
    limit: optionalCount(input, "MaxRecords", 100) ?? (names.length > 0 ? 100 : 50),
    token: optionalText(input, "NextToken", 10_000),
  });
  return {
    MetricAlarms: items.flatMap((alarm) =>
      alarm.definition.kind === "metric" ? [metricAlarm(alarm, alarm.definition)] : [],
    ),
    CompositeAlarms: items.flatMap((alarm) =>
      alarm.definition.kind === "composite" ? [{ ...common(alarm), AlarmRule: alarm.definition.rule }] : [],
    ),
    ...rest,
  };
}

function typeOf({ definition }: AlarmRecord): string {
  return definition.kind === "metric" ? "MetricAlarm" : "CompositeAlarm";
}

function common({ name, arn, definition, configuredAt, state }: AlarmRecord) {
  const { description } = definition;
  return {
    AlarmName: name,
    AlarmArn: arn,
    ...(description === undefined ? {} : { AlarmDescription: description }),
    AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
    ActionsEnabled: definition.actionsEnabled,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...described(state),
  };
}

function described(state: AlarmState) {
  return {
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData === undefined ? {} : { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: new Date(state.updatedAt),
    StateTransitionedTimestamp: new Date(state.transitionedAt),
  };
}

function metricAlarm(alarm: AlarmRecord, definition: MetricDefinition) {
  const { datapointsToAlarm, treatment } = definition;
  return {
    ...common(alarm),
    ...watched(definition),
    EvaluationPeriods: definition.evaluationPeriods,
    ...(datapointsToAlarm === undefined ? {} : { DatapointsToAlarm: datapointsToAlarm }),
    Threshold: definition.threshold,
    ComparisonOperator: definition.comparison,
    ...(treatment === undefined ? {} : { TreatMissingData: treatment }),
  };
}

function watched({ source }: MetricDefinition) {
  if (source.kind === "math") return { Metrics: source.queries.map(metricDataQuery) };
  const { metric, period, statistic, extended, unit } = source;
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    ...(extended ? { ExtendedStatistic: statistic } : { Statistic: statistic }),
    Dimensions: dimensionList(metric.dimensions),
    Period: period,
    ...(unit === undefined ? {} : { Unit: unit }),
  };
}

function metricDataQuery(query: Query) {
  const { id: Id, label, returned: ReturnData } = query;
  const named = { Id, ...(label === undefined ? {} : { Label: label }), ReturnData };
  if (query.kind === "expression") {
    const { expression, period } = query;
    return { ...named, Expression: expression, ...(period === undefined ? {} : { Period: period }) };
  }
  const { metric, period: Period, statistic: Stat, unit } = query;
  const Metric = {
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: dimensionList(metric.dimensions),
  };
  return { ...named, MetricStat: { Metric, Period, Stat, ...(unit === undefined ? {} : { Unit: unit }) } };
}
