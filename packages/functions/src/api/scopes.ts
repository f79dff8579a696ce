import type { KeyScope } from "@gonogo/core/key/schema";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { METHOD_NAME_ALL } from "hono/router";
import type { Api } from "./context.ts";
import { Refusal } from "./problem.ts";

/**
 * What a tool's key has to be good for, by route. People, and tools whose proof has no scopes, are held by their roles
 * alone. A route that is not here is for no key.
 */
export const SCOPE_OF: Readonly<Record<string, KeyScope | "any" | "nobody is asked">> = {
  "get /v1/me": "any",
  "get /v1/sign-in": "nobody is asked",
  "post /v1/sign-in": "nobody is asked",
  "post /hooks/{system}": "signal:write",
  "get /metrics": "release:read",
  "get /v1/board": "release:read",
  "get /v1/calendar": "release:read",
  "get /v1/calendar.ics": "release:read",
  "get /v1/calendar/rules": "release:read",
  "get /v1/delegations": "release:read",
  "get /v1/deployments": "release:read",
  "get /v1/doctor": "release:read",
  "get /v1/drills": "release:read",
  "get /v1/integrations": "release:read",
  "get /v1/measures": "release:read",
  "get /v1/obligations": "release:read",
  "get /v1/plan.schema.json": "release:read",
  "get /v1/policy": "release:read",
  "get /v1/rehearsals": "release:read",
  "get /v1/releases": "release:read",
  "get /v1/releases/{id}": "release:read",
  "get /v1/releases/{id}/attestation": "release:read",
  "get /v1/releases/{id}/courses": "release:read",
  "get /v1/releases/{id}/difference": "release:read",
  "get /v1/releases/{id}/documents": "release:read",
  "get /v1/releases/{id}/evidence/{digest}": "release:read",
  "get /v1/releases/{id}/incident": "release:read",
  "get /v1/releases/{id}/plan": "release:read",
  "get /v1/releases/{id}/postmortem.ics": "release:read",
  "get /v1/releases/{id}/verification": "release:read",
  "post /v1/calendar/rules/preview": "release:read",
  "post /v1/plans/check": "release:read",
  "post /v1/plans/import": "release:read",
  "post /v1/plans/matrix": "release:read",
  "post /v1/plans/preview": "release:read",
  "post /v1/policy/check": "release:read",
  "post /v1/simulations": "release:read",
  "post /v1/releases/{id}/commands/preview": "release:read",
  "post /v1/releases/{id}/revisions/preview": "release:read",
  "post /v1/releases": "release:write",
  "post /v1/rehearsals": "release:write",
  "post /v1/releases/{id}/commands": "release:write",
  "post /v1/releases/{id}/evidence": "release:write",
  "post /v1/releases/{id}/obligations/{obligation}/complete": "release:write",
  "post /v1/releases/{id}/revisions": "release:write",
  "get /v1/audit": "audit:read",
  "get /v1/audit/checkpoints": "audit:read",
  "get /v1/audit/leaves": "audit:read",
  "get /v1/audit/logs/{id}": "audit:read",
  "get /v1/deployment/records": "audit:read",
  "get /v1/deployment/verification": "audit:read",
  "get /v1/keys": "audit:read",
  "get /v1/refusals": "audit:read",
  "get /v1/releases/{id}/records": "audit:read",
  "delete /v1/calendar/imports/{name}": "admin",
  "put /v1/calendar/imports/{name}": "admin",
  "put /v1/calendar/rules": "admin",
  "post /v1/calendar/{kind}": "admin",
  "delete /v1/calendar/{kind}/{id}": "admin",
  "post /v1/integrations/{name}/test": "admin",
  "post /v1/keys": "admin",
  "delete /v1/keys/{id}": "admin",
  "post /v1/people/{id}/forget": "admin",
  "post /v1/audit/key": "admin",
  "post /v1/audit/logs/{id}/erasures": "admin",
  "post /v1/delegations": "admin",
  "delete /v1/delegations/{id}": "admin",
  "put /v1/policy": "admin",
  "delete /v1/policy": "admin",
};

/** The same, as Hono spells a path: `/v1/releases/:id`. */
const BY_PATH = new Map(
  Object.entries(SCOPE_OF).map(([name, scope]) => [name.replaceAll(/\{(\w+)\}/g, ":$1"), scope]),
);

/** Holds a tool to what its key is for. */
export const scoped = createMiddleware<Api>(async (c, next) => {
  const held = c.get("scopes");
  if (held !== undefined) {
    const route = matchedRoutes(c).findLast(({ method }) => method !== METHOD_NAME_ALL);
    // Where there is no route at all the answer is that.
    if (route !== undefined) {
      const path = route.path.replaceAll(/\{[^}]*\}/g, "");
      refuseWithout(held, BY_PATH.get(`${route.method.toLowerCase()} ${path}`));
    }
  }
  await next();
});

/** Throws where a key is not good for what it is used for. */
export function refuseWithout(
  held: readonly KeyScope[],
  needed: (typeof SCOPE_OF)[string] | undefined,
): void {
  if (needed === "any" || needed === "nobody is asked") return;
  if (needed !== undefined && held.includes(needed)) return;
  const detail =
    needed === undefined
      ? "no key is good for this; ask as a person"
      : `this needs the scope ${needed}, and the key has ${held.join(", ") || "none"}; ask for another key`;
  throw new Refusal(403, "identity.scope", detail);
}
