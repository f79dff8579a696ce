import type { Identify } from "@gonogo/adapters/identity/index";
import type { Instant } from "@gonogo/core/kit/instant";
import { createMiddleware } from "hono/factory";
import type { Api } from "./context.ts";
import { Refusal } from "./problem.ts";

/** Lets in only who says who they are, and remembers it for the routes. */
export function identified(identify: Identify, now: () => Instant) {
  return createMiddleware<Api>(async (c, next) => {
    const who = await identify(c.req.raw.headers, now());
    if (!who.ok) {
      if (who.status === 401) c.header("www-authenticate", "Bearer");
      throw new Refusal(
        who.status,
        who.status === 401 ? "identity.unknown" : "identity.refused",
        who.message,
      );
    }
    c.set("actor", who.actor);
    c.set("name", who.name ?? "");
    c.set("scopes", who.scopes);
    c.set("demo", who.actor.kind === "person" && who.actor.standIn === true);
    await next();
  });
}
