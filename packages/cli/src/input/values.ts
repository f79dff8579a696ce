import { parseDuration, toMs } from "@gonogo/core/kit/duration";
import { INSTANT_FORMS, type Instant, parseInstant } from "@gonogo/core/kit/instant";
import { InvalidArgumentError } from "commander";

/** Readers of option values for commander. Each throws InvalidArgumentError, which says what is allowed. */

export function wholeNumber(lowest: number, highest = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,16}$/.test(text) || value < lowest || value > highest) {
      const most = highest === Number.MAX_SAFE_INTEGER ? "" : ` to ${highest}`;
      throw new InvalidArgumentError(`It is a whole number from ${lowest}${most}.`);
    }
    return value;
  };
}

/** A reading. No exponent and no thousands separator: "1,200" has two meanings. */
export function decimal(text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text.trim())) {
    throw new InvalidArgumentError("It is a number such as 0.4 or 250, without its unit.");
  }
  return Number(text);
}

export function length(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.message);
  return toMs(parsed.value);
}

/** A moment in UTC. */
export function moment(text: string): Instant {
  const read = parseInstant(text);
  if (read === undefined) throw new InvalidArgumentError(`Expected ${INSTANT_FORMS}.`);
  return read;
}

/** Words that say something: a reason, a result. */
export function words(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text.trim();
}

/** `field=text`, gathered over several options. The same field twice is a mistake, not an order. */
export function field(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(0, equals)).trim();
  if (name === "")
    throw new InvalidArgumentError('It is written name=text, such as "What went well=the canary".');
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`"${name}" is given twice.`);
  return { ...before, [name]: text.slice(equals + 1).trim() };
}

export function collected<T>(read: (text: string) => T): (text: string, before?: readonly T[]) => T[] {
  return (text, before = []) => [...before, read(text)];
}
