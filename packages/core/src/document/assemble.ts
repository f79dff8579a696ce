import { RELEASE_MANAGER } from "../authority/authority.ts";
import type { Instant } from "../kit/instant.ts";
import type { Place } from "../kit/problem.ts";
import { slug } from "../kit/text.ts";
import type { PlanInput } from "../plan/schema.ts";
import type { Findings } from "./findings.ts";
import { Components } from "./infer/components.ts";
import { cut } from "./read/tidy.ts";
import { readClosing, readObligations, readRehearsal, readReview, readValidations } from "./section/after.ts";
import type { Collected } from "./section/collect.ts";
import { readChannels, readMessages } from "./section/communication.ts";
import { type Context, defined, type MetricInput, type TriggerInput } from "./section/context.ts";
import {
  readApprovals,
  readChecklist,
  readContacts,
  readEnvironments,
  readFreezes,
  readPoll,
} from "./section/gates.ts";
import { readMatrix, withoutTaken } from "./section/matrix.ts";
import { isMachineRead, readMetrics } from "./section/metrics.ts";
import { type Overview, readChange, readOverview } from "./section/overview.ts";
import { finishPhases, isJoined, mergeRows, readPhases } from "./section/phases.ts";
import { Roles } from "./section/roles.ts";
import { readRollback } from "./section/rollback.ts";
import { readSteps } from "./section/steps.ts";
import { readComponents, settleTargets } from "./section/targets.ts";
import { readTimeline } from "./section/timeline-rows.ts";
import { readTriggers } from "./section/triggers.ts";

export interface ImportOptions {
  /** T, where the documents do not say it. */
  readonly date?: Instant;
  /** The plan's id, where they do not. */
  readonly id?: string;
}

/** The plan that the tables make, before it is checked; and where to look when something in it is amiss. */
export interface Assembled {
  readonly input: Partial<PlanInput>;
  readonly places: ReadonlyMap<string, Place>;
}

/** Puts a plan together from what the documents' tables and texts say. */
export function assemble(collected: Collected, findings: Findings, options: ImportOptions): Assembled {
  const overview = readOverview(collected, findings);
  const start = overview.start ?? options.date;
  const roles = new Roles(findings);
  const context: Context = { collected, findings, roles, components: new Components(), start };
  roles.named(RELEASE_MANAGER);
  if (overview.releaseManager !== undefined) roles.people(RELEASE_MANAGER, overview.releaseManager);

  readComponents(context);
  const checklist = readChecklist(context);
  const rows = readTimeline(context);
  const rollback = readRollback(context);
  settleTargets(context);
  const metrics = readMetrics(context, new Set());
  const ids = new Set<string>();
  const drafts = readPhases(context, ids);
  mergeRows(context, drafts, rows, ids);
  const phases = finishPhases(context, drafts);
  const left = rows.filter((row) => !isJoined(drafts, row));
  const steps = readSteps(context, left, phases, metrics, ids);
  const listed = readTriggers(context, metrics);
  const matrix = readMatrix(context, metrics, listed);
  const triggers = [...listed, ...matrix.triggers];
  const validations = readValidations(context, metrics);
  const channels = readChannels(context);
  const messages = readMessages(context, channels, phases);
  const review = readReview(context);
  const approvals = readApprovals(context);
  const poll = readPoll(context);
  readContacts(context);
  const environments = readEnvironments(context);
  const places = new Map<string, Place>();
  for (const [index, one] of context.components.all.entries()) places.set(`/components/${index}`, one.place);

  return {
    places,
    input: defined({
      gonogo: 1 as const,
      id: idOf(overview, collected, options, findings),
      title: overview.title ?? collected.documents[0]?.title,
      description: overview.description,
      start: start as string | undefined,
      expectedCompletion: overview.expectedCompletion as string | undefined,
      environment: overview.environment ?? targetOf(environments),
      releaseManager: overview.releaseManager,
      change: overview.change,
      ...readChange(overview, findings),
      documents: collected.documents.map(({ kind, title }) => ({ kind, title: cut(title, 500) })),
      environments,
      roles: roles.all,
      components: context.components.all.map(({ id, name, target }) => ({
        id,
        name,
        target: target ?? { kind: "manual" as const },
      })),
      checklist,
      approvals,
      poll,
      freezes: readFreezes(context),
      metrics,
      baseline: baselineFor(collected, metrics, triggers, findings),
      steps,
      triggers,
      rollback,
      rehearsal: readRehearsal(collected.texts),
      validations,
      messages,
      channels,
      review,
      obligations: readObligations(context),
      closing: readClosing(context),
      notes: notesOf(collected, findings, matrix.taken),
    }),
  };
}

/** A baseline, where the documents ask for one or hold something against it. */
function baselineFor(
  collected: Collected,
  metrics: readonly MetricInput[],
  triggers: readonly TriggerInput[],
  findings: Findings,
): PlanInput["baseline"] {
  const said = collected.texts.find(({ text }) =>
    /\b(?:health baseline|baseline snapshot|snapshot (?:of )?(?:the )?key metrics)\b/i.test(text),
  );
  const written = [...metrics.map(({ threshold }) => threshold), ...triggers.map(({ when }) => when ?? "")];
  const held = written.find((text) => /\bbaseline\b/.test(text));
  const place = said?.place ?? collected.documents[0]?.place;
  if ((said === undefined && held === undefined) || place === undefined) return undefined;
  const isMeasured = metrics.some(isMachineRead);
  if (!isMeasured && held === undefined) return undefined;
  const why =
    held === undefined ? "the documents ask for a snapshot of the metrics" : `"${held}" is held against one`;
  const message = `a baseline is taken before the start, over 30 min: ${why}`;
  findings.note("baseline", place, message, "baseline.over and baseline.metrics say otherwise");
  return {};
}

/** The environment that a release changes: production, by whatever name the runbook has for it. */
function targetOf(environments: readonly { readonly name: string }[]): string | undefined {
  const production = environments.find(({ name }) => /^production$/i.test(name));
  return (production ?? environments.find(({ name }) => /\b(?:prod|live)/i.test(name)) ?? environments[0])
    ?.name;
}

function idOf(overview: Overview, collected: Collected, options: ImportOptions, findings: Findings): string {
  const given = overview.id ?? options.id;
  const place = overview.place ?? collected.documents[0]?.place ?? { file: "documents", line: 1, column: 1 };
  if (given !== undefined) {
    const clean = given
      .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[._-]+/, "")
      .slice(0, 64);
    if (clean === given) return given;
    findings.warning("id", place, `"${given}" cannot be a plan's id; it becomes "${clean}"`);
    if (clean !== "") return clean;
  }
  const made = slug(overview.title ?? collected.documents[0]?.title ?? "") || "release";
  findings.warning(
    "no-id",
    place,
    `the release has no id; it is called "${made}"`,
    "add a row Plan ID to the overview",
  );
  return made;
}

/** The longest note that a plan takes, and how many of them. */
const LONGEST_NOTE = 10_000;
const MOST_NOTES = 200;

function notesOf(
  collected: Collected,
  findings: Findings,
  taken: ReadonlySet<string>,
): NonNullable<PlanInput["notes"]> {
  const notes = collected.texts.map(({ document, section, text: whole, place }) => {
    const text = withoutTaken(whole, taken);
    if (text.length > LONGEST_NOTE) {
      findings.warning(
        "long-note",
        place,
        `${text.length} characters; only the first ${LONGEST_NOTE} are kept`,
      );
    }
    return { document, section: cut(section, 500) || document, text: cut(text, LONGEST_NOTE) };
  });
  for (const { place, section } of collected.texts.slice(MOST_NOTES)) {
    findings.notUnderstood(
      "note",
      place,
      `the text under "${section}" is left out: a plan takes ${MOST_NOTES} notes`,
    );
  }
  return notes.filter(({ text }) => text !== "").slice(0, MOST_NOTES);
}
