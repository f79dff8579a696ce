import type { Place, Problem } from "../kit/problem.ts";

/**
 * What an import has to say of one spot in a document. `error`: there is no plan until it is put right.
 * `warning`: the plan says something else than the document, or something that cannot be done.
 * `not-understood`: it is no part of the plan. `note`: how something was read that could be read otherwise.
 */
export interface Finding {
  readonly severity: "error" | "warning" | "not-understood" | "note";
  /** Stable, for scripts: `document.no-start`. */
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What to write, or what happens, instead. */
  readonly instead?: string;
}

/** More than this nobody reads; the rest are counted. */
const MOST = 2_000;

/** Gathers what an import finds, in the order in which it comes upon it. */
export class Findings {
  readonly #found: Finding[] = [];
  readonly #uncounted = new Map<string, number>();

  error(code: string, place: Place, message: string, instead?: string): void {
    this.#add("error", code, place, message, instead);
  }

  warning(code: string, place: Place, message: string, instead?: string): void {
    this.#add("warning", code, place, message, instead);
  }

  notUnderstood(code: string, place: Place, message: string, instead?: string): void {
    this.#add("not-understood", code, place, message, instead);
  }

  note(code: string, place: Place, message: string, instead?: string): void {
    this.#add("note", code, place, message, instead);
  }

  /** By file and line, errors of one line before what is less. */
  get all(): Finding[] {
    const sorted = this.#found.toSorted(
      (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
    );
    const more = [...this.#uncounted].map(([file, count]): Finding => {
      const message = `${count} more lines like these were not understood`;
      return { severity: "not-understood", code: "document.more", file, line: 1, column: 1, message };
    });
    return [...sorted, ...more];
  }

  #add(severity: Finding["severity"], code: string, place: Place, message: string, instead?: string): void {
    // An error is never among those that are only counted: it is why there is no plan.
    if (severity !== "error" && this.#found.length >= MOST) {
      this.#uncounted.set(place.file, (this.#uncounted.get(place.file) ?? 0) + 1);
      return;
    }
    const finding = { severity, code: `document.${code}`, ...place, message };
    this.#found.push(instead === undefined ? finding : { ...finding, instead });
  }
}

/** The same in the form that the plan's parser and the linter use. */
export function asProblem(finding: Finding): Problem {
  const { file, line, column, code, message, instead } = finding;
  const severity =
    finding.severity === "error" ? "error" : finding.severity === "note" ? ("info" as const) : "warning";
  const problem: Problem = { code, severity, message, place: { file, line, column } };
  return instead === undefined ? problem : { ...problem, fix: instead };
}

/** One line, as compilers print it. */
export function formatFinding({ file, line, column, severity, message, instead }: Finding): string {
  return `${file}:${line}:${column} ${severity}: ${message}${instead === undefined ? "" : ` (${instead})`}`;
}

/** `runbook.md:12`, as messages name the other line of two that disagree. */
export function spot(place: Place): string {
  return `${place.file}:${place.line}`;
}
