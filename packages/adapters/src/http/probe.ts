import { DEFAULT_TIMEOUT_MS, readUpTo, whyUnreachable } from "./call.ts";
import { type Guard, shown, whyRefused } from "./guard.ts";

/** What a probe step asks: see ProbeStep in core. */
export interface ProbeRequest {
  readonly url: string;
  readonly method: "GET" | "HEAD" | "POST";
  readonly status: number;
  readonly contains?: string | undefined;
}

/** What was seen, in words for the release's log. */
export interface ProbeResult {
  readonly ok: boolean;
  readonly detail: string;
}

export interface ProbeConfig extends Guard {
  /** `guardedFetch` in production, which looks at the address once more as it connects. */
  readonly fetch: typeof fetch;
  readonly timeoutMs?: number;
}

const MOST_REDIRECTS = 5;
/** As far as the text that must be there is looked for. */
const MOST_BODY_BYTES = 1_048_576;

/**
 * Makes one HTTP request and compares the answer. Never throws: that a service cannot be reached is what a
 * probe is there to find out. The whole probe, redirects included, has one time-out.
 */
export async function probe(config: ProbeConfig, request: ProbeRequest): Promise<ProbeResult> {
  const timeoutMs = config.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const signal = AbortSignal.timeout(timeoutMs);
  const follow = request.status < 300 || request.status > 399;
  let { url, method } = request;
  try {
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      const refusal = await whyRefused(config, url);
      if (refusal !== undefined) return { ok: false, detail: refusal };
      const response = await config.fetch(url, {
        method,
        redirect: "manual",
        signal,
        headers: { "user-agent": "gonogo-probe", accept: "*/*" },
      });
      const next = follow ? redirectOf(response, url) : undefined;
      if (next === undefined) return await compare(response, request, url);
      await response.body?.cancel();
      // As browsers do it: only 307 and 308 keep the method (RFC 9110 15.4).
      if (method === "POST" && response.status !== 307 && response.status !== 308) method = "GET";
      url = next;
    }
    return { ok: false, detail: `${shown(request.url)} redirects more than ${MOST_REDIRECTS} times` };
  } catch (error) {
    return { ok: false, detail: `${shown(url)}: ${whyUnreachable(error, timeoutMs)}` };
  }
}

async function compare(response: Response, request: ProbeRequest, url: string): Promise<ProbeResult> {
  const where = shown(url);
  if (response.status !== request.status) {
    await response.body?.cancel();
    return { ok: false, detail: `${where} answered ${response.status}, not ${request.status}` };
  }
  if (request.contains === undefined) {
    await response.body?.cancel();
    return { ok: true, detail: `${where} answered ${response.status}` };
  }
  const { text, whole } = await readUpTo(response, MOST_BODY_BYTES);
  if (text.includes(request.contains)) {
    return { ok: true, detail: `${where} answered ${response.status} with "${request.contains}" in it` };
  }
  const part = whole ? "" : ` in the first ${MOST_BODY_BYTES} bytes`;
  return {
    ok: false,
    detail: `${where} answered ${response.status}, without "${request.contains}"${part}`,
  };
}

function redirectOf(response: Response, base: string): string | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const location = response.headers.get("location");
  return location === null ? undefined : (URL.parse(location, base)?.href ?? undefined);
}
