import { CLOSING_KINDS } from "../../closing/schema.ts";
import { freshId, oneOf } from "../../kit/text.ts";
import type { PlanInput } from "../../plan/schema.ts";
import { isPlaceholder } from "../read/tidy.ts";
import { linesOf, type Text } from "./collect.ts";
import { type Context, defined, type MetricInput, type ValidationInput } from "./context.ts";
import { metricAbout } from "./metrics.ts";
import { isOverviewField } from "./overview.ts";
import { durationIn, lineIn, proseIn, thresholdSaid } from "./values.ts";

/** The post-deployment validation. What it found (Result, Pass/Fail) is an answer and no part of the plan. */
export function readValidations(context: Context, metrics: readonly MetricInput[]): ValidationInput[] {
  const { collected, findings, roles } = context;
  const ids = new Set<string>();
  return linesOf(collected, "validation").flatMap(({ line }): ValidationInput[] => {
    const check = lineIn(line, "check", findings);
    const written = lineIn(line, "threshold", findings);
    if (check === undefined || written === undefined) {
      findings.notUnderstood("validation", line.place(), "a validation needs a name and a threshold");
      return [];
    }
    const said = thresholdSaid(written);
    const owner = lineIn(line, "owner", findings);
    return [
      defined({
        id: freshId(line.text("id") || check, ids),
        check,
        tool: lineIn(line, "tool", findings),
        threshold: said !== undefined && said.subject === "" ? said.threshold : written,
        metric: metricAbout(check, metrics)?.id,
        owner: owner === undefined ? undefined : roles.named(owner),
      }),
    ];
  });
}

/** What people owe once the traffic has moved. */
export function readObligations(context: Context): PlanInput["obligations"] {
  const { collected, findings, roles } = context;
  const ids = new Set<string>();
  const found = linesOf(collected, "obligations").flatMap(({ line }) => {
    const what = lineIn(line, "do", findings);
    const within = durationIn(line, "within", findings);
    if (what === undefined || within === undefined) {
      const message = "an obligation says what is to be done, and within how long";
      findings.notUnderstood("obligation", line.place(), message);
      return [];
    }
    const said = line.text("occasion").toLowerCase();
    const from = (["start", "end", "rollback"] as const).find((one) => one === said);
    if (said !== "" && from === undefined) {
      const message = `"${said}" is nothing that "${what}" can be counted from`;
      findings.notUnderstood("occasion", line.place("occasion"), message, "write start, end or rollback");
    }
    const answer = line.text("blocks").toLowerCase();
    const blocks = answer === "overdue" ? ("overdue" as const) : /^(?:yes|true|x)$/.test(answer) || undefined;
    const role = roles.read(line, "role", `"${what}"`);
    const id = freshId(line.text("id") || what, ids);
    return [defined({ id, what, role, within, from, blocks })];
  });
  return found.length === 0 ? undefined : found;
}

/** What is done once the release is over. */
export function readClosing(context: Context): PlanInput["closing"] {
  const { collected, findings, roles } = context;
  const ids = new Set<string>();
  const found = linesOf(collected, "closing").flatMap(({ line }) => {
    const said = line.text("act").toLowerCase().replaceAll(" ", "-");
    const kind = CLOSING_KINDS.find((one) => one === said);
    if (kind === undefined) {
      const message = `"${line.text("act")}" is nothing that closes a release`;
      findings.notUnderstood("closing", line.place("act"), message, `write ${oneOf(CLOSING_KINDS)}`);
      return [];
    }
    const act = {
      id: freshId(line.text("id") || kind, ids),
      kind,
      what: lineIn(line, "do", findings),
      owner: roles.read(line, "role", `the ${kind}`),
      within: durationIn(line, "within", findings),
      channel: lineIn(line, "channel", findings),
      text: proseIn(line, "text", findings),
      required: /^(?:yes|true|x)$/i.test(line.text("required")) ? true : undefined,
    };
    return [defined(act)];
  });
  return found.length === 0 ? undefined : found;
}

/** What the review after the release is asked for. Both documents' fields, each once. */
export function readReview(context: Context): PlanInput["review"] {
  const { collected, findings } = context;
  const fields: { field: string; hint?: string }[] = [];
  const attendees: string[] = [];
  for (const { line } of linesOf(collected, "review")) {
    const field = lineIn(line, "field", findings);
    if (field === undefined) {
      findings.notUnderstood("review", line.place(), "a field of the review without a name");
      continue;
    }
    if (isOverviewField(field)) {
      findings.notUnderstood("review", line.place(), `"${field}" belongs to the release overview`);
      continue;
    }
    const hint = proseIn(line, "description", findings);
    if (/^attendees?$/i.test(field)) {
      attendees.push(
        ...(hint ?? "")
          .split(/[,;\n]/)
          .map((one) => one.trim())
          .filter((one) => one !== ""),
      );
      continue;
    }
    const known = fields.find((one) => one.field.toLowerCase() === field.toLowerCase());
    if (known === undefined) fields.push(defined({ field, hint }));
    else if (hint !== undefined) {
      if (known.hint !== undefined && known.hint !== hint) {
        findings.notUnderstood(
          "review-hint",
          line.place("description"),
          `"${field}" is described above already: ${hint}`,
        );
      }
      known.hint ??= hint;
    }
  }
  return { fields, attendees: [...new Set(attendees)].filter((name) => !isPlaceholder(name)) };
}

/** The promise that the way back is tried, wherever the documents make it. */
export function readRehearsal(texts: readonly Text[]): PlanInput["rehearsal"] {
  const promises = texts.filter(
    ({ text }) => /roll ?back/i.test(text) && /\btest(?:ed)?|rehears|drill|verif/i.test(text),
  );
  const all = promises.map(({ text }) => text).join("\n");
  const within = /within (\d{1,3}) days?/i.exec(all)?.[1];
  const on = /(?:on|at|:) ?(\d{4}-\d{2}-\d{2})\b/i.exec(all.replaceAll(/[\u2010-\u2015]/g, "-"))?.[1];
  const environment = /\b(?:in|on) (?:the )?(staging|stage|pre-?prod(?:uction)?|qa|uat)\b/i
    .exec(all)?.[1]
    ?.toLowerCase();
  if (within === undefined && on === undefined) return undefined;
  return defined({
    withinDays: within === undefined ? undefined : Math.min(365, Math.max(1, Number(within))),
    lastOn: on !== undefined && !Number.isNaN(Date.parse(on)) ? on : undefined,
    environment,
  });
}
