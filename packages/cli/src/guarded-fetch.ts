/** Longer than any answer takes but a simulation's. */
const PATIENCE = 60_000;
const SIMULATION_PATIENCE = 10 * 60_000;
const UPLOAD_PATIENCE = 10 * 60_000;

/**
 * fetch for talking to gonogo: gives up in time, or when `stopped`, and hands on only what can be an answer
 * of its API. Whatever it throws, the client reports as a server that could not be reached.
 */
export function guardedFetch(stopped: AbortSignal): typeof fetch {
  return async (input, init) => {
    const where = input instanceof Request ? input.url : String(input);
    const patience = where.endsWith("/v1/simulations") ? SIMULATION_PATIENCE : PATIENCE;
    const late = AbortSignal.timeout(patience);
    try {
      const signal = AbortSignal.any([late, stopped]);
      return await checked(await fetch(input, { ...init, signal }));
    } catch (error) {
      if (late.aborted) throw new Error(`no answer within ${patience / 1000} s`);
      throw error;
    }
  };
}

/** For files, to and from the store that keeps them: a slow line takes its time, an end there is all the same. */
export function uploadingFetch(stopped: AbortSignal): typeof fetch {
  return async (input, init) =>
    await fetch(input, { ...init, signal: AbortSignal.any([AbortSignal.timeout(UPLOAD_PATIENCE), stopped]) });
}

async function checked(response: Response): Promise<Response> {
  if (response.status === 304) return response;
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  if (/\bhtml\b/.test(type)) throw new Error(`HTTP ${response.status} with a web page: not gonogo's API`);
  if (type.includes("json")) checkJson(text, response);
  else if (response.ok && !/\byaml\b|^text\/(?:plain|calendar|csv)\b/.test(type)) {
    throw new Error(`HTTP ${response.status} without JSON: not gonogo's API`);
  }
  const { status, headers } = response;
  return new Response(status === 204 ? null : text, { status, headers });
}

function checkJson(text: string, { ok, status }: Response): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`HTTP ${status} with JSON that ends too early or is none`);
  }
  if (ok) return;
  const { detail, code } = (value ?? {}) as { detail?: unknown; code?: unknown };
  if (typeof detail !== "string" || typeof code !== "string") {
    throw new Error(`HTTP ${status} without a reason: not gonogo's API`);
  }
}
