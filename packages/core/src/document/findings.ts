import type { Place, Problem } from "../kit/problem.ts";

/** More than this nobody reads; the rest are counted. */
const MOST = 300;

/** What an import has to say about its documents, in the order in which it came upon it. */
export class Findings {
  readonly #problems: Problem[] = [];
  #more = 0;

  error(code: string, place: Place, message: string, fix?: string): void {
    this.#add("error", code, place, message, fix);
  }

  warning(code: string, place: Place, message: string, fix?: string): void {
    this.#add("warning", code, place, message, fix);
  }

  info(code: string, place: Place, message: string, fix?: string): void {
    this.#add("info", code, place, message, fix);
  }

  take(problems: readonly Problem[]): void {
    for (const problem of problems) this.#push(problem);
  }

  get problems(): Problem[] {
    if (this.#more === 0) return this.#problems;
    const message = `${this.#more} more problems like these`;
    return [...this.#problems, { code: "document.more", severity: "warning", message }];
  }

  #add(severity: Problem["severity"], code: string, place: Place, message: string, fix?: string): void {
    const problem = { code: `document.${code}`, severity, message, place };
    this.#push(fix === undefined ? problem : { ...problem, fix });
  }

  #push(problem: Problem): void {
    // An error is never among those that are only counted: it is why there is no plan.
    if (problem.severity !== "error" && this.#problems.length >= MOST) this.#more++;
    else this.#problems.push(problem);
  }
}

/** `runbook.md:12`, as messages name the other line of two that disagree. */
export function spot(place: Place): string {
  return `${place.file}:${place.line}`;
}
