import { type Duration, scanDuration, spoken } from "../kit/duration.ts";
import { type Parsed, parsed, Scanner } from "../kit/scan.ts";
import {
  beginsRelative,
  formatRelative,
  REFERENCES,
  type Reference,
  scanAfterOp,
  scanUnled,
} from "./relative-form.ts";

/**
 * The grammar of thresholds and trigger conditions:
 *
 *     threshold = op number [unit] ["(" length ")"]            < 1 %     >= 4.5 stars (24 h)
 *               | op number "of" number                        >= 19 of 20
 *               | op to [("+" | "-") number [unit]]            > baseline + 10 %    <= objective
 *               | ("within" | "outside") number unit "of" to   within 20 % of baseline
 *     condition = subject threshold ["for" length]             API 5xx > 3 % for 10 min
 *     op        = "<" | "<=" | ">" | ">=" and the signs and words people use for them
 *     to        = "baseline" | "objective", which is also read as "SLO" or "SLO threshold"
 *
 * A percentage of a baseline or an objective is a part of it (0.2 % + 10 % is 0.22 %); points of percentage
 * are written `+ 1 pp`. Written back in one canonical spelling, so that a plan has one digest however it was
 * typed.
 */
export interface Threshold {
  readonly op: Op;
  /** Of a relative threshold: how far from what it is relative to. */
  readonly value: number;
  /** `%`, `s`, `ms`, or a plain word such as `stars`; empty for a bare number. Of `value`. */
  readonly unit: string;
  /** `19 of 20`: of how many. The value is how many passed, and the count is how many there were. */
  readonly of?: number;
  /** What `value` is above or below. Such a threshold is resolved before anything is held against it. */
  readonly relative?: { readonly to: Reference; readonly sign: 1 | -1 };
  /** Measured over this long, where the text says so: `>= 4.5 stars (24 h)`. */
  readonly over?: Duration;
}

export interface Condition extends Threshold {
  /** What the condition is about, as written: `API 5xx`. */
  readonly subject: string;
  /** It must hold this long without a break; undefined means at once. */
  readonly sustained?: Duration;
}

export type Op = "<" | "<=" | ">" | ">=" | "within" | "outside";

const OPS: readonly { op: Exclude<Op, "within" | "outside">; form: RegExp }[] = [
  { op: "<=", form: /<=|=<|\u2264|at most\b|no more than\b|up to\b/i },
  { op: ">=", form: />=|=>|\u2265|at least\b|no less than\b/i },
  { op: "<", form: /<|below\b|under\b|less than\b/i },
  { op: ">", form: />|above\b|over\b|exceed(?:s|ed|ing)?\b|more than\b/i },
];

export const THRESHOLD_FORMS =
  "a comparison such as < 1 %, <= 2.5 s, >= 99.5 %, > 3 % for 10 min, > baseline + 10 % or >= 19 of 20";

export function parseThreshold(text: string): Parsed<Threshold> {
  const scanner = new Scanner(text);
  const result = scanThreshold(scanner);
  if (!result.ok) return result;
  return scanner.done ? result : scanner.fail(`"${scanner.rest}" is left over after the threshold`);
}

export function parseCondition(text: string): Parsed<Condition> {
  const scanner = new Scanner(text);
  const subject = scanSubject(scanner);
  const threshold = scanThreshold(scanner);
  if (!threshold.ok) return threshold;
  let sustained: Duration | undefined;
  if (scanner.take(/for\b|sustained for\b/i) !== undefined) {
    scanner.take(/(?:more than|at least|over)\b|>=?/i);
    const length = scanDuration(scanner);
    if (!length.ok) return length;
    sustained = length.value;
  }
  if (!scanner.done) return scanner.fail(`"${scanner.rest}" is left over after the condition`);
  return parsed({ subject, ...threshold.value, ...(sustained === undefined ? {} : { sustained }) });
}

/** All that stands before the first comparison. May be empty. */
function scanSubject(scanner: Scanner): string {
  const taken: string[] = [];
  while (scanner.rest.trim() !== "") {
    const start = scanner.column;
    if (beginsRelative(scanner)) break;
    if (scanOp(scanner) !== undefined) {
      const number = scanner.take(/[-+]?\d/) ?? scanner.take(REFERENCES);
      scanner.back(start);
      if (number !== undefined) break;
    }
    const word = scanner.take(/[^\s<>=\u2264\u2265]+|[<>=\u2264\u2265]+/);
    if (word === undefined) break;
    taken.push(word);
  }
  return taken.join(" ");
}

function scanOp(scanner: Scanner): Exclude<Op, "within" | "outside"> | undefined {
  return OPS.find(({ form }) => scanner.take(form) !== undefined)?.op;
}

function scanThreshold(scanner: Scanner): Parsed<Threshold> {
  const unled = scanUnled(scanner, scanUnit);
  if (unled !== undefined) return unled.ok ? scanOver(scanner, unled.value) : unled;
  const op = scanOp(scanner);
  if (op === undefined) return scanner.fail(`expected ${THRESHOLD_FORMS}`);
  const relative = scanAfterOp(scanner, op, scanUnit);
  if (relative !== undefined) return relative.ok ? scanOver(scanner, relative.value) : relative;
  const digits = scanner.take(/[-+]?\d+(?:\.\d+)?/);
  if (digits === undefined) return scanner.fail(`expected a number after "${op}"`);
  const of = scanOf(scanner);
  if (of !== undefined) return scanOver(scanner, { op, value: Number(digits), unit: "", of });
  return scanOver(scanner, { op, value: Number(digits), unit: scanUnit(scanner) });
}

/** `19 of 20`, `19/20 passing (95% threshold)`: of how many, and what documents say besides. */
function scanOf(scanner: Scanner): number | undefined {
  const total = scanner.take(/(?:of|\/) *\d+\b/i)?.replace(/\D+/, "");
  if (total === undefined) return undefined;
  scanner.take(/pass(?:ing|ed|es)?\b/i);
  scanner.take(/\( *\d+(?:\.\d+)? *%(?: threshold)? *\)/i);
  return Number(total);
}

function scanOver(scanner: Scanner, threshold: Threshold): Parsed<Threshold> {
  if (scanner.take(/\(/) === undefined) return parsed(threshold);
  scanner.take(/(?:over|in|per|last)\b/i);
  const length = scanDuration(scanner);
  if (!length.ok) return length;
  if (scanner.take(/\)/) === undefined) return scanner.fail('expected ")"');
  return parsed({ ...threshold, over: length.value });
}

function scanUnit(scanner: Scanner): string {
  if (scanner.take(/%|percent\b|per cent\b|pct\b/i) !== undefined) return "%";
  if (scanner.take(/ms\b|milliseconds?\b/i) !== undefined) return "ms";
  if (scanner.take(/s\b|secs?\b|seconds?\b/i) !== undefined) return "s";
  const start = scanner.column;
  const word = scanner.take(/[a-z][a-z/]*/i);
  if (word === undefined) return "";
  if (/^(?:for|of|sustained)$/i.test(word)) {
    scanner.back(start);
    return "";
  }
  return word.toLowerCase();
}

/** The canonical spelling: `< 1 %`. */
export function formatThreshold(threshold: Threshold): string {
  const over = threshold.over === undefined ? "" : ` (${spoken(threshold.over)})`;
  if (threshold.relative !== undefined) return `${formatRelative(threshold)}${over}`;
  if (threshold.of !== undefined) return `${threshold.op} ${threshold.value} of ${threshold.of}${over}`;
  const unit = threshold.unit === "" ? "" : ` ${threshold.unit}`;
  return `${threshold.op} ${threshold.value}${unit}${over}`;
}

export function formatCondition(condition: Condition): string {
  const sustained = condition.sustained === undefined ? "" : ` for ${spoken(condition.sustained)}`;
  return `${condition.subject} ${formatThreshold(condition)}${sustained}`.trim();
}

/** A value with its unit, as a table shows it: `0.2 %`. */
export function formatValue(value: number, unit: string): string {
  const rounded = Number(value.toPrecision(4));
  return unit === "" ? `${rounded}` : `${rounded} ${unit}`;
}

/**
 * Whether the value meets the comparison. `unit` is the value's; seconds and milliseconds convert, and
 * anything else that differs cannot be compared (undefined). A relative one has to be resolved before.
 */
export function meets(
  threshold: Threshold,
  value: number,
  unit: string = threshold.unit,
): boolean | undefined {
  if (!Number.isFinite(value) || threshold.relative !== undefined) return undefined;
  const scaled = convert(value, unit, threshold.unit);
  if (scaled === undefined) return undefined;
  switch (threshold.op) {
    case "<":
      return scaled < threshold.value;
    case "<=":
      return scaled <= threshold.value;
    case ">":
      return scaled > threshold.value;
    case ">=":
      return scaled >= threshold.value;
    case "within":
    case "outside":
      return undefined;
  }
}

export function convert(value: number, from: string, to: string): number | undefined {
  if (from === to) return value;
  if (from === "ms" && to === "s") return value / 1000;
  if (from === "s" && to === "ms") return value * 1000;
  return undefined;
}
