import { freshId, words } from "../../kit/text.ts";
import { type Condition, formatCondition, parseCondition } from "../../metric/threshold.ts";
import { explainAlias } from "../infer/explain-alias.ts";
import { readResponse } from "../infer/response.ts";
import { alarmNamed, tagsNamed } from "../infer/source.ts";
import { oneLine, withoutCode } from "../read/tidy.ts";
import type { Line } from "../table/recognise.ts";
import { linesOf } from "./collect.ts";
import { type Context, defined, type MetricInput, type TriggerInput } from "./context.ts";
import { metricAbout } from "./metrics.ts";
import { explainStoreRollback } from "./rollback.ts";
import { lineIn, proseIn } from "./values.ts";

/** The rollback triggers: what is noticed, and what is done about it. */
export function readTriggers(context: Context, metrics: readonly MetricInput[]): TriggerInput[] {
  const ids = new Set<string>();
  return linesOf(context.collected, "triggers").flatMap(({ line }) => {
    const { findings } = context;
    const written = lineIn(line, "when", findings);
    if (written === undefined) {
      findings.notUnderstood("trigger", line.place("when"), "a trigger without a condition");
      return [];
    }
    return [readTrigger(context, line, written, metrics, ids)];
  });
}

function readTrigger(
  context: Context,
  line: Line,
  written: string,
  metrics: readonly MetricInput[],
  ids: Set<string>,
): TriggerInput {
  const { findings, roles } = context;
  const condition = parseCondition(withoutCode(oneLine(written)));
  const metric = metricAbout(condition.ok ? condition.value.subject : written, metrics);
  const action = lineIn(line, "action", findings);
  const process = proseIn(line, "process", findings);
  const detect = lineIn(line, "detect", findings);
  const { respond, because, reduceTo } = readResponse(action ?? "", process ?? "");
  findings.note("response", line.place("action"), `"${written}" is taken for ${respond}: ${because}`);
  const signals = signalsIn(line.text("detect"), written, metric);
  if (!condition.ok) {
    const heard = signals.length > 0 ? "only its alarm can fire it" : "nothing can fire it but a person";
    const message = `"${written}" is no comparison (${condition.message}); ${heard}`;
    findings.warning(
      "condition",
      line.place("when"),
      message,
      "write a condition such as API 5xx > 3 % for 10 min",
    );
  } else if (metric === undefined && signals.length === 0) {
    const message = `nothing measures "${condition.value.subject}", and no alarm is named`;
    findings.warning("unmeasured", line.place("when"), message, "add it to the metrics, or name its alarm");
  }
  if (condition.ok && condition.value.relative !== undefined)
    explainRelative(context, line, condition.value, metric);
  for (const signal of signals) {
    if (signal.from === "cloudwatch") continue;
    const message = `listens to ${signal.from} for an alert named "${signal.name}"`;
    findings.note(
      "signal",
      line.place("detect"),
      message,
      "give the alert that name, or change the name in the plan",
    );
  }
  for (const component of context.components.all) {
    if (respond !== "rollback" && respond !== "evaluate") break;
    if (component.family === "lambda") {
      explainAlias(findings, line.place("process"), process ?? "", { component, percent: 0 });
    }
  }
  explainStoreRollback(context, `${action ?? ""} ${process ?? ""}`, line.place("process"));
  return defined({
    id: freshId(line.text("id") || idOf(written, metric), ids),
    when: condition.ok ? formatCondition(condition.value) : undefined,
    says: condition.ok ? undefined : written,
    metric: metric?.id,
    signals,
    respond,
    reduceTo,
    detect,
    action,
    process,
    owner: roles.read(line, "owner", `"${written}"`),
  });
}

/** A tenth above a rate of 1 % is 1.1 %, and some documents mean 11 %: what was understood is said. */
function explainRelative(
  { findings }: Context,
  line: Line,
  condition: Condition,
  metric: MetricInput | undefined,
): void {
  const { relative, unit, value } = condition;
  if (relative === undefined || unit !== "%" || metric === undefined) return;
  if (!/%/.test(metric.threshold)) return;
  const message = `"${formatCondition(condition)}" is taken as ${value} % of the ${relative.to} itself, above it`;
  const fix = `write ${relative.to} + ${value} pp, if points of percentage are meant`;
  findings.note("relative", line.place("when"), message, fix);
}

function idOf(written: string, metric: MetricInput | undefined): string {
  return metric === undefined ? words(written).slice(0, 6).join(" ") : `${metric.id}-breach`;
}

/** The alarms that a row is about. One that is not named goes by its metric's name. */
function signalsIn(
  detect: string,
  written: string,
  metric: MetricInput | undefined,
): TriggerInput["signals"] & object {
  const name = metric?.name ?? written;
  if (/cloud ?watch/i.test(detect)) {
    const tags = tagsNamed(detect);
    if (tags !== undefined) return [{ from: "cloudwatch", tags }];
    const own = metric?.source?.kind === "cloudwatch-alarm" ? metric.source.alarm : undefined;
    const alarm = alarmNamed(detect) ?? (/alarm/i.test(detect) ? own : undefined);
    return alarm === undefined ? [] : [{ from: "cloudwatch", name: alarm }];
  }
  if (/sentry/i.test(detect)) return [{ from: "sentry", name: alarmNamed(detect) ?? name }];
  if (/grafana/i.test(detect)) return [{ from: "grafana", name: alarmNamed(detect) ?? name }];
  if (/alert ?manager|prometheus/i.test(detect))
    return [{ from: "alertmanager", name: alarmNamed(detect) ?? name }];
  if (/webhook/i.test(detect)) return [{ from: "webhook", name: alarmNamed(detect) ?? name }];
  return [];
}
