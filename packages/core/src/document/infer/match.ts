import { words } from "../../kit/text.ts";

/** Words that tables put beside a name without meaning anything else by them. */
const IDLE = new Set(
  "the a an of to in for on at and or rate check confirm verify monitor metric alarm alert cloudwatch sentry below under rollback revert".split(
    " ",
  ),
);

/** Tables are compared name by name, so the same few names are taken apart again and again. */
const known = new Map<string, ReadonlySet<string>>();

function tellingWords(text: string): ReadonlySet<string> {
  const before = known.get(text);
  if (before !== undefined) return before;
  const telling = new Set(
    words(text.replaceAll("-", " "))
      .map((word) => word.replace(/(?<=[a-z]{3})s$/, ""))
      .filter((word) => !IDLE.has(word)),
  );
  if (known.size >= 1_000) known.clear();
  known.set(text, telling);
  return telling;
}

/** How much two names have in common: 0 for nothing, 1 where one is wholly in the other. */
export function likeness(a: string, b: string): number {
  const [left, right] = [tellingWords(a), tellingWords(b)];
  const shared = [...left].filter((word) => right.has(word)).length;
  if (shared === 0) return 0;
  // The small share of the longer name decides between two that both hold the shorter one.
  return shared / Math.min(left.size, right.size) + shared / (left.size + right.size) / 10;
}

/** The item whose name the text is most like, if it is like any. */
export function mostLike<T>(text: string, items: readonly T[], nameOf: (item: T) => string): T | undefined {
  const scored = items
    .map((item) => ({ item, score: likeness(text, nameOf(item)) }))
    .filter(({ score }) => score >= 0.5)
    .toSorted((a, b) => b.score - a.score);
  return scored[0]?.item;
}
