/**
 * What is wrong with something that was given to us, for the person who gave it: what, where, what is
 * allowed, what to do next. A list of these is what the plan's parser, the importer and the linter answer.
 */
export interface Problem {
  /** Stable, for scripts: `plan.percent-falls`. */
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What to write or do instead. */
  readonly fix?: string;
  /** RFC 6901, into the plan. */
  readonly pointer?: string;
  /** In the text that was read. 1-based. */
  readonly place?: Place;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

/** A JSON pointer from its parts. */
export function pointer(...parts: (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export function pointerParts(text: string): string[] {
  if (text === "") return [];
  return text
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** One line, as compilers print it: `plan.yaml:12:7 error plan.percent-falls: …`. */
export function formatProblem(problem: Problem): string {
  const where = problem.place
    ? `${problem.place.file}:${problem.place.line}:${problem.place.column}`
    : (problem.pointer ?? "");
  const fix = problem.fix === undefined ? "" : `\n    ${problem.fix}`;
  return `${where}${where === "" ? "" : " "}${problem.severity} ${problem.code}: ${problem.message}${fix}`;
}
