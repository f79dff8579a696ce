import type { PlanInput } from "../../plan/schema.ts";
import { codesIn } from "../read/tidy.ts";
import type { TargetInput } from "./components.ts";

export type SourceInput = NonNullable<NonNullable<PlanInput["metrics"]>[number]["source"]>;

/** Where a metric is read, out of its name and the tool's name. Undefined: only a person can read it. */
export function readSource(
  name: string,
  tool: string,
  target: TargetInput | undefined,
): SourceInput | undefined {
  if (/cloud ?watch/i.test(tool)) {
    const alarm = alarmNamed(tool);
    if (alarm !== undefined) return { kind: "cloudwatch-alarm", alarm };
    return target?.kind === "lambda-alias" ? lambdaMetric(name, target) : undefined;
  }
  if (/sentry/i.test(tool) && /crash|session/i.test(name)) {
    const field = /user/i.test(name) ? "crash_free_rate(user)" : "crash_free_rate(session)";
    return { kind: "sentry", field };
  }
  return undefined;
}

/** The tags by which a cell names alarms: `CloudWatch alarms tagged service=checkout, stage=production`. */
export function tagsNamed(text: string): Record<string, string> | undefined {
  const said = /\btagged\s+(.+)$/i.exec(text.replaceAll("`", ""))?.[1] ?? "";
  const tags = [...said.matchAll(/([\w.:/@+-]+)\s*=\s*([\w.:/@+-]+)/g)].map(([, key = "", value = ""]) => [
    key,
    value,
  ]);
  return tags.length === 0 ? undefined : Object.fromEntries(tags);
}

/** The alarm that a cell names: in code marks, or as one word with "alarm" in it. */
export function alarmNamed(text: string): string | undefined {
  const inCode = codesIn(text)[0];
  if (inCode !== undefined) return inCode;
  return /\b(?!alarms?\b)[\w-]*alarm[\w-]*\b/i.exec(text)?.[0];
}

/** AWS/Lambda has durations in milliseconds by alias: dimensions FunctionName and Resource. */
function lambdaMetric(
  name: string,
  target: Extract<TargetInput, { kind: "lambda-alias" }>,
): SourceInput | undefined {
  if (!/latency|duration|response time/i.test(name)) return undefined;
  const percentile = /\bp(\d{2,3}(?:\.\d+)?)\b/i.exec(name)?.[0]?.toLowerCase();
  return {
    kind: "cloudwatch",
    namespace: "AWS/Lambda",
    metric: "Duration",
    statistic: percentile ?? "Average",
    unit: "ms",
    dimensions: { FunctionName: target.function, Resource: `${target.function}:${target.alias}` },
  };
}
