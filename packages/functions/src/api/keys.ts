import type { CreatedKey, KeyView, Page, RevokedKey } from "@gonogo/client/contract";
import { NewKey } from "@gonogo/core/key/schema";
import { isGood, type KeyEntry } from "@gonogo/core/key/state";
import type { Instant } from "@gonogo/core/kit/instant";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { executeForDeployment } from "../execute-deployment.ts";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS, refusalOf } from "./problem.ts";
import { json, Key, nameKeeper } from "./releases.ts";

const tags = ["Identity"];
const reason = z.string().trim().min(1).max(2_000).describe("Why; it is kept in the deployment's log.");
const { digest, expiresAt } = NewKey.shape;
const Asked = NewKey.extend({
  digest: digest
    .describe("SHA-256 of the key: gonogo_ and 43 characters of base64url.")
    .openapi({ type: "string" }),
  expiresAt: expiresAt.describe("At most a year away.").openapi({ type: "string", format: "date-time" }),
  reason,
}).openapi("NewKey");
const Id = z.object({ id: z.string().regex(/^key_[0-9a-f]{12}$/, "is not a key's id, key_…") });

const routes = {
  list: createRoute({
    method: "get",
    path: "/v1/keys",
    tags,
    summary: "The keys of tools: what each is for, when it was last used, and those that are over",
    responses: { 200: answers<Page<KeyView>>("The newest first."), ...REFUSALS },
  }),
  create: createRoute({
    method: "post",
    path: "/v1/keys",
    tags,
    summary: "Give a tool a key",
    description:
      "For people of the role Governance. The key is made by whoever asks: only its digest is sent, and kept.",
    request: { headers: Key, body: json(Asked) },
    responses: { 201: answers<CreatedKey>("It is good from now on."), ...REFUSALS },
  }),
  revoke: createRoute({
    method: "delete",
    path: "/v1/keys/{id}",
    tags,
    summary: "Withdraw a key: it opens nothing from this moment on",
    request: { params: Id, headers: Key, body: json(z.strictObject({ reason }).openapi("KeyReason")) },
    responses: { 200: answers<RevokedKey>("It is withdrawn."), ...REFUSALS },
  }),
};

/** The keys of tools. */
export function addKeys(app: OpenAPIHono<Api>, runtime: Serving): void {
  const rememberName = nameKeeper(runtime);
  const { store, clock } = runtime;
  app.openapi(routes.list, async (c) => {
    const { entries } = (await store.deployment()).state.keys;
    const used = await store.keysUsed(entries.map(({ digest }) => digest));
    const names = await store.names(
      entries.flatMap(({ by, revoked }) => [by, ...(revoked ? [revoked.by] : [])]),
    );
    const now = clock.now();
    const items = entries.map((one) => viewOf(one, now, names, used.get(one.digest)));
    return c.json({ items: items.toReversed() }, 200);
  });
  app.openapi(routes.create, async (c) => {
    const { reason: why, ...key } = c.req.valid("json");
    const outcome = await executeForDeployment(runtime, {
      id: c.req.valid("header")["idempotency-key"],
      actor: c.get("actor"),
      reason: why,
      body: { type: "CreateKey", ...key },
    });
    await rememberName(c, outcome);
    if (!outcome.ok) throw refusalOf(outcome.rejection);
    const made = outcome.state.keys.entries.find(({ digest }) => digest === key.digest);
    if (made === undefined) throw new Error("a key that was made is not there");
    return c.json({ id: made.id, name: made.name, expiresAt: made.expiresAt, seq: outcome.seq }, 201);
  });
  app.openapi(routes.revoke, async (c) => {
    const { id } = c.req.valid("param");
    const outcome = await executeForDeployment(runtime, {
      id: c.req.valid("header")["idempotency-key"],
      actor: c.get("actor"),
      reason: c.req.valid("json").reason,
      body: { type: "RevokeKey", key: id },
    });
    await rememberName(c, outcome);
    if (!outcome.ok) throw refusalOf(outcome.rejection);
    return c.json({ id, seq: outcome.seq, changed: outcome.events.length > 0 }, 200);
  });
}

function viewOf(
  entry: KeyEntry,
  now: Instant,
  names: Readonly<Record<string, string>>,
  lastUsed: Instant | undefined,
): KeyView {
  const { digest: _, ...shown } = entry;
  const state = isGood(entry, now) ? "good" : entry.revoked === undefined ? "expired" : "revoked";
  return {
    ...shown,
    state,
    byName: names[entry.by] ?? entry.by,
    ...(lastUsed === undefined ? {} : { lastUsed }),
  };
}
