import { principal } from "@gonogo/core/actor/schema";
import type { Instant } from "@gonogo/core/kit/instant";
import {
  GUESSES,
  GUESSES_BY_ONE_WAY,
  isOver,
  type Limit,
  secondsUntil,
  type Window,
  windowAt,
} from "@gonogo/core/refusal/limit";
import { countedBy, networkOf, type Source, sourceOf } from "@gonogo/core/refusal/source";
import { StoreUnavailable } from "@gonogo/core/release/ports";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import { METHOD_NAME_ALL } from "hono/router";
import type { Using } from "../runtime.ts";
import type { Api } from "./context.ts";
import { Refusal } from "./problem.ts";

/** What a source is known to be good for, so that most requests ask nothing. Milliseconds of the runtime's clock. */
const TRUSTED_MS = 10_000;
const MOST_REMEMBERED = 5_000;

type Ways = readonly { readonly key: string; readonly limit: Limit }[];

/**
 * Keeps those out for a while who try what fits. Failures are counted in the store by their source, and only they: what
 * succeeds costs no write, and at most one read in ten seconds. While the store is away nothing is counted, and
 * nobody is kept out.
 */
export class Guarding {
  readonly #runtime: Using<"guard">;
  readonly #over = new Map<string, Instant>();
  readonly #fine = new Map<string, string>();

  constructor(runtime: Using<"guard">) {
    this.#runtime = runtime;
  }

  /** Throws 429 where a source has failed too often already, whatever it brings now. */
  async refuseIfOver(what: string, source: Source): Promise<void> {
    const now = this.#runtime.clock.now();
    for (const { key, limit } of waysOf(what, source)) {
      const window = windowAt(now, limit);
      const known = `${key} ${window.from}`;
      this.#refuseKnown(known, now);
      if ((this.#fine.get(key) ?? "") > now) continue;
      const failures = (await this.#tried(() => this.#runtime.guard.failures(key, window))) ?? 0;
      if (isOver(failures, limit)) throw this.#keepOut(known, window, now, true);
      this.#remember(this.#fine, key, new Date(Date.parse(now) + TRUSTED_MS).toISOString());
    }
  }

  /** Counts a failure. Throws 429 in the place of what it would have been, where that was one too many. */
  async failed(what: string, source: Source): Promise<void> {
    const now = this.#runtime.clock.now();
    for (const { key, limit } of waysOf(what, source)) {
      this.#refuseKnown(`${key} ${windowAt(now, limit).from}`, now);
    }
    for (const { key, limit } of waysOf(what, source)) {
      const window = windowAt(now, limit);
      this.#fine.delete(key);
      const failures = (await this.#tried(() => this.#runtime.guard.countFailure(key, window))) ?? 0;
      if (failures > limit.most) throw this.#keepOut(`${key} ${window.from}`, window, now, false);
    }
  }

  #refuseKnown(known: string, now: Instant): void {
    const until = this.#over.get(known);
    if (until !== undefined && until > now) throw tooMany(until, now, true);
  }

  /** That it was kept out is noted once a window in each process: a flood writes nothing. */
  #keepOut(known: string, { to }: Window, now: Instant, isRecorded: boolean): Refusal {
    this.#remember(this.#over, known, to);
    return tooMany(to, now, isRecorded);
  }

  #remember<V>(map: Map<string, V>, key: string, value: V): void {
    if (map.size >= MOST_REMEMBERED) map.clear();
    map.set(key, value);
  }

  /** Undefined while the store is away. */
  async #tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined;
      throw error;
    }
  }
}

function waysOf(what: string, source: Source): Ways {
  const { narrow, wide } = countedBy(source);
  return [
    { key: `${what} ${narrow}`, limit: GUESSES },
    { key: `${what} ${wide}`, limit: GUESSES_BY_ONE_WAY },
  ];
}

function tooMany(until: Instant, now: Instant, isRecorded: boolean): Refusal {
  const seconds = secondsUntil(until, now);
  const detail = `too many tries from where you are did not fit; try again in ${seconds} s`;
  return new Refusal(429, "limit.guesses", detail, undefined, { retryAfter: seconds, isRecorded });
}

interface Connected {
  /** Lambda's, behind API Gateway. */
  readonly requestContext?: { readonly http?: { readonly sourceIp?: string } };
  /** Node's own. */
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
}

/** Where a request comes from. Only behind a gateway does a header say anything of it. */
export function sourceOfRequest(c: Context<Api>): Source {
  const { requestContext, incoming } = (c.env ?? {}) as Connected;
  const address = requestContext?.http?.sourceIp;
  if (address !== undefined) return sourceOf(address, c.req.header("x-forwarded-for"));
  return sourceOf(incoming?.socket?.remoteAddress);
}

/** Keeps a refusal, unless a log has it already. That it could not be kept is no reason to answer something else. */
export async function noteRefusal(
  runtime: Using<"guard">,
  c: Context<Api>,
  { status, code, isRecorded }: Refusal,
): Promise<void> {
  if ((status !== 401 && status !== 403 && status !== 429) || isRecorded) return;
  const actor = c.get("actor");
  const who = (actor === undefined ? undefined : principal(actor)) ?? c.get("who");
  const route = matchedRoutes(c).findLast(({ method }) => method !== METHOD_NAME_ALL);
  const refused = {
    status,
    code,
    route: route === undefined ? `${c.req.method} elsewhere` : `${route.method} ${route.path}`,
    network: networkOf(sourceOfRequest(c)),
    ...(who === undefined ? {} : { who }),
  } as const;
  try {
    await runtime.guard.noteRefusal(refused, runtime.clock.now());
  } catch (error) {
    runtime.log.warn("a refusal could not be kept", {
      code,
      error: error instanceof Error ? error.name : "",
    });
  }
}
