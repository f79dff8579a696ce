import { AwsError } from "../kernel/wire.ts";

/** DynamoDB's numbers: up to 38 significant digits, of a magnitude from 1E-130 to below 1E+126, exact. */
const MOST_DIGITS = 38;
const LARGEST_EXPONENT = 125;
const SMALLEST_EXPONENT = -130;

/** `digits` × 10^`exponent`, with no zero at the end of `digits`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Whole numbers in their own normal form, small enough to be exact as JavaScript numbers. */
const PLAIN = /^(?:0|-?[1-9]\d{0,14})$/;
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

/** The form in which DynamoDB gives a number back: `1.0` is `1`, `1e3` is `1000`. */
export function normalNumber(text: string): string {
  return PLAIN.test(text) ? text : format(parse(text));
}

/** Below 0, 0 or above 0, as for a sort. */
export function compareNumbers(a: string, b: string): number {
  if (PLAIN.test(a) && PLAIN.test(b)) return Number(a) - Number(b);
  const [x, y] = aligned(parse(a), parse(b));
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The exact sum, or the difference where `sign` is -1. Throws where the sum needs more than 38 digits. */
export function addNumbers(a: string, b: string, sign: 1 | -1 = 1): string {
  if (PLAIN.test(a) && PLAIN.test(b)) return String(Number(a) + sign * Number(b));
  const [x, y, exponent] = aligned(parse(a), parse(b));
  return format(checked(trimmed(x + BigInt(sign) * y, exponent)));
}

function parse(text: string): Decimal {
  const found = FORM.exec(text);
  const whole = found?.[2] ?? "";
  const fraction = found?.[3] ?? "";
  if (found === null || (whole === "" && fraction === "")) {
    throw problem(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const digits = BigInt(whole + fraction) * (found[1] === "-" ? -1n : 1n);
  return checked(trimmed(digits, Number(found[4] ?? 0) - fraction.length));
}

function trimmed(digits: bigint, exponent: number): Decimal {
  if (digits === 0n) return { digits, exponent: 0 };
  const text = String(digits);
  const kept = text.replace(/0+$/, "");
  return { digits: BigInt(kept), exponent: exponent + text.length - kept.length };
}

function checked(number: Decimal): Decimal {
  if (number.digits === 0n) return number;
  const length = String(number.digits).replace("-", "").length;
  const magnitude = number.exponent + length - 1;
  if (magnitude > LARGEST_EXPONENT) {
    throw problem("Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  if (magnitude < SMALLEST_EXPONENT) {
    throw problem(
      "Number underflow. Attempting to store a number with magnitude smaller than supported range",
    );
  }
  if (length > MOST_DIGITS) throw problem("Attempting to store more than 38 significant digits in a Number");
  return number;
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (number: Decimal) => number.digits * 10n ** BigInt(number.exponent - exponent);
  return [scaled(a), scaled(b), exponent];
}

function format({ digits, exponent }: Decimal): string {
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits);
  if (exponent >= 0) return `${sign}${text}${"0".repeat(digits === 0n ? 0 : exponent)}`;
  const padded = text.padStart(1 - exponent, "0");
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

function problem(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
