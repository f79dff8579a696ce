import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type Place, type Problem, pointerParts } from "../kit/problem.ts";
import { checkPlan } from "./check.ts";
import type { Plan } from "./schema.ts";

export { problemsOf } from "../kit/check-value.ts";
export { checkPlan } from "./check.ts";
export { planDigest } from "./digest.ts";

/** Larger texts are refused before they are read. The longest plan we know of is a tenth of this. */
export const LONGEST_PLAN = 1_000_000;

export interface ReadPlan {
  /** Present only when there are no errors. */
  readonly plan?: Plan;
  readonly problems: readonly Problem[];
  /** Where in the text a JSON pointer leads, or the nearest place above it. */
  locate(pointer: string): Place;
}

/**
 * Reads a plan from YAML or JSON. Never throws: what is wrong is in `problems`, each with its file, line
 * and column.
 */
export function readPlan(text: string, file = "plan"): ReadPlan {
  const { value, ...rest } = readChecked(text, file, (given) => {
    const { plan, problems } = checkPlan(given);
    return { ...(plan === undefined ? {} : { value: plan }), problems };
  });
  return { ...(value === undefined ? {} : { plan: value }), ...rest };
}

interface ReadText<T> extends Omit<ReadPlan, "plan"> {
  readonly value?: T;
}

/** The same for whatever is written in YAML or JSON and checked by a schema. */
export function readChecked<T>(
  text: string,
  file: string,
  check: (value: unknown) => { value?: T; problems: Problem[] },
): ReadText<T> {
  const start: Place = { file, line: 1, column: 1 };
  const refuse = (code: string, message: string, place: Place = start): ReadText<T> => ({
    problems: [{ code, severity: "error", message, place }],
    locate: () => start,
  });
  if (text.length > LONGEST_PLAN) {
    return refuse("plan.too-large", `it has ${text.length} characters; at most ${LONGEST_PLAN} are read`);
  }
  const nul = text.indexOf("\u0000");
  if (nul >= 0) {
    const before = text.slice(0, nul).split("\n");
    const place = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return refuse("plan.nul", "a NUL byte; it has to be UTF-8 text", place);
  }

  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  const placeOf = (position: number): Place => {
    const { line, col } = lines.linePos(position);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    return {
      problems: document.errors.slice(0, 20).map((error) => ({
        code: "plan.syntax",
        severity: "error" as const,
        message: (error.message.split("\n")[0] ?? error.message).replace(/ at line \d+, column \d+:?$/, ""),
        place: placeOf(error.pos[0]),
      })),
      locate: () => start,
    };
  }

  const locate = (where: string, key = false): Place => {
    const position = positionOf(document.contents, pointerParts(where), key);
    return position === undefined ? start : placeOf(position);
  };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return refuse("plan.syntax", error instanceof Error ? error.message : "the YAML cannot be read");
  }
  const result = check(value);
  return {
    ...(result.value === undefined ? {} : { value: result.value }),
    problems: result.problems.map((problem) => ({
      ...problem,
      place: locate(problem.pointer ?? "", problem.code.endsWith(".unknown-field")),
    })),
    locate: (where) => locate(where),
  };
}

/** The source position of a path, as deep as it exists; of the key itself where `key` asks for it. */
function positionOf(root: unknown, path: string[], key: boolean): number | undefined {
  let node = root;
  let position = (root as Node | null)?.range?.[0];
  for (const [index, part] of path.entries()) {
    const last = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part);
      if (pair === undefined) return position;
      const keyPosition = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      node = pair.value;
      position =
        (last && key ? keyPosition : (pair.value as Node | null)?.range?.[0]) ?? keyPosition ?? position;
    } else if (isSeq(node)) {
      const item = node.items[Number(part)];
      if (item === undefined) return position;
      node = item;
      position = (item as Node).range?.[0] ?? position;
    } else {
      return position;
    }
  }
  return position;
}
