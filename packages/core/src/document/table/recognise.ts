import { plain } from "../../kit/text.ts";
import type { Cell, Row, Section, Table } from "../read/parse.ts";
import { isBlank } from "../read/tidy.ts";
import { type Field, SHAPES, type Shape, type TableKind } from "./kinds.ts";

/** A row of a table that is known, read by what its columns say. */
export class Line {
  readonly row: Row;
  readonly #columns: ReadonlyMap<Field, number>;

  constructor(row: Row, columns: ReadonlyMap<Field, number>) {
    this.row = row;
    this.#columns = columns;
  }

  /** The cell's text; empty when it is blank, a dash or not there. */
  text(field: Field): string {
    const text = this.cell(field)?.text ?? "";
    return isBlank(text) ? "" : text;
  }

  cell(field: Field): Cell | undefined {
    const index = this.#columns.get(field);
    return index === undefined ? undefined : this.row.cells[index];
  }

  place(field?: Field) {
    return (field === undefined ? undefined : this.cell(field)?.place) ?? this.row.place;
  }

  has(field: Field): boolean {
    return this.#columns.has(field);
  }
}

export interface KnownTable {
  readonly kind: TableKind;
  readonly shape: Shape;
  readonly lines: readonly Line[];
  readonly section: Section;
  readonly table: Table;
  /** Columns with something in them that this kind of table does not have. */
  readonly strange: readonly Cell[];
}

export interface UnknownTable {
  /** What the heading or most of the columns say that it is meant to be, and what it would need for that. */
  readonly nearest?: { readonly kind: TableKind; readonly missing: readonly Field[] };
}

/** Says what kind of table this is, by its columns and the headings above it. */
export function recognise(table: Table, section: Section): KnownTable | UnknownTable {
  const candidates = SHAPES.map((shape) => fit(shape, table, section));
  const complete = candidates.filter(({ missing }) => missing.length === 0);
  const best = complete.toSorted((a, b) => b.score - a.score)[0];
  if (best !== undefined && (best.columns.size >= 2 || best.byHeading)) {
    const { shape, columns, known } = best;
    const lines = table.rows
      .filter((row) => row.cells.some((cell) => !isBlank(cell.text)))
      .map((row) => new Line(row, columns));
    const strange = table.header.filter((_, index) => !known.has(index) && isUsed(table, index));
    return { kind: shape.kind, shape, lines, section, table, strange };
  }
  const nearest = candidates
    .filter(({ byHeading, columns }) => byHeading && columns.size > 0)
    .toSorted((a, b) => b.score - a.score)[0];
  return nearest === undefined ? {} : { nearest: { kind: nearest.shape.kind, missing: nearest.missing } };
}

function fit(shape: Shape, table: Table, section: Section) {
  const columns = new Map<Field, number>();
  const known = new Set<number>();
  for (const [field, names] of shape.columns) {
    const form = new RegExp(`^(?:${names.source})$`);
    for (const [index, cell] of table.header.entries()) {
      if (known.has(index) || (field !== "answer" && columns.has(field))) continue;
      if (!form.test(columnName(cell.text))) continue;
      known.add(index);
      if (field !== "answer") columns.set(field, index);
    }
  }
  const missing = shape.needs.filter((field) => !columns.has(field));
  // Approvals, polls and reviews share their columns with others; only the heading tells them.
  const depth = section.path.findLastIndex((title) => shape.heading.test(title));
  const byHeading = depth >= 0;
  const nearness = byHeading ? 2.5 + depth / 10 : 0;
  const ownColumns = known.size - 0.1 * [...known].filter((index) => !isUsed(table, index)).length;
  const score = ownColumns + nearness - 3 * missing.length - 0.5 * (table.header.length - known.size);
  return { shape, columns, known, missing, byHeading, score };
}

function isUsed(table: Table, index: number): boolean {
  return table.rows.some((row) => !isBlank(row.cells[index]?.text ?? ""));
}

/** No column is called anything longer. */
const LONGEST_NAME = 120;

/** `**T-Offset**` and `Completed? (Yes/No)` as `t-offset` and `completed`. */
function columnName(text: string): string {
  return plain(text.slice(0, LONGEST_NAME))
    .toLowerCase()
    .replace(/\([^)]*\)/g, " ")
    .replace(/[^a-z0-9%#/ -]+/g, " ")
    .replace(/\butc\b/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
