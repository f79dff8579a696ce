import type { Instant } from "../kit/instant.ts";
import { parseInstant } from "../kit/instant.ts";
import type { Place, Problem } from "../kit/problem.ts";
import { checkPlan } from "../plan/read.ts";
import type { Plan } from "../plan/schema.ts";
import { assemble } from "./assemble.ts";
import { asProblem, type Finding, Findings } from "./findings.ts";
import { collect, type File } from "./section/collect.ts";
import { withSettings } from "./section/settings.ts";

export interface Imported {
  /** Present only when there are no errors. Every default is filled in. */
  readonly plan?: Plan;
  readonly findings: readonly Finding[];
  /** The findings in the form in which the plan's parser and the linter answer. */
  readonly problems: readonly Problem[];
}

/**
 * Makes a plan of the Markdown documents that a team keeps: a deployment runbook, a release and rollback
 * plan, or both. Tables are known by their columns. What is not understood is in the findings, with its file
 * and line; nothing is dropped in silence, and nothing that the documents hold makes this throw.
 *
 * `date` is T where the documents do not say it (`2025-06-04 02:00`, UTC).
 */
export function importDocuments(
  files: readonly File[],
  options: { readonly date?: string; readonly id?: string } = {},
): Imported {
  const findings = new Findings();
  const first: Place = { file: files[0]?.name ?? "documents", line: 1, column: 1 };
  const date = dateOf(options.date, first, findings);
  const collected = collect(files, findings);
  if (collected.documents.length === 0) {
    if (findings.all.length === 0) findings.error("none", first, "there is no document to read");
    return imported(undefined, findings);
  }
  const { input, places } = assemble(collected, findings, {
    ...(date === undefined ? {} : { date }),
    ...(options.id === undefined ? {} : { id: options.id }),
  });
  const canonical = canonicalOf(input);
  const checked = checkPlan(
    collected.settings.length === 0 ? canonical : withSettings(canonical, collected.settings, findings),
  );
  const top = collected.documents[0]?.place ?? first;
  for (const problem of checked.problems) explain(problem, places, top, findings);
  return imported(checked.plan, findings);
}

/** What the tables say without the settings: the plan, or what there is of one. Settings are about this. */
export function readTables(files: readonly File[]): unknown {
  const findings = new Findings();
  return canonicalOf(assemble(collect(files, findings), findings, {}).input);
}

function canonicalOf(input: unknown): unknown {
  return checkPlan(input).plan ?? input;
}

function imported(plan: Plan | undefined, findings: Findings): Imported {
  const { all } = findings;
  const isPlan = plan !== undefined && all.every(({ severity }) => severity !== "error");
  return { ...(isPlan ? { plan } : {}), findings: all, problems: all.map(asProblem) };
}

function dateOf(text: string | undefined, place: Place, findings: Findings): Instant | undefined {
  if (text === undefined) return undefined;
  const date = parseInstant(text);
  if (date === undefined)
    findings.error("date", place, `"${text}" is no date`, "write 2025-06-04 02:00 (UTC)");
  return date;
}

/** A problem of the plan as one of the documents that it came from. */
function explain(problem: Problem, places: ReadonlyMap<string, Place>, top: Place, findings: Findings): void {
  const where = problem.pointer ?? "";
  const place = [...places].find(([path]) => where.startsWith(path))?.[1] ?? top;
  switch (where) {
    case "/start":
      findings.error(
        "no-start",
        place,
        "nothing says when T is",
        "add a row Start Date (UTC), or give the date",
      );
      return;
    case "/components":
      findings.error("no-components", place, "no table says what is released", PHASES);
      return;
    case "/steps":
      findings.error("no-steps", place, "no table says what is done", PHASES);
      return;
    default:
      findings.error("invalid", place, problem.message, problem.fix);
  }
}

const PHASES = "add a table of phases (Component, % Traffic, Start Time, Monitoring Window) or a timeline";
