import type { Place } from "../../kit/problem.ts";
import type { Section } from "../read/parse.ts";

/** What a list of a decision matrix is about. */
export type MatrixList = "rollback" | "evaluate" | "fix-forward";

/** One line of such a list. */
export interface MatrixItem {
  readonly list: MatrixList;
  /** As it was written, without its bullet. */
  readonly text: string;
  readonly place: Place;
}

/** What a heading, or a line before a list, calls it. The refusal to roll back comes first: it names both. */
const LISTS: readonly (readonly [MatrixList, RegExp])[] = [
  ["fix-forward", /\bfix(?:ing)?[- ]forward\b|\bno roll ?back\b|\bdo not roll ?back\b/i],
  ["evaluate", /\b(?:evaluate|consider|discuss|decide on)\b.{0,20}\broll ?back\b/i],
  [
    "rollback",
    /\bimmediate(?:ly)?\b.{0,20}\broll ?back\b|\broll ?back\b.{0,20}\bimmediate(?:ly)?\b|\bwhen to roll ?back\b/i,
  ],
];

const ITEM = /^- (?:\[[ x]\] )?(.+)$/;
/** A line that introduces a list is short; a sentence that speaks of a rollback is none. */
const LONGEST_LEAD = 80;

function listCalled(text: string): MatrixList | undefined {
  return LISTS.find(([, form]) => form.test(text))?.[0];
}

/** The items of lists under a heading, or after a line, that says what is done about them. */
export function matrixIn(section: Section): MatrixItem[] {
  const found: MatrixItem[] = [];
  let list = listCalled(section.title);
  for (const block of section.blocks) {
    if (block.type !== "prose") {
      list = listCalled(section.title);
      continue;
    }
    for (const [index, line] of block.text.split("\n").entries()) {
      const item = ITEM.exec(line)?.[1];
      if (item === undefined) {
        if (line.length <= LONGEST_LEAD) list = listCalled(line) ?? (/:$/.test(line) ? undefined : list);
      } else if (list !== undefined) {
        found.push({ list, text: item, place: { ...block.place, line: block.place.line + index } });
      }
    }
  }
  return found;
}
