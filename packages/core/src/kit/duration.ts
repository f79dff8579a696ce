import { type Parsed, parsed, Scanner } from "./scan.ts";

declare const brand: unique symbol;

/**
 * A length of time in its one canonical spelling: whole units from days to milliseconds, largest first,
 * such as `15m`, `2h30m`, `1d`, `0s`. Never negative. Made by `duration`, `ms` or `parseDuration`.
 */
export type Duration = string & { readonly [brand]: "Duration" };

const UNITS: readonly { unit: string; ms: number; names: RegExp }[] = [
  { unit: "w", ms: 604_800_000, names: /weeks?|wks?|w/i },
  { unit: "d", ms: 86_400_000, names: /days?|d/i },
  { unit: "h", ms: 3_600_000, names: /hours?|hrs?|h/i },
  { unit: "ms", ms: 1, names: /milliseconds?|msecs?|ms/i },
  { unit: "m", ms: 60_000, names: /minutes?|mins?|m/i },
  { unit: "s", ms: 1_000, names: /seconds?|secs?|s/i },
];

/** The units of the canonical spelling, largest first. Weeks are read but written as days. */
const CANONICAL: readonly { unit: string; ms: number }[] = [
  { unit: "d", ms: 86_400_000 },
  { unit: "h", ms: 3_600_000 },
  { unit: "m", ms: 60_000 },
  { unit: "s", ms: 1_000 },
  { unit: "ms", ms: 1 },
];

/** What people may write, for error messages. */
export const DURATION_FORMS = "a length of time such as 15 min, 2.5 h, 1h30m, 24 h or 7 days";

/**
 * Reads `15 min`, `2.5 h`, `1h30m`, `24 hours`, `7 days`, or ISO 8601 (`PT15M`). A fraction must come out
 * in whole milliseconds.
 */
export function parseDuration(text: string): Parsed<Duration> {
  const scanner = new Scanner(text);
  const result = scanDuration(scanner);
  if (!result.ok) return result;
  return scanner.done ? result : scanner.fail(`"${scanner.rest}" is left over after the length of time`);
}

/** Reads a duration where the scanner stands and leaves the rest. */
export function scanDuration(scanner: Scanner): Parsed<Duration> {
  const iso = scanner.take(/P(?=[\dT])(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?\b/i);
  if (iso !== undefined) return fromIso(iso, scanner);
  let total: number | undefined;
  for (;;) {
    const start = scanner.column;
    const number = scanner.take(/\d+(?:\.\d+)?/);
    if (number === undefined) break;
    const found = UNITS.find(({ names }) => scanner.take(new RegExp(`(?:${names.source})(?![a-z])`, "i")));
    if (found === undefined) {
      scanner.back(start);
      return scanner.fail(`"${number}" needs a unit: expected ${DURATION_FORMS}`);
    }
    const part = Number(number) * found.ms;
    if (!Number.isSafeInteger(Math.round(part)) || Math.abs(part - Math.round(part)) > 1e-6) {
      scanner.back(start);
      return scanner.fail(`"${number} ${found.unit}" is not a whole number of milliseconds`);
    }
    total = (total ?? 0) + Math.round(part);
  }
  return total === undefined ? scanner.fail(`expected ${DURATION_FORMS}`) : parsed(ms(total));
}

function fromIso(iso: string, scanner: Scanner): Parsed<Duration> {
  const match = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(iso);
  if (match === null) return scanner.fail(`expected ${DURATION_FORMS}`);
  const [, weeks, days, hours, minutes, seconds] = match;
  const total =
    Number(weeks ?? 0) * 604_800_000 +
    Number(days ?? 0) * 86_400_000 +
    Number(hours ?? 0) * 3_600_000 +
    Number(minutes ?? 0) * 60_000 +
    Math.round(Number(seconds ?? 0) * 1_000);
  return parsed(ms(total));
}

/** The duration of so many milliseconds. Throws RangeError when negative or not whole. */
export function ms(millis: number): Duration {
  if (!Number.isSafeInteger(millis) || millis < 0) {
    throw new RangeError(`a duration is a whole number of milliseconds from 0 up, got ${millis}`);
  }
  let left = millis;
  let text = "";
  for (const { unit, ms: size } of CANONICAL) {
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return (text === "" ? "0s" : text) as Duration;
}

export function minutes(count: number): Duration {
  return ms(count * 60_000);
}

export function hours(count: number): Duration {
  return ms(count * 3_600_000);
}

export function days(count: number): Duration {
  return ms(count * 86_400_000);
}

/** Milliseconds of a canonical duration. */
export function toMs(duration: Duration): number {
  const known = lengths.get(duration);
  if (known !== undefined) return known;
  let total = 0;
  for (const match of duration.matchAll(/(\d+)(ms|[dhms])/g)) {
    const size = CANONICAL.find(({ unit }) => unit === match[2])?.ms ?? 0;
    total += Number(match[1]) * size;
  }
  if (lengths.size > 10_000) lengths.clear();
  lengths.set(duration, total);
  return total;
}

/** Plans use few different lengths and ask for them often. */
const lengths = new Map<string, number>();

/** As a person reads it: `2 h 30 min`, `15 min`, `7 days`. */
export function spoken(duration: Duration): string {
  const names: Record<string, [string, string]> = {
    d: ["day", "days"],
    h: ["h", "h"],
    m: ["min", "min"],
    s: ["s", "s"],
    ms: ["ms", "ms"],
  };
  return [...duration.matchAll(/(\d+)(ms|[dhms])/g)]
    .map(([, count, unit]) => `${count} ${names[unit ?? ""]?.[count === "1" ? 0 : 1] ?? unit}`)
    .join(" ");
}

/** To whole seconds, and to whole minutes from an hour on: nobody reads the rest. */
export function roundedUp(length: Duration): Duration {
  const unit = toMs(length) >= 3_600_000 ? 60_000 : 1_000;
  return ms(Math.ceil(toMs(length) / unit) * unit);
}
