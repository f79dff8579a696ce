import type { Instant } from "@gonogo/core/kit/instant";

/** What an adapter needs of the world to speak HTTP. */
export interface Outside {
  readonly fetch: typeof fetch;
  readonly now: () => Instant;
  /** Of one request, body included. */
  readonly timeoutMs?: number;
}

/** The longest a request may take unless an adapter knows better. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** The largest answer that is read: what these APIs say fits many times over. */
export const MAX_ANSWER_BYTES = 1_048_576;

/**
 * An outside system did not do what it was asked. `retryable`: it may, if asked again, at the earliest after
 * `retryAfterMs`. The message names the system and the operation, never an address with a secret in it.
 */
export class OutsideError extends Error {
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    about: { retryable: boolean; status?: number | undefined; retryAfterMs?: number | undefined },
  ) {
    super(message);
    this.name = "OutsideError";
    this.retryable = about.retryable;
    this.status = about.status;
    this.retryAfterMs = about.retryAfterMs;
  }
}

export interface Call {
  /** For messages: the system and the operation, such as `App Store Connect, read version`. */
  readonly what: string;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is text already. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

/**
 * One request with a time-out and a bounded answer. Answers whatever status came; what did not come at all,
 * and 429 and 5xx, are thrown as a retryable OutsideError. Redirects are not followed: none of these APIs
 * redirects, and a redirect would carry the credentials along.
 */
export async function call(outside: Outside, request: Call): Promise<Answer> {
  const timeoutMs = outside.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const answer = await exchange(outside.fetch, request, timeoutMs);
  if (answer.status === 429 || answer.status >= 500) {
    throw new OutsideError(`${request.what}: answered ${answer.status}; it may be tried again`, {
      retryable: true,
      status: answer.status,
      retryAfterMs: retryAfter(answer.headers, outside.now()),
    });
  }
  return answer;
}

async function exchange(send: typeof fetch, request: Call, timeoutMs: number): Promise<Answer> {
  const json = request.body !== undefined && typeof request.body !== "string";
  const init: RequestInit = {
    method: request.method ?? "GET",
    headers: { ...(json ? { "content-type": "application/json" } : {}), ...request.headers },
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  };
  if (request.body !== undefined) init.body = json ? JSON.stringify(request.body) : String(request.body);
  try {
    const response = await send(request.url, init);
    const text = await readBounded(response, MAX_ANSWER_BYTES);
    return { status: response.status, headers: response.headers, text, json: parseJson(text) };
  } catch (error) {
    if (error instanceof TooLarge) {
      throw new OutsideError(`${request.what}: the answer is larger than ${MAX_ANSWER_BYTES} bytes`, {
        retryable: false,
      });
    }
    throw new OutsideError(`${request.what}: ${whyUnreachable(error, timeoutMs)}`, { retryable: true });
  }
}

/** Why no answer came, in words without an address: the cause's code (ECONNREFUSED) or the time-out. */
export function whyUnreachable(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return `no answer within ${timeoutMs / 1000} s`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code =
    typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : undefined;
  return `cannot be reached${code === undefined ? "" : ` (${code})`}`;
}

class TooLarge extends Error {}

/** Reads a body up to so many bytes. Throws beyond, without reading on. */
export async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const { text, whole } = await readUpTo(response, maxBytes);
  if (!whole) throw new TooLarge();
  return text;
}

/** Reads a body as far as so many bytes, and says whether that was all of it. */
export async function readUpTo(
  response: Response,
  maxBytes: number,
): Promise<{ text: string; whole: boolean }> {
  if (response.body === null) return { text: "", whole: true };
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), whole: true };
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel().catch(() => undefined);
      const kept = value.subarray(0, value.byteLength - (size - maxBytes));
      return { text: text + decoder.decode(kept), whole: false };
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** `Retry-After` in milliseconds, given as seconds or as a date (RFC 9110 10.2.3). */
export function retryAfter(headers: Headers, now: Instant): number | undefined {
  const given = headers.get("retry-after");
  if (given === null) return undefined;
  if (/^\d{1,6}$/.test(given.trim())) return Number(given) * 1000;
  const date = Date.parse(given);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.parse(now));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value inside parsed JSON, by keys and indexes; undefined where the way ends. */
export function dig(value: unknown, ...path: (string | number)[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

/** The same, where text is expected. */
export function digText(value: unknown, ...path: (string | number)[]): string | undefined {
  const found = dig(value, ...path);
  return typeof found === "string" ? found : undefined;
}
