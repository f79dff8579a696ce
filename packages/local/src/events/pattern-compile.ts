import type { Scalar } from "./fields.ts";
import { PatternProblem } from "./pattern-problem.ts";
import { parseValueTest, type ValueTest } from "./value-test.ts";

/** What a pattern asks of one field. */
export interface Leaf {
  readonly path: string;
  readonly accepts: (value: Scalar) => boolean;
  /** Whether `exists: false` is among the alternatives. */
  readonly orAbsent: boolean;
  /** The strings, where nothing but exact strings is asked for: what rules are indexed by. */
  readonly strings: readonly string[] | undefined;
}

/** All leaves must match. A pattern without `$or` is one branch. */
export interface Branch {
  /** In the order of their paths. */
  readonly leaves: readonly Leaf[];
}

type Draft = Map<string, Leaf>;

/** AWS: the number of combinations that the `$or`s of a pattern make must stay under 1,000. */
const MOST_BRANCHES = 1_000;

/** Words that event-ruler keeps for itself inside `$or`. */
const reserved = new Set(
  (
    "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex " +
    "not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before " +
    "in-date-range ip-address-in-range ip-address-not-in-range"
  ).split(" "),
);

export function compile(pattern: object): Branch[] {
  const drafts = compileObject(pattern, "", [], false);
  return drafts.map((draft) => ({
    leaves: [...draft.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
  }));
}

/**
 * Takes the drafts made so far and answers them with the object's leaves added, multiplied by its `$or`s. The
 * leaf written last wins: a branch of `$or` overrides the same leaf of the pattern around it.
 */
function compileObject(node: object, prefix: string, drafts: readonly Draft[], insideOr: boolean): Draft[] {
  const entries = Object.entries(node);
  if (entries.length === 0) throw at(prefix, "Empty objects are not allowed");
  let made = [...drafts];
  for (const [name, value] of entries) {
    const path = prefix + name;
    if (name === "$or") {
      made = compileOr(value, prefix, made);
    } else if (insideOr && reserved.has(name)) {
      throw at(path, `${name} is Ruler reserved fieldName which cannot be used inside $or.`);
    } else if (Array.isArray(value)) {
      const leaf = compileLeaf(path, value);
      if (made.length === 0) made.push(new Map());
      for (const draft of made) draft.set(path, leaf);
    } else if (typeof value === "object" && value !== null) {
      made = compileObject(value, `${path}.`, made, insideOr);
    } else {
      throw at(path, `"${name}" must be an object or an array`);
    }
  }
  return made;
}

function compileOr(value: unknown, prefix: string, drafts: readonly Draft[]): Draft[] {
  const path = `${prefix}$or`;
  if (!Array.isArray(value)) throw at(path, "It must be an Array followed with $or.");
  const made: Draft[] = [];
  for (const option of value) {
    if (typeof option !== "object" || option === null || Array.isArray(option)) {
      throw at(path, "Only JSON object is allowed in array of $or relationship.");
    }
    const copies = drafts.length === 0 ? [new Map()] : drafts.map((draft) => new Map(draft));
    made.push(...compileObject(option, prefix, copies, true));
    if (made.length >= MOST_BRANCHES) {
      throw at(path, `Rule is too complex - its $or makes ${MOST_BRANCHES} combinations or more`);
    }
  }
  if (value.length < 2) throw at(path, "There must have at least 2 Objects in $or relationship.");
  return made;
}

function compileLeaf(path: string, values: readonly unknown[]): Leaf {
  if (values.length === 0) throw at(path, "Empty arrays are not allowed");
  const tests = values.map((value) => {
    try {
      return parseValueTest(value);
    } catch (error) {
      throw error instanceof PatternProblem ? at(path, error.message) : error;
    }
  });
  const exact = new Set(tests.filter((test) => test.kind === "exact").map((test) => test.value));
  const accepting = tests.filter((test) => test.kind === "test").map((test) => test.accepts);
  return {
    path,
    accepts: (value) => exact.has(value) || accepting.some((accepts) => accepts(value)),
    orAbsent: tests.some((test) => test.kind === "absent"),
    strings: stringsOf(tests),
  };
}

function stringsOf(tests: readonly ValueTest[]): string[] | undefined {
  const strings: string[] = [];
  for (const test of tests) {
    if (test.kind !== "exact" || typeof test.value !== "string") return undefined;
    strings.push(test.value);
  }
  return strings;
}

/** The first line is AWS's; the second says where. */
function at(path: string, message: string): PatternProblem {
  return new PatternProblem(`${message}\n at ${path === "" ? "the top of the pattern" : path}`);
}
