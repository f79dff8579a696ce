import type { AlarmRecord, MetricDefinition, StateValue } from "./alarm-model.ts";
import { evaluateSlots, rangeLength } from "./evaluate.ts";
import type { TimeSeries } from "./math-value.ts";
import { QueryRun, readSeries } from "./queries.ts";
import { reasonDataFor, reasonFor } from "./reason.ts";
import type { MetricStore } from "./store.ts";

/** The state that an alarm goes into, and why. */
export interface Judged {
  readonly value: StateValue;
  readonly reason: string;
  readonly reasonData: string;
}

/**
 * How often an alarm looks: every minute, over periods that end at that minute, or every ten seconds when its
 * period is below a minute. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function cadenceOf(definition: MetricDefinition): number {
  return definition.source.period < 60 ? 10_000 : 60_000;
}

/**
 * Judges an alarm on the periods that end at or before `end`. Undefined when it stays as it is, which is what
 * it mostly does: words are made only for a change.
 */
export function judge(
  store: MetricStore,
  alarm: AlarmRecord,
  definition: MetricDefinition,
  end: number,
  now: number,
): Judged | undefined {
  const { source } = definition;
  const step = source.period * 1000;
  const length = rangeLength(definition.evaluationPeriods);
  const from = end - length * step;
  const series = seriesOf(store, definition, from, end);
  const slots = Array.from({ length }, (_, age) => {
    const at = end - (age + 1) * step;
    return { at, value: series.get(at) };
  });
  const evaluation = evaluateSlots(slots, {
    ...definition,
    datapointsToAlarm: definition.datapointsToAlarm ?? definition.evaluationPeriods,
    treatment: definition.treatment ?? "missing",
  });
  const { outcome } = evaluation;
  if (outcome === "retained" || outcome === alarm.state.value) return undefined;
  const reasonData = reasonDataFor(definition, evaluation, {
    queryDate: now,
    sampleCount: ({ at }) =>
      source.kind === "metric" ? store.read(source.metric, source.unit, at, at + step)?.count : undefined,
  });
  return { value: outcome, reason: reasonFor(outcome, definition, evaluation), reasonData };
}

/** The values an alarm watches, by the beginnings of their periods. Throws for an expression that gives none. */
export function seriesOf(
  store: MetricStore,
  { source }: MetricDefinition,
  from: number,
  to: number,
): TimeSeries {
  if (source.kind === "metric") return readSeries(store, source, { from, to });
  const returned = source.queries.find((query) => query.returned);
  return new QueryRun(store, source.queries, { from, to }).series(returned?.id ?? "");
}
