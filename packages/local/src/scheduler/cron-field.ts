/** One field of a cron expression: its name, its range, and the words that stand for numbers. */
export interface FieldRange {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words?: readonly string[];
  /** AWS lists `/` for every field but the day of the week. */
  readonly steps: boolean;
}

/** Thrown while parsing; `parseCron` turns it into a value. */
export class CronProblem extends Error {}

/** The numbers that `text` selects: `*`, `5`, `5,35`, `8-17`, `0/15`, and lists of these. */
export function parseField(text: string, range: FieldRange): Set<number> {
  const numbers = new Set<number>();
  for (const part of text.split(",")) {
    const [span = "", step, ...more] = part.split("/");
    if (more.length > 0) fail(range, `"${part}" has more than one "/"`);
    if (step !== undefined && !range.steps) fail(range, `"/" is not allowed here`);
    const by = step === undefined ? 1 : parseStep(step, range);
    const [from, to] = parseSpan(span, range, step !== undefined);
    for (let number = from; number <= to; number += by) numbers.add(number);
  }
  return numbers;
}

/** One number or word of the field, such as `6` or `FRI`. */
export function parseNumber(text: string, range: FieldRange): number {
  const word = range.words?.indexOf(text.toUpperCase()) ?? -1;
  const number = word >= 0 ? range.least + word : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= range.least && number <= range.most)) {
    const words = range.words === undefined ? "" : ` (or ${range.words.join(" ")})`;
    fail(range, `"${text}" is not between ${range.least} and ${range.most}${words}`);
  }
  return number;
}

function parseSpan(span: string, range: FieldRange, stepped: boolean): [number, number] {
  if (span === "*") return [range.least, range.most];
  const [first = "", last, ...more] = span.split("-");
  if (more.length > 0) fail(range, `"${span}" has more than one "-"`);
  const from = parseNumber(first, range);
  // `5/10` means from 5 to the end of the range, every ten.
  const to = last !== undefined ? parseNumber(last, range) : stepped ? range.most : from;
  if (from > to) fail(range, `"${span}" runs backwards`);
  return [from, to];
}

function parseStep(step: string, range: FieldRange): number {
  const by = /^\d+$/.test(step) ? Number(step) : 0;
  if (by < 1 || by > range.most) fail(range, `the step "${step}" is not between 1 and ${range.most}`);
  return by;
}

export function fail(range: Pick<FieldRange, "name">, reason: string): never {
  throw new CronProblem(`${range.name}: ${reason}`);
}
