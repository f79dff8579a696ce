import { flatten } from "./fields.ts";
import type { BusEvent, RuleRecord } from "./model.ts";
import { matchesFields, type Pattern, parsePattern } from "./pattern.ts";
import type { Branch } from "./pattern-compile.ts";

interface Entry {
  readonly rule: RuleRecord;
  readonly pattern: Pattern;
  readonly order: number;
}

/**
 * The rules of one bus, found by what an event's source or detail-type must be exactly. Rules that do not say
 * are held against every event.
 */
export class RuleIndex {
  #bySource = new Map<string, Entry[]>();
  #byDetailType = new Map<string, Entry[]>();
  #others: Entry[] = [];

  constructor(rules: readonly RuleRecord[]) {
    rules.forEach((rule, order) => {
      if (rule.state === "DISABLED" || rule.pattern === undefined) return;
      const pattern = parsePattern(rule.pattern);
      if (pattern.kind === "invalid") throw new Error(`stored rule ${rule.arn}: ${pattern.message}`);
      this.#add({ rule, pattern, order });
    });
  }

  /** The rules that match, in the order in which they were given. */
  matching(event: BusEvent): RuleRecord[] {
    const fields = flatten(event);
    const candidates = [
      ...(this.#bySource.get(event.source) ?? []),
      ...(this.#byDetailType.get(event["detail-type"]) ?? []),
      ...this.#others,
    ];
    return candidates
      .filter(({ pattern }) => matchesFields(pattern, fields))
      .sort((a, b) => a.order - b.order)
      .map(({ rule }) => rule);
  }

  #add(entry: Entry): void {
    const sources = exactly(entry.pattern.branches, "source");
    const detailTypes = exactly(entry.pattern.branches, "detail-type");
    if (sources !== undefined) for (const source of sources) file(this.#bySource, source, entry);
    else if (detailTypes !== undefined) for (const type of detailTypes) file(this.#byDetailType, type, entry);
    else this.#others.push(entry);
  }
}

/** The values that `path` can have in a match, where every branch names them. */
function exactly(branches: readonly Branch[], path: string): Set<string> | undefined {
  const values = new Set<string>();
  for (const branch of branches) {
    const strings = branch.leaves.find((leaf) => leaf.path === path)?.strings;
    if (strings === undefined) return undefined;
    for (const string of strings) values.add(string);
  }
  return values;
}

function file(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}
