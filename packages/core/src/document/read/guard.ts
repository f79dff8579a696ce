import type { Place } from "../../kit/problem.ts";
import type { Findings } from "../findings.ts";

/** Longer documents are refused before they are read. The longest runbook we know of is a ninth of this. */
export const LONGEST_DOCUMENT = 400_000;

/** More lines than any document that people keep by hand. */
const MOST_LINES = 12_000;
const MOST_COLUMNS = 200;

/** What one blank-line-delimited stretch may cost the Markdown parser, whose worst cases are quadratic. */
const MOST_WORK = 20_000_000;
const DEEPEST_QUOTE = 40;
const DEEPEST_LIST = 12;
const DEEPEST_INDENT = 200;
/** How many lists may be opened inside another on the same line, in a whole document. */
const MOST_NESTED = 2_000;

/**
 * Refuses what is no document before the parser sees it: binary data, texts that are too long, and texts
 * made to keep a Markdown parser busy (thousands of unclosed brackets or stars, hundreds of nested quotes).
 * One pass over the characters.
 */
export function isReadable(file: string, text: string, findings: Findings): boolean {
  const start: Place = { file, line: 1, column: 1 };
  if (text.length > LONGEST_DOCUMENT) {
    const fix = "split it, or leave out what is not about this release";
    const message = `the document has ${text.length} characters; at most ${LONGEST_DOCUMENT} are read`;
    findings.error("too-large", start, message, fix);
    return false;
  }
  const lines = text.split("\n").length;
  if (lines > MOST_LINES) {
    const message = `the document has ${lines} lines; at most ${MOST_LINES} are read`;
    findings.error("too-large", start, message, "leave out what is not about this release");
    return false;
  }
  const nul = text.indexOf("\u0000");
  if (nul >= 0) {
    const before = text.slice(0, nul).split("\n");
    const place = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    findings.error("not-text", place, "a NUL byte: this is not a text in UTF-8", "save it as UTF-8 text");
    return false;
  }
  const line = tangledLine(text);
  if (line !== undefined) {
    const message = "too many brackets, stars, columns or nested lists and quotes in one place to be read";
    findings.error("tangled", { file, line, column: 1 }, message, "put blank lines between its parts");
    return false;
  }
  return true;
}

/** The line on which the parser's work would get out of hand. */
function tangledLine(text: string): number | undefined {
  let work = 0;
  let marks = 0;
  let inTable = false;
  let nested = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const lead = leadOf(line);
    if (lead.quotes > DEEPEST_QUOTE || lead.indent > DEEPEST_INDENT || lead.bullets > DEEPEST_LIST) {
      return index + 1;
    }
    nested += Math.max(0, lead.bullets + lead.quotes - 1);
    if (nested > MOST_NESTED || line.split("|").length > MOST_COLUMNS) return index + 1;
    const isRow = line.includes("|");
    if (line.trim() === "") {
      marks = 0;
      inTable = false;
    } else if (isRow && isDelimiterRow(line)) {
      inTable = true;
    }
    // The cells of a table are read one by one; in a paragraph every mark may pair with every other.
    if (inTable && isRow) marks = 0;
    const here = countMarks(line);
    work += here * (here + 2 * marks);
    marks += here;
    if (work > MOST_WORK) return index + 1;
  }
  return undefined;
}

function leadOf(line: string): { quotes: number; indent: number; bullets: number } {
  let quotes = 0;
  let indent = 0;
  let bullets = 0;
  for (const character of line) {
    if (character === ">") quotes++;
    else if (character === " " || character === "\t") indent++;
    else if (character === "-" || character === "*" || character === "+") bullets++;
    else break;
  }
  // A rule of dashes or stars is one line of many bullets and no nesting.
  return { quotes, indent, bullets: bullets > 0 && indent > 0 && new Set(line).size > 2 ? bullets : 0 };
}

function isDelimiterRow(line: string): boolean {
  return line.includes("-") && [...line].every((character) => "|:- \t\r".includes(character));
}

function countMarks(line: string): number {
  let count = 0;
  for (const character of line) if ("[]*_~!".includes(character)) count++;
  return count;
}
