import { oneLine, pad, width, wrap } from "./width.ts";

export interface TableOptions {
  /** Of the terminal; undefined for a file or a pipe, where nothing is broken. */
  readonly columns?: number | undefined;
  readonly indent?: number;
}

/** A last column narrower than this is harder to read than a line that the terminal breaks. */
const NARROWEST = 24;

/** Rows with their columns aligned; the last one is broken between words to fit the terminal. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  return tableRows(rows, options).flat();
}

/** The same with the lines of each row apart, for who puts something between them. */
export function tableRows(rows: readonly (readonly string[])[], options: TableOptions = {}): string[][] {
  const indent = " ".repeat(options.indent ?? 0);
  const cells = rows.map((row) => row.map(oneLine));
  const last = Math.max(0, ...cells.map((row) => row.length - 1));
  const widths = Array.from({ length: last }, (_, column) =>
    Math.max(0, ...cells.map((row) => width(row[column] ?? ""))),
  );
  const used = indent.length + widths.reduce((sum, one) => sum + (one === 0 ? 0 : one + 2), 0);
  const room = options.columns === undefined ? Number.POSITIVE_INFINITY : options.columns - used;
  return cells.map((row) => {
    // A column in which nothing stands takes no room.
    const before = widths
      .map((one, column) => (one === 0 ? "" : `${pad(row[column] ?? "", one)}  `))
      .join("");
    const text = row[last] ?? "";
    const lines = room < NARROWEST ? [text] : wrap(text, room);
    return lines.map((line, index) =>
      (indent + (index === 0 ? before : " ".repeat(used - indent.length)) + line).trimEnd(),
    );
  });
}
