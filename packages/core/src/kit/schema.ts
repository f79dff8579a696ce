import { z } from "zod";
import { parseDuration } from "./duration.ts";
import { INSTANT_FORMS, parseInstant } from "./instant.ts";
import { parseOffset } from "./offset.ts";
import { plain } from "./text.ts";

/** Characters that no name or sentence needs and that logs and terminals act upon (ASVS 16.4.1). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/;

/** One line of text: trimmed, not empty, without control characters. */
export const line = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(500, "at most 500 characters")
  .refine((text) => !CONTROL.test(text) && !text.includes("\n"), "one line, without control characters");

/** Several lines. */
export const prose = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(10_000, "at most 10,000 characters")
  .refine((text) => !CONTROL.test(text), "no control characters");

/** An identifier inside a plan. */
export const ident = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits and hyphens, such as lambda-inference");

/** A length of time, in its canonical spelling. */
export const duration = z.string().transform((text, context) => {
  const result = parseDuration(text);
  if (result.ok) return result.value;
  context.addIssue({ code: "custom", message: result.message, params: { column: result.column } });
  return z.NEVER;
});

/** A moment before or after T. */
export const offset = z.string().transform((text, context) => {
  const result = parseOffset(text);
  if (result.ok) return result.value;
  context.addIssue({ code: "custom", message: result.message, params: { column: result.column } });
  return z.NEVER;
});

/** A moment in UTC. */
export const instant = z.string().transform((text, context) => {
  const result = parseInstant(text);
  if (result !== undefined) return result;
  context.addIssue({ code: "custom", message: `expected ${INSTANT_FORMS}` });
  return z.NEVER;
});

/** A share, above 0 and at most 100; `10` or `10 %`. */
export const percent = z.union([z.number(), z.string()]).transform((given, context) => {
  const text = plain(String(given)).trim();
  const value = /^\d+(?:\.\d+)?\s*%?$/.test(text) ? Number(text.replace("%", "")) : Number.NaN;
  if (value > 0 && value <= 100) return value;
  context.addIssue({
    code: "custom",
    message: "expected a percentage above 0 and at most 100, such as 10 or 10 %",
  });
  return z.NEVER;
});
