import { DURATION_FORMS, type Duration, ms, scanDuration, spoken, toMs } from "./duration.ts";
import { fromMillis, type Instant, toMillis } from "./instant.ts";
import { type Parsed, parsed, Scanner } from "./scan.ts";

declare const brand: unique symbol;

/** A moment before or after T, the start of the release: `T`, `T-30m`, `T+2h30m`. */
export type Offset = string & { readonly [brand]: "Offset" };

export const OFFSET_FORMS = "T, or T with a length of time before or after it, such as T-30 min or T+2.5 h";

/** Reads `T`, `T-30 min`, `T+2.5h`, `T + 20 min`, whatever kind of hyphen or space is in it. */
export function parseOffset(text: string): Parsed<Offset> {
  const scanner = new Scanner(text);
  const result = scanOffset(scanner);
  if (!result.ok) return result;
  return scanner.done ? result : scanner.fail(`"${scanner.rest}" is left over after the offset`);
}

export function scanOffset(scanner: Scanner): Parsed<Offset> {
  if (scanner.take(/t(?![a-z])/i) === undefined) return scanner.fail(`expected ${OFFSET_FORMS}`);
  const sign = scanner.take(/[+-]/);
  if (sign === undefined) return parsed(offset(0));
  const length = scanDuration(scanner);
  if (!length.ok) return { ...length, message: `after T${sign}: ${length.message ?? DURATION_FORMS}` };
  return parsed(offset(sign === "-" ? -toMs(length.value) : toMs(length.value)));
}

/** The offset of so many milliseconds; negative is before T. */
export function offset(millis: number): Offset {
  if (millis === 0) return "T" as Offset;
  return `T${millis < 0 ? "-" : "+"}${ms(Math.abs(millis))}` as Offset;
}

export function offsetMs(value: Offset): number {
  if (value === "T") return 0;
  const length = toMs(value.slice(2) as Duration);
  return value[1] === "-" ? -length : length;
}

/** When the offset falls, given T. */
export function at(t: Instant, value: Offset): Instant {
  return fromMillis(toMillis(t) + offsetMs(value));
}

/** How a moment lies to T. */
export function offsetOf(t: Instant, moment: Instant): Offset {
  return offset(toMillis(moment) - toMillis(t));
}

export function later(value: Offset, by: Duration): Offset {
  return offset(offsetMs(value) + toMs(by));
}

/** As a runbook writes it: `T-30 min`, `T+2 h 30 min`. */
export function spokenOffset(value: Offset): string {
  return value === "T" ? "T" : `${value.slice(0, 2)}${spoken(value.slice(2) as Duration)}`;
}
