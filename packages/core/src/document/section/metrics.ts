import { freshId } from "../../kit/text.ts";
import { formatThreshold, parseThreshold } from "../../metric/threshold.ts";
import { familyOfMetric } from "../infer/components.ts";
import { mostLike } from "../infer/match.ts";
import { readSource } from "../infer/source.ts";
import { codesIn, oneLine } from "../read/tidy.ts";
import type { Line } from "../table/recognise.ts";
import { linesOf } from "./collect.ts";
import { type Context, defined, type MetricInput } from "./context.ts";
import { lineIn, SAID_SO, thresholdSaid } from "./values.ts";

/** The metrics of the release plan; where there is no such table, those that the validation table compares. */
export function readMetrics(context: Context, ids: Set<string>): MetricInput[] {
  const listed = linesOf(context.collected, "metrics");
  if (listed.length > 0) {
    return listed.flatMap(({ line }) => readMetric(context, line, "metric", ids) ?? []);
  }
  return linesOf(context.collected, "validation")
    .filter(({ line }) => parseThreshold(oneLine(line.text("threshold"))).ok)
    .flatMap(({ line }) => readMetric(context, line, "check", ids) ?? []);
}

function readMetric(
  context: Context,
  line: Line,
  nameField: "metric" | "check",
  ids: Set<string>,
): MetricInput | undefined {
  const { findings, components, roles } = context;
  const name = lineIn(line, nameField, findings);
  const written = oneLine(line.text("threshold"));
  const said = thresholdSaid(written);
  if (name === undefined || said === undefined) {
    const message = `no metric: ${name ?? "it has no name"}, threshold "${written}"`;
    findings.notUnderstood("metric", line.place("threshold"), message, SAID_SO);
    return undefined;
  }
  const tool = lineIn(line, "tool", findings);
  const stated = line.text("component");
  const component =
    stated === ""
      ? components.about(name, familyOfMetric(`${name} ${tool ?? ""}`))
      : components.named(stated);
  const source = readSource(name, line.text("tool"), component?.target);
  if (source === undefined) {
    const of = tool === undefined ? "" : ` out of "${tool}"`;
    const message = `${name} cannot be read by a machine${of}: its owner is asked for it after the rollout`;
    findings.note("metric-by-person", line.place("tool"), message, instead(line));
  } else if (source.kind === "cloudwatch") {
    const message = `${name} is read from CloudWatch as ${source.namespace} ${source.metric}, ${source.statistic}`;
    findings.note("metric-source", line.place("tool"), message);
  }
  return defined({
    id: freshId(line.text("id") || name, ids),
    name,
    threshold: said.threshold,
    tool,
    owner:
      nameField === "check" && !line.has("owner")
        ? roles.named("Release Manager")
        : roles.read(line, "owner", name),
    source,
    component: component?.id,
  });
}

function instead(line: Line): string | undefined {
  if (!/cloud ?watch/i.test(line.text("tool"))) return undefined;
  return "name its alarm, such as CloudWatch Alarm `API5xxAlarm`, and it is read there";
}

/** The metric that a sentence is about. */
export function metricAbout<T extends { name: string }>(text: string, metrics: readonly T[]): T | undefined {
  const codes = codesIn(text).join(" ");
  return (
    mostLike(text.replaceAll("`", " "), metrics, ({ name }) => name) ??
    (codes === "" ? undefined : mostLike(codes, metrics, ({ name }) => name))
  );
}

export function isMachineRead(metric: MetricInput): boolean {
  return metric.source !== undefined && metric.source.kind !== "person";
}

/** Whether two thresholds say the same, however they are spelt. */
export function sameThreshold(a: string, b: string): boolean {
  const [left, right] = [parseThreshold(a), parseThreshold(b)];
  if (!left.ok || !right.ok) return a === b;
  return formatThreshold(left.value) === formatThreshold(right.value);
}
