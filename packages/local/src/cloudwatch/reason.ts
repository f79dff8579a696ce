import { COMPARISONS, type MetricDefinition, type StateValue } from "./alarm-model.ts";
import type { Evaluation, Point } from "./evaluate.ts";
import { counted, isoOffset, javaDouble, shortTime } from "./text.ts";

/** A StateReason in CloudWatch's own words, of which there are two forms: with DatapointsToAlarm and without. */
export function reasonFor(to: StateValue, definition: MetricDefinition, evaluation: Evaluation): string {
  const { evaluationPeriods: periods, datapointsToAlarm: wanted } = definition;
  if (to === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${counted(periods, "datapoint")} ${were(periods)} unknown.`;
  }
  const listed = evaluation.counted.filter(({ breaching }) => breaching === (to === "ALARM"));
  if (listed.length === 0) {
    const received = evaluation.counted.length;
    const start =
      received === 0 ? "no datapoints were" : `${counted(received, "datapoint")} ${were(received)}`;
    return `Threshold Crossed: ${start} received for ${counted(periods, "period")}${madeUp(definition, evaluation)}.`;
  }
  const not = to === "ALARM" ? "" : "not ";
  const compared = `${were(listed.length)} ${not}${COMPARISONS[definition.comparison]} the threshold (${javaDouble(definition.threshold)})`;
  const points = `[${listed.map(point).join(", ")}]`;
  const filled = madeUp(definition, evaluation);
  if (wanted === undefined) {
    return `Threshold Crossed: ${counted(listed.length, "datapoint")} ${points} ${compared}${filled}.`;
  }
  const [least, change] = to === "ALARM" ? [wanted, "OK -> ALARM"] : [periods - wanted + 1, "ALARM -> OK"];
  return (
    `Threshold Crossed: ${listed.length} out of the last ${periods} datapoints ` +
    `${points} ${compared}${filled} (minimum ${counted(least, "datapoint")} for ${change} transition).`
  );
}

/** StateReasonData, as JSON text: its numbers are written as Java writes doubles. */
export function reasonDataFor(
  definition: MetricDefinition,
  evaluation: Evaluation,
  context: { readonly queryDate: number; readonly sampleCount: (point: Point) => number | undefined },
): string {
  const { source } = definition;
  const points = evaluation.counted;
  const oldest = points.at(-1);
  const newest = points[0];
  const samples = newest === undefined ? undefined : context.sampleCount(newest);
  const members: [string, string | undefined][] = [
    ["version", '"1.0"'],
    ["queryDate", quoted(isoOffset(context.queryDate))],
    ["startDate", oldest && quoted(isoOffset(oldest.at))],
    ["unit", source.kind === "metric" && source.unit !== undefined ? quoted(source.unit) : undefined],
    ["statistic", source.kind === "metric" ? quoted(source.statistic) : undefined],
    ["period", String(source.period)],
    [
      "recentDatapoints",
      `[${points
        .toReversed()
        .map(({ value }) => javaDouble(value))
        .join(",")}]`,
    ],
    ["threshold", javaDouble(definition.threshold)],
    [
      "evaluatedDatapoints",
      newest &&
        `[{${written([
          ["timestamp", quoted(isoOffset(newest.at))],
          ["sampleCount", samples === undefined ? undefined : javaDouble(samples)],
          ["value", javaDouble(newest.value)],
        ])}}]`,
    ],
  ];
  return `{${written(members)}}`;
}

function written(members: readonly (readonly [string, string | undefined])[]): string {
  return members.flatMap(([name, value]) => (value === undefined ? [] : `"${name}":${value}`)).join(",");
}

function madeUp({ treatment }: MetricDefinition, { filled }: Evaluation): string {
  const as =
    treatment === "breaching" ? "Breaching" : treatment === "notBreaching" ? "NonBreaching" : undefined;
  if (filled === 0 || as === undefined) return "";
  return ` and ${counted(filled, "missing datapoint")} ${were(filled)} treated as [${as}]`;
}

function point({ at, value }: Point): string {
  return `${javaDouble(value)} (${shortTime(at)})`;
}

function were(count: number): string {
  return count === 1 ? "was" : "were";
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
