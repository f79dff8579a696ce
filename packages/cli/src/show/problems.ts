import { formatProblem, type Problem } from "@gonogo/core/kit/problem";
import type { Paint } from "../terminal/paint.ts";
import { count } from "./event.ts";

/** Findings as compilers print them, a line each, with what to write instead below. */
export function problemLines(problems: readonly Problem[], paint: Paint): string[] {
  return problems.toSorted(byPlace).flatMap((problem) => {
    const [first = "", ...rest] = formatProblem(problem).split("\n");
    const style = problem.severity === "error" ? "red" : problem.severity === "warning" ? "yellow" : "dim";
    return [first.replace(` ${problem.severity} `, ` ${paint(style, problem.severity)} `), ...rest];
  });
}

/** `2 errors, 1 warning`, or `no problems`. */
export function problemCount(problems: readonly Problem[]): string {
  const severities = ["error", "warning", "info"] as const;
  const counts = severities.flatMap((severity) => {
    const number = problems.filter((problem) => problem.severity === severity).length;
    return number === 0 ? [] : [count(number, severity === "info" ? "note" : severity)];
  });
  return counts.join(", ") || "no problems";
}

/** From the top of each file down; what has no place keeps its own. */
function byPlace({ place: a }: Problem, { place: b }: Problem): number {
  if (a === undefined || b === undefined || a.file !== b.file) return 0;
  return a.line - b.line || a.column - b.column;
}
