import { TOKEN_PREFIX } from "@gonogo/adapters/identity/api-token";
import { bearer, type Identify, type Identity } from "@gonogo/adapters/identity/index";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { Api } from "./context.ts";
import { type Guarding, sourceOfRequest } from "./guarding.ts";
import { Refusal } from "./problem.ts";

/** Lets in only who says who they are, and remembers it for the routes. */
export function identified(identify: Identify, now: () => Instant, guarding: Guarding) {
  return createMiddleware<Api>(async (c, next) => {
    const who = await whoIs(c, now(), identify, guarding);
    c.set("actor", who.actor);
    c.set("name", who.name ?? "");
    c.set("scopes", who.scopes);
    c.set("demo", who.actor.kind === "person" && who.actor.standIn === true);
    await next();
  });
}

/** Whether a request brings a key or token of ours. */
export function isKey(headers: Headers): boolean {
  return bearer(headers)?.startsWith(TOKEN_PREFIX) === true;
}

/** Who asks. Throws where that is not known, and where somebody tries too much. */
export async function whoIs(
  c: Context<Api>,
  now: Instant,
  identify: Identify,
  guarding: Guarding,
): Promise<Extract<Identity, { ok: true }>> {
  const source = sourceOfRequest(c);
  const { headers } = c.req.raw;
  // A signature cannot be guessed, and who has one is not kept out by others. A token may be what somebody chose.
  if (isKey(headers)) await guarding.refuseIfOver("token", source);
  const who = await identify(headers, now);
  if (who.ok) return who;
  c.set("who", who.who);
  if (who.guess === true) await guarding.failed("token", source);
  if (who.status === 401) c.header("www-authenticate", "Bearer");
  throw new Refusal(who.status, who.status === 401 ? "identity.unknown" : "identity.refused", who.message);
}
