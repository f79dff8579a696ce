import type { z } from "zod";
import { type Problem, pointer } from "./problem.ts";

/** Checks what is already a value: what came as JSON through the API. */
export function checkValue<S extends z.ZodType>(
  value: unknown,
  what: string,
  schema: S,
): { value?: z.infer<S>; problems: Problem[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, problems: [] };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, what)) };
}

/** What a schema found, in words. */
export function problemsOf(issue: z.core.$ZodIssue, what = "plan"): Problem[] {
  const where = pointer(...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part)));
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        code: `${what}.unknown-field`,
        severity: "error",
        message: `"${key}" is not a field of ${where === "" ? `a ${what}` : where}`,
        fix: `see docs/${what}-reference.md for the fields there are`,
        pointer: `${where}${pointer(key)}`,
      }));
    case "invalid_union": {
      // The union's own text says nothing; the branch that came furthest says what is wrong.
      const deepest = issue.errors
        .flat()
        .toSorted((a, b) => b.path.length - a.path.length)
        .at(0);
      if (deepest === undefined) return [plainProblem(where, issue.message, what)];
      return problemsOf({ ...deepest, path: [...issue.path, ...deepest.path] } as z.core.$ZodIssue, what);
    }
    case "invalid_type": {
      const message = issue.message.endsWith("received undefined")
        ? `it is missing; it has to be ${KINDS[issue.expected] ?? issue.expected}`
        : issue.message;
      return [plainProblem(where, message, what)];
    }
    default:
      return [plainProblem(where, issue.message, what)];
  }
}

/** What is asked for, in the words of whoever writes YAML. */
const KINDS: Readonly<Record<string, string>> = {
  array: "a list",
  object: "a group of fields",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function plainProblem(where: string, message: string, what: string): Problem {
  return {
    code: `${what}.invalid`,
    severity: "error",
    message: `${where || `the ${what}`}: ${message}`,
    pointer: where,
  };
}
