import { fromMillis, type Instant, parseInstant } from "@gonogo/core/kit/instant";
import { Signal } from "@gonogo/core/signal/schema";
import { z } from "zod";
import { jsonPlace } from "./json-place.ts";

/** The request is not taken in: it is not what it claims to be, or cannot be read, or is too large. */
export interface Refused {
  readonly ok: false;
  readonly status: 400 | 401 | 413;
  readonly message: string;
}

/** What a request from an alarm system held. None at all is an answer too: a test message, a resolved group. */
export interface Received {
  readonly ok: true;
  readonly signals: readonly Signal[];
  /**
   * When it happened stands in nothing that was signed: whoever has caught such a request could send it again on any
   * day, and it would be of that day. It is for who takes it in to know what came before.
   */
  readonly undated?: true;
}

export type SignalAnswer = Received | Refused;

/** The largest request that is looked at. Alertmanager groups are the largest by far. */
export const MAX_SIGNAL_BYTES = 524_288;

export function refused(status: Refused["status"], message: string): Refused {
  return { ok: false, status, message };
}

/** One sentence for every failed proof: which part of it was wrong helps only who is guessing. */
export function forged(what: string): Refused {
  return refused(401, `${what} does not verify: check that both sides hold the same secret`);
}

export function tooLarge(rawBody: Uint8Array): Refused | undefined {
  if (rawBody.byteLength <= MAX_SIGNAL_BYTES) return undefined;
  return refused(413, `the body has ${rawBody.byteLength} bytes; at most ${MAX_SIGNAL_BYTES} are read`);
}

/** Reads a body by its schema. What is wrong is told with its place. To be called after it was verified. */
export function readBody<T>(
  schema: z.ZodType<T>,
  rawBody: Uint8Array | string,
  what: string,
): { readonly ok: true; readonly value: T } | Refused {
  const text = typeof rawBody === "string" ? rawBody : decode(rawBody);
  if (text === undefined) return refused(400, `${what} is not UTF-8`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column } = jsonPlace(text);
    return refused(400, `${what} is not JSON: line ${line}, column ${column}`);
  }
  return readValue(schema, value, what);
}

/** The same for what is parsed already. */
export function readValue<T>(
  schema: z.ZodType<T>,
  value: unknown,
  what: string,
): { readonly ok: true; readonly value: T } | Refused {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const issue = result.error.issues[0];
  const path = (issue?.path ?? []).map(String).join(".");
  return refused(
    400,
    `${what}${path === "" ? "" : ` at ${path}`}: ${issue?.message ?? "is not as expected"}`,
  );
}

/** A time in any spelling of ISO 8601 that alarm systems use: `+0000`, nine digits, an offset. */
export const time = z.string().transform((text, context): Instant => {
  const result = parseInstant(text);
  if (result !== undefined) return result;
  context.addIssue({ code: "custom", message: "is no time" });
  return z.NEVER;
});

/** Seconds since 1970, as headers carry them. */
export function fromSeconds(text: string | null): Instant | undefined {
  return text !== null && /^\d{1,11}(\.\d{1,9})?$/.test(text)
    ? fromMillis(Math.round(Number(text) * 1000))
    : undefined;
}

/** Signals as core takes them, each once: what does not fit its limits (a name of 600 letters) is refused. */
export function received(signals: readonly z.input<typeof Signal>[], what: string): SignalAnswer {
  const read = readValue(z.array(Signal), signals, what);
  if (!read.ok) return read;
  const once = new Map(read.value.map((one) => [`${one.source}:${one.name}:${one.state}:${one.at}`, one]));
  return { ok: true, signals: [...once.values()] };
}

/** What an alarm says of itself, as far as it is shown. Undefined when it says nothing. */
export function saying(...texts: (string | null | undefined)[]): { says?: string } {
  const text = texts.find((one) => one !== null && one !== undefined && one.trim() !== "");
  if (text === undefined || text === null) return {};
  return {
    says: text
      .replace(/\p{Cc}+/gu, " ")
      .trim()
      .slice(0, 1000),
  };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
