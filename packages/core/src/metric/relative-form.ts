import { type Mismatch, type Parsed, parsed, type Scanner } from "../kit/scan.ts";
import type { Op, Threshold } from "./threshold.ts";

/** What a threshold can be relative to: what was measured before the release, or the service level. */
export type Reference = "baseline" | "objective";

export const REFERENCES = /(?:the )?(?:baseline|objective|SLO)\b/i;
const BASELINE = /(?:the )?baseline\b/i;
const OBJECTIVE = /(?:the )?(?:objective|SLO)(?: (?:threshold|target|value|limit|objective)s?)?\b/i;
const NUMBER = /\d+(?:\.\d+)?/;

type ScanUnit = (scanner: Scanner) => string;

function scanReference(scanner: Scanner): Reference | undefined {
  if (scanner.take(BASELINE) !== undefined) return "baseline";
  return scanner.take(OBJECTIVE) === undefined ? undefined : "objective";
}

/** Percentage points, which are no part of anything, or what other numbers are in. */
function scanAmountUnit(scanner: Scanner, unit: ScanUnit): string {
  const points = scanner.take(/(?:pp|(?:percentage )?points?|%-points?)\b/i);
  return points === undefined ? unit(scanner) : "pp";
}

/** What stands after `<` or `exceeds`: `baseline + 10 %`, `SLO threshold by >20%`, `objective`. */
export function scanAfterOp(
  scanner: Scanner,
  op: Exclude<Op, "within" | "outside">,
  unit: ScanUnit,
): Parsed<Threshold> | undefined {
  const to = scanReference(scanner);
  if (to === undefined) return undefined;
  let sign: 1 | -1 = 1;
  if (scanner.take(/-|minus\b/i) !== undefined) sign = -1;
  else if (scanner.take(/by\b/i) !== undefined) {
    sign = op === ">" || op === ">=" ? 1 : -1;
    scanner.take(/>=?|<=?|more than\b|over\b|at least\b/i);
  } else if (scanner.take(/\+|plus\b/i) === undefined) {
    return parsed({ op, value: 0, unit: "", relative: { to, sign: 1 } });
  }
  return amount(scanner, op, { to, sign }, unit);
}

/**
 * What needs no comparison in front: `baseline + 10 %` is at most that, `19 of 20` at least that,
 * `10 % over baseline` is above it, and `within` and `outside` are on both sides.
 */
export function scanUnled(scanner: Scanner, unit: ScanUnit): Parsed<Threshold> | undefined {
  const start = scanner.column;
  const side = scanner.take(/within\b/i) ?? scanner.take(/outside(?: of)?\b/i);
  if (side !== undefined) return scanSides(scanner, /^w/i.test(side) ? "within" : "outside", unit);
  const to = scanReference(scanner);
  if (to !== undefined) {
    const sign = scanner.take(/\+|plus\b/i) !== undefined ? 1 : scanner.take(/-|minus\b/i) ? -1 : undefined;
    if (sign !== undefined) return amount(scanner, sign === 1 ? "<=" : ">=", { to, sign }, unit);
    scanner.back(start);
    return undefined;
  }
  const count = scanner.take(/\d+ *(?:of|\/) *\d+\b/i);
  if (count !== undefined) {
    const [passed = 0, of = 0] = count.split(/\D+/).map(Number);
    return parsed({ op: ">=", value: passed, unit: "", of });
  }
  const digits = scanner.take(NUMBER);
  if (digits !== undefined) {
    const of = scanAmountUnit(scanner, unit);
    const above = scanner.take(/(?:over|above)\b/i) !== undefined;
    const below = !above && scanner.take(/(?:under|below)\b/i) !== undefined;
    const from = above || below ? scanReference(scanner) : undefined;
    if (from !== undefined) {
      const relative = { to: from, sign: above ? 1 : -1 } as const;
      return parsed({ op: above ? ">" : "<", value: Number(digits), unit: of, relative });
    }
  }
  scanner.back(start);
  return undefined;
}

/** `20 % of baseline`, `baseline ± 5 %`; `within SLO` is at most that. */
function scanSides(
  scanner: Scanner,
  op: "within" | "outside",
  unit: ScanUnit,
): Parsed<Threshold> | undefined {
  const digits = scanner.take(NUMBER);
  if (digits !== undefined) {
    const of = scanAmountUnit(scanner, unit);
    scanner.take(/(?:of|from)\b/i);
    const to = scanReference(scanner);
    if (to === undefined) return expectedReference(scanner);
    return parsed({ op, value: Number(digits), unit: of, relative: { to, sign: 1 } });
  }
  const to = scanReference(scanner);
  if (to === undefined) return expectedReference(scanner);
  if (scanner.take(/\u00b1|\+ *\/ *-|by\b/i) !== undefined) {
    return amount(scanner, op, { to, sign: 1 }, unit);
  }
  if (to === "objective") {
    return parsed({ op: op === "within" ? "<=" : ">", value: 0, unit: "", relative: { to, sign: 1 } });
  }
  return scanner.fail('expected how far, such as "within 20 % of baseline"');
}

function expectedReference(scanner: Scanner): Mismatch {
  return scanner.fail('expected "baseline" or "objective", such as within 20 % of baseline');
}

function amount(
  scanner: Scanner,
  op: Op,
  relative: NonNullable<Threshold["relative"]>,
  unit: ScanUnit,
): Parsed<Threshold> {
  const digits = scanner.take(NUMBER);
  if (digits === undefined)
    return scanner.fail(`expected how far from the ${relative.to}, such as ${relative.to} + 10 %`);
  return parsed({ op, value: Number(digits), unit: scanAmountUnit(scanner, unit), relative });
}

/** Whether a relative threshold without a comparison in front begins here: a condition's subject ends before it. */
export function beginsRelative(scanner: Scanner): boolean {
  const start = scanner.column;
  const side = scanner.take(/(?:within|outside(?: of)?)\b/i);
  const found =
    side !== undefined
      ? scanner.take(/\d/) !== undefined || scanner.take(REFERENCES) !== undefined
      : scanner.take(
          /\d+(?:\.\d+)? ?(?:%|[a-z]+)? ?(?:over|above|under|below) (?:the )?(?:baseline|objective|SLO)\b/i,
        ) !== undefined;
  scanner.back(start);
  return found;
}

/** The canonical spelling: `> baseline + 10 %`, `within 20 % of baseline`, `<= objective`. */
export function formatRelative({ op, value, unit, relative }: Threshold): string {
  const { to, sign } = relative ?? { to: "baseline", sign: 1 };
  const far = unit === "" ? `${value}` : `${value} ${unit}`;
  if (op === "within" || op === "outside") return `${op} ${far} of ${to}`;
  return value === 0 && unit === "" ? `${op} ${to}` : `${op} ${to} ${sign === 1 ? "+" : "-"} ${far}`;
}
