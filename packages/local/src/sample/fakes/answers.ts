/** What every fake is: it answers requests as the real system would, from state that is plain data. */
export type Fake = (request: Request) => Promise<Response>;

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** The body as JSON; undefined when it is none. */
export async function bodyOf(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch {
    return undefined;
  }
}

/** A value inside of a body, by keys; undefined where the way ends. */
export function at(value: unknown, ...path: string[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** Of what came in, the newest is kept: a world may run for months. */
const MOST_RECORDED = 500;

export function record<T>(log: T[], entry: T): void {
  log.push(entry);
  log.splice(0, Math.max(0, log.length - MOST_RECORDED));
}

/** A `fetch` that reaches the fakes by their host names and nothing else. */
export function fetchOf(fakes: Readonly<Record<string, Fake>>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const { host } = new URL(request.url);
    const fake = fakes[host];
    if (fake === undefined) {
      const cause = Object.assign(new Error(`no fake is at ${host}`), { code: "ENOTFOUND" });
      throw new TypeError("fetch failed", { cause });
    }
    return await fake(request);
  };
}
