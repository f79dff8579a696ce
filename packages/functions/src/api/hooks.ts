import { readWebhook } from "@gonogo/adapters/generic-webhook/index";
import { bearer, type Identify } from "@gonogo/adapters/identity/index";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import { StoreUnavailable } from "@gonogo/core/release/ports";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { noteSeen } from "../events/seen.ts";
import type { Api, Serving } from "./context.ts";
import { type Guarding, sourceOfRequest } from "./guarding.ts";
import { isKey, whoIs } from "./identified.ts";
import { type ApiOptions, HOOKS } from "./options.ts";
import { REFUSALS, Refusal } from "./problem.ts";
import { refuseWithout } from "./scopes.ts";

/** The longest that a system goes on trying to deliver what was not taken in. */
const TRIED_AGAIN_MS = 6 * 3_600_000;

const route = createRoute({
  method: "post",
  path: "/hooks/{system}",
  tags: ["Signals"],
  summary: "An alarm system reports a change",
  description: "Verified by the system's own signature or token; taken in by putting it on the bus, at once.",
  request: { params: z.object({ system: z.enum(HOOKS) }) },
  responses: {
    202: {
      description: "Taken in. What it brings about is in the releases' logs.",
      content: { "application/json": { schema: z.object({ signals: z.number().int() }) } },
    },
    ...REFUSALS,
  },
});

/** `POST /hooks/<system>`: verified, put into one form, and on the bus before it is answered. */
export function addHooks(
  app: OpenAPIHono<Api>,
  runtime: Serving,
  options: ApiOptions,
  guarding: Guarding,
): void {
  app.openapi(route, async (c) => {
    const { system } = c.req.valid("param");
    const byKey = system === "generic" && isKey(c.req.raw.headers);
    const hook = options.hooks[system];
    if (hook === undefined && !byKey) {
      const detail = `no secret is set for ${system}; docs/operations.md says where it goes`;
      throw new Refusal(404, "hook.not-set-up", detail);
    }
    const { headers } = c.req.raw;
    const now = runtime.clock.now();
    const rawBody = new Uint8Array(await c.req.arrayBuffer());
    let answer = await hook?.(headers, rawBody, now);
    if (byKey && answer?.ok !== true) {
      await whoseKey(c, now, options.identify, guarding);
      // Its key has let it in: what is left is to read what it says.
      answer = readWebhook(headers, rawBody, { tokens: [bearer(headers) ?? ""] }, now);
    }
    if (answer === undefined) throw new Error("a hook that is not there has answered");
    if (!answer.ok) {
      // What is right is always taken in, wherever it comes from: nobody's guesses keep an alarm out.
      if (answer.status === 401) await guarding.failed(`hook ${system}`, sourceOfRequest(c));
      const code = answer.status === 401 ? "hook.unverified" : "hook.unreadable";
      throw new Refusal(answer.status, code, answer.message);
    }
    if ("confirm" in answer) {
      if (options.confirm === undefined) {
        throw new Refusal(404, "hook.not-set-up", "this deployment confirms no subscriptions of SNS");
      }
      await options.confirm(answer.confirm);
      return c.json({ signals: 0 }, 202);
    }
    if (answer.undated === true) await refuseReplay(runtime, system, rawBody, now);
    await runtime.bus.publish(answer.signals.map((detail) => ({ type: "SignalArrived", detail })));
    await noteSeen(runtime, system);
    return c.json({ signals: answer.signals.length }, 202);
  });
}

/**
 * Throws where a signed body that has no time in it was seen long ago. Until then it may come again, for systems try
 * again, and whatever comes twice takes effect once (S4). While the store is away it is let in: an alarm is worth more.
 */
async function refuseReplay(runtime: Serving, system: string, body: Uint8Array, now: Instant): Promise<void> {
  const first = await firstSeen(runtime, `${system} ${digestOfBytes(body)}`, now);
  if (since(first, now) <= TRIED_AGAIN_MS) return;
  const detail = `the same request came first at ${first}: an alarm that is sent again is not believed any more`;
  throw new Refusal(401, "hook.replayed", detail);
}

async function firstSeen({ guard }: Serving, what: string, now: Instant): Promise<Instant> {
  try {
    return await guard.firstSeen(what, now);
  } catch (error) {
    if (error instanceof StoreUnavailable) return now;
    throw error;
  }
}

const since = (then: Instant, now: Instant): number => toMillis(now) - toMillis(then);

/** Throws unless the request's key is good for reporting alarms. */
async function whoseKey(
  c: Context<Api>,
  now: Instant,
  identify: Identify,
  guarding: Guarding,
): Promise<void> {
  const { actor, scopes } = await whoIs(c, now, identify, guarding);
  c.set("actor", actor);
  if (scopes !== undefined) refuseWithout(scopes, "signal:write");
}
