import type { RootContent } from "mdast";
import { stringify } from "yaml";
import type { AuditRecord } from "../../audit/schema.ts";
import { readable } from "../../erasure/readable.ts";
import { planDigest } from "../../plan/read.ts";
import type { Plan } from "../../plan/schema.ts";
import type { ReleaseState } from "../../release/state.ts";
import { importDocuments, readTables } from "../import.ts";
import { difference, type Json } from "../patch.ts";
import { type File, SETTINGS_HEADING } from "../section/collect.ts";
import { WHOLE_PLAN } from "../section/settings.ts";
import type { TableKind } from "../table/kinds.ts";
import type { Export } from "./context.ts";
import { code, heading, paragraph, writeMarkdown } from "./markdown.ts";
import { releaseRecord } from "./record.ts";
import { releasePlan } from "./release-plan.ts";
import { runbook } from "./runbook.ts";

/**
 * The runbook and the release plan as completed documents: the tables that a plan is imported from, with
 * what the release has answered so far. Without a state they are the plan's own, with nothing filled in.
 *
 * With every plan that the release had, the first one first, each of its revisions is told with all that differs.
 *
 * Importing both gives the same plan, with the same digest, whatever the state. What the tables cannot say
 * (ids, limits, where a metric is read) stands in a block of settings at the end, and only that.
 */
export function exportMarkdown(
  plan: Plan,
  state?: ReleaseState,
  records: readonly AuditRecord[] = [],
  nameOf: (id: string) => string = (id) => id,
  plans: readonly Plan[] = [],
): File[] {
  const blank: Export = { plan, state: undefined, records: [], nameOf, withIds: new Set() };
  const withIds = tablesThatNeedIds(plan, readTables(written(runbook(blank), releasePlan(blank))));
  const context: Export = { plan, state, records: readable(records), nameOf, plans, withIds };
  const first = runbook(context);
  const second = releasePlan(context);
  // Nothing under the record's heading is read, so the measuring goes without it.
  const record = releaseRecord(context);
  const patch = difference(readTables(written(first, second)) as Json, plan as unknown as Json);
  if (patch === undefined) return written(first, [...second, ...record]);
  const said = settings(stringify(patch, { lineWidth: 0 }));
  const back = importDocuments(written(first, [...second, ...said])).plan;
  const isSame = back !== undefined && planDigest(back) === planDigest(plan);
  const block = isSame ? said : settings(ascii({ [WHOLE_PLAN]: plan }));
  return written(first, [...second, ...record, ...block]);
}

/** Plan, state and the whole log, for machines; of a release that was revised every plan, the first one first. */
export function exportJson(
  plan: Plan,
  state: ReleaseState,
  records: readonly AuditRecord[],
  plans: readonly Plan[] = [],
): File {
  const all = plans.map((one, index) => ({ revision: index + 1, digest: planDigest(one), plan: one }));
  const revisions = all.length > 1 ? { revisions: all } : {};
  const whole = { format: 1, digest: planDigest(plan), plan, ...revisions, state, records };
  const text = JSON.stringify(whole, null, 2);
  return { name: `${state.id}.json`, text: `${text}\n` };
}

function written(first: readonly RootContent[], second: readonly RootContent[]): File[] {
  return [
    { name: "runbook.md", text: writeMarkdown(first) },
    { name: "release-plan.md", text: writeMarkdown(second) },
  ];
}

function settings(text: string): RootContent[] {
  return [
    heading(2, SETTINGS_HEADING),
    paragraph("What the tables of both documents cannot say. gonogo reads it; keep it with them."),
    code("yaml", "gonogo", text.trimEnd()),
  ];
}

/** JSON that no Markdown or YAML reader can take for anything else. */
function ascii(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, 1).replace(/[^\n\x20-\x5f\x61-\x7e]/g, escaped);
}

/** Tables whose rows alone do not give the ids that the plan has. */
function tablesThatNeedIds(plan: Plan, imported: unknown): Set<TableKind> {
  const read = imported as Partial<Plan>;
  const differs = <T extends { id: string }>(own: readonly T[], other: readonly T[] | undefined) =>
    own.map(({ id }) => id).join() !== (other ?? []).map(({ id }) => id).join();
  const rows = (steps: Plan["steps"] | undefined) => (steps ?? []).filter(({ kind }) => kind !== "phase");
  const shifts = (steps: Plan["steps"] | undefined) => (steps ?? []).filter(({ kind }) => kind === "phase");
  const found = new Set<TableKind>();
  if (difference((read.components ?? []) as Json, plan.components as Json) !== undefined)
    found.add("components");
  if (differs(plan.checklist, read.checklist)) found.add("checklist");
  if (differs(plan.metrics, read.metrics)) found.add("metrics");
  if (differs(plan.triggers, read.triggers)) found.add("triggers");
  if (differs(plan.validations, read.validations)) found.add("validation");
  if (differs(plan.messages, read.messages)) found.add("messages");
  if (differs(shifts(plan.steps), shifts(read.steps))) found.add("phases").add("timeline");
  if (differs(rows(plan.steps), rows(read.steps))) found.add("timeline");
  return found;
}
