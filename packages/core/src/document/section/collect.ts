import type { Place } from "../../kit/problem.ts";
import { oneOf } from "../../kit/text.ts";
import type { Findings } from "../findings.ts";
import { type MatrixItem, matrixIn } from "../infer/matrix.ts";
import {
  type Block,
  type Code,
  type Document,
  type Prose,
  parseDocument,
  type Section,
  type Table,
} from "../read/parse.ts";
import { cut, isBlank } from "../read/tidy.ts";
import type { TableKind } from "../table/kinds.ts";
import { type KnownTable, recognise } from "../table/recognise.ts";

export interface File {
  readonly name: string;
  readonly text: string;
}

export type DocumentKind = "runbook" | "release-plan";

/** A stretch of text that is no table, with the heading it stands under. */
export interface Text {
  readonly document: DocumentKind;
  readonly section: string;
  readonly path: readonly string[];
  readonly text: string;
  readonly place: Place;
}

/** Everything in the documents, sorted by what it is about and no longer by where it stood. */
export interface Collected {
  readonly documents: readonly {
    readonly kind: DocumentKind;
    readonly title: string;
    readonly place: Place;
  }[];
  readonly tables: readonly KnownTable[];
  readonly texts: readonly Text[];
  /** Items of lists with boxes, under a heading that speaks of a checklist. */
  readonly boxes: readonly { readonly text: string; readonly place: Place }[];
  /** Items of lists that say when to roll back, when to think about it, and when not to. */
  readonly matrix: readonly MatrixItem[];
  /** The block in which an exported document keeps what its tables cannot say. */
  readonly settings: readonly Code[];
}

/** No list of a plan is longer. */
const MOST_ROWS = 200;
const MOST_TABLES = 300;

/** Headings under which a list with boxes is a checklist. */
const CHECKLIST = /check ?-?list|pre-?requisite|pre-?condition|\bgates?\b|before you/i;

const AFTERWARDS = /\bpost|\bafter|success|complet|sign-?off/i;

/** Sections with this heading tell what happened; they are for people and no part of a plan. */
export const RECORD_HEADING = "Release record";
/** What is said under this heading explains the block of settings. */
export const SETTINGS_HEADING = "Plan settings";
export const SETTINGS_LANGUAGE = "yaml gonogo";

/** Reads all files. The order in which they are given does not matter. */
export function collect(files: readonly File[], findings: Findings): Collected {
  const parsed = files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((file) => parseDocument(file.name, file.text, findings) ?? [])
    .map((document) => sortDocument(document, findings))
    .toSorted((a, b) => a.kind.localeCompare(b.kind) * -1);
  return {
    documents: parsed.map(({ kind, title, place }) => ({ kind, title, place })),
    tables: parsed.flatMap(({ tables }) => tables),
    texts: parsed.flatMap(({ texts, kind }) => texts.map((text) => ({ ...text, document: kind }))),
    boxes: parsed.flatMap(({ boxes }) => boxes),
    matrix: parsed.flatMap(({ matrix }) => matrix),
    settings: parsed.flatMap(({ settings }) => settings),
  };
}

function sortDocument(document: Document, findings: Findings) {
  const tables: KnownTable[] = [];
  const texts: Omit<Text, "document">[] = [];
  const settings: Code[] = [];
  const boxes: { text: string; place: Place }[] = [];
  const matrix: MatrixItem[] = [];
  let tableCount = 0;
  for (const section of document.sections) {
    if (section.path.some((title) => title.startsWith(RECORD_HEADING))) {
      const message = `what stands under "${section.title}" tells what happened, and is no part of a plan`;
      if (section.title.startsWith(RECORD_HEADING)) findings.note("record", section.place, message);
      continue;
    }
    const prose: Block[] = [];
    matrix.push(...matrixIn(section));
    for (const block of section.blocks) {
      if (block.type === "table") readTable(block, section);
      else if (block.type === "code" && block.language === SETTINGS_LANGUAGE) settings.push(block);
      else if (block.type === "prose" && isBeforehand(section.path)) {
        const rest = takeBoxes(block, boxes);
        if (rest !== undefined) prose.push(rest);
      } else prose.push(block);
    }
    if (!section.path.includes(SETTINGS_HEADING)) pushText(section, prose);
  }
  return {
    title: document.title,
    kind: kindOf(document, tables),
    place: top(document.file),
    tables,
    texts,
    boxes,
    matrix,
    settings,
  };

  function readTable(table: Table, section: Section): void {
    tableCount += 1;
    if (tableCount > MOST_TABLES) {
      findings.notUnderstood(
        "tables",
        table.place,
        `not read: more than ${MOST_TABLES} tables in one document`,
      );
      return;
    }
    const known = recognise(table, section);
    if ("kind" in known) {
      const room =
        MOST_ROWS -
        tables.filter(({ kind }) => kind === known.kind).reduce((n, one) => n + one.lines.length, 0);
      const beyond = known.lines[Math.max(0, room)];
      if (beyond !== undefined) {
        const message = `${known.lines.length - room} rows from here on are not read: a plan has room for ${MOST_ROWS} in its ${known.kind}`;
        findings.notUnderstood("rows", beyond.place(), message, "split the release, or leave rows out");
      }
      for (const { row } of known.lines) {
        const extra = row.cells.slice(table.header.length).filter(({ text }) => !isBlank(text));
        for (const cell of extra) {
          const message = `"${cut(cell.text, 100)}" stands beyond the last column`;
          findings.notUnderstood("cell", cell.place, message, "a | in a cell is written \\|");
        }
      }
      tables.push({ ...known, lines: known.lines.slice(0, Math.max(0, room)) });
      for (const cell of known.strange) {
        const used = oneOf(known.shape.columns.map(([field]) => field).filter((field) => field !== "answer"));
        const message = `the column "${cell.text}" is no part of a ${known.kind} table`;
        findings.notUnderstood("column", cell.place, message, `its columns are about ${used}`);
      }
      return;
    }
    const columns = oneOf(
      table.header.map(({ text }) => `"${text}"`),
      "and",
    );
    const instead =
      known.nearest === undefined
        ? "the documents in examples/checkout have every table that is known, with its columns"
        : `a ${known.nearest.kind} table needs a column for ${oneOf(known.nearest.missing, "and")}`;
    findings.notUnderstood(
      "table",
      table.place,
      `this table is not known by its columns: ${columns}`,
      instead,
    );
    for (const row of table.rows) {
      const text = row.cells.map((cell) => cell.text).filter((cell) => !isBlank(cell));
      if (text.length === 0) continue;
      findings.notUnderstood("row", row.place, `not read: ${cut(text.join(" | "), 200)}`);
    }
  }

  function pushText(section: Section, blocks: readonly Block[]): void {
    const [first] = blocks;
    if (first === undefined) return;
    const text = blocks
      .map((block) =>
        block.type === "code" ? `\`\`\`\n${block.text}\n\`\`\`` : block.type === "prose" ? block.text : "",
      )
      .join("\n");
    const title = section.title === "" ? document.title : section.title;
    texts.push({ section: title, path: section.path, text, place: first.place });
  }
}

/** Whether headings speak of a checklist for before the deployment. One for afterwards holds nothing up. */
export function isBeforehand(path: readonly string[]): boolean {
  return (
    path.some((title) => CHECKLIST.test(title)) && !path.slice(1).some((title) => AFTERWARDS.test(title))
  );
}

/** Takes the items with boxes out of a list; what is left is text. */
function takeBoxes(block: Prose, boxes: { text: string; place: Place }[]): Prose | undefined {
  const lines = block.text.split("\n").map((text, index) => ({ text, index }));
  const item = /^- \[[ x]\] (.+)$/;
  for (const { text, index } of lines) {
    const check = item.exec(text)?.[1];
    if (check === undefined) continue;
    boxes.push({ text: check, place: { ...block.place, line: block.place.line + index } });
  }
  const rest = lines.filter(({ text }) => !item.test(text)).map(({ text }) => text);
  return rest.length === 0 ? undefined : { ...block, text: rest.join("\n") };
}

function top(file: string): Place {
  return { file, line: 1, column: 1 };
}

/** Which of the two documents this is: by the tables in it, or by its title. */
function kindOf(document: Document, tables: readonly KnownTable[]): DocumentKind {
  const plans = tables.filter(({ shape }) => shape.home === "release-plan").length;
  const runbooks = tables.length - plans;
  if (plans === runbooks) return /plan/i.test(document.title) ? "release-plan" : "runbook";
  return plans > runbooks ? "release-plan" : "runbook";
}

/** The lines of every table of a kind. A second table of a kind adds to the first. */
export function linesOf(collected: Collected, kind: TableKind) {
  return collected.tables
    .filter((table) => table.kind === kind)
    .flatMap((table) => table.lines.map((line) => ({ line, table })));
}
