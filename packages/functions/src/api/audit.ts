import type {
  AuditLog,
  CommandOfDeployment,
  KeyChange,
  LogRecords,
  Page,
  SignedCheckpoint,
  SignedStatement,
} from "@gonogo/client/contract";
import type { Leaf } from "@gonogo/core/audit/leaf";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { executeForDeployment } from "../execute-deployment.ts";
import type { Api, Serving } from "./context.ts";
import type { ApiOptions } from "./options.ts";
import { answers } from "./plans.ts";
import { REFUSALS, Refusal, refusalOf } from "./problem.ts";
import { Id, json, Key } from "./releases.ts";

const tags = ["Audit"];
const paged = (most: number) =>
  z.object({
    after: z.coerce.number().int().min(0).max(99_999_999).default(0),
    limit: z.coerce.number().int().min(1).max(most).default(100),
  });
const Why = z
  .strictObject({ reason: z.string().trim().min(1).max(2_000) })
  .openapi("Why", { description: "Stays on record: it names no person." });

const routes = {
  log: createRoute({
    method: "get",
    path: "/v1/audit",
    tags,
    summary:
      "The log over all releases: how long it is, what was signed of it, and when it was last verified",
    responses: { 200: answers<AuditLog>("As it stands."), ...REFUSALS },
  }),
  checkpoints: createRoute({
    method: "get",
    path: "/v1/audit/checkpoints",
    tags,
    summary: "What was signed of the log, the smallest first; `after` is a size",
    request: { query: paged(200) },
    responses: { 200: answers<Page<SignedCheckpoint>>("A page."), ...REFUSALS },
  }),
  leaves: createRoute({
    method: "get",
    path: "/v1/audit/leaves",
    tags,
    summary: "The leaves of the log in their order; `after` is how many are known",
    request: { query: paged(500) },
    responses: { 200: answers<Page<Leaf>>("A page."), ...REFUSALS },
  }),
  records: createRoute({
    method: "get",
    path: "/v1/audit/logs/{id}",
    tags,
    summary: "The records of a release, or of the `deployment`, whatever else is known of it",
    description: "For whoever verifies: from record `after` + 1 to record `after` + `limit`, as they are.",
    request: { params: Id, query: paged(500) },
    responses: { 200: answers<LogRecords>("Those that are there."), ...REFUSALS },
  }),
  attestation: createRoute({
    method: "get",
    path: "/v1/releases/{id}/attestation",
    tags,
    summary: "What is attested of a release that is over: an in-toto statement in a signed envelope",
    request: { params: Id },
    responses: { 200: answers<SignedStatement>("The envelope (DSSE)."), ...REFUSALS },
  }),
  changeKey: createRoute({
    method: "post",
    path: "/v1/audit/key",
    tags,
    summary: "Have the log signed with a new key from now on, where the server keeps the key itself",
    description:
      "The old key and the new one state together that the log goes on. On AWS a deployment changes the key.",
    request: { headers: Key, body: json(Why) },
    responses: {
      200: answers<KeyChange>("It is on record, and done, or is within ten minutes."),
      ...REFUSALS,
    },
  }),
  forget: createRoute({
    method: "post",
    path: "/v1/people/{id}/forget",
    tags,
    summary: "Have a person's name erased; the logs have their id alone, and stay whole",
    request: {
      params: z.object({ id: z.string().regex(/^psn_[0-9a-f]{20}$/, "is not a person's id, psn_…") }),
      headers: Key,
      body: json(Why),
    },
    responses: { 200: answers<CommandOfDeployment>("It is gone, and on record."), ...REFUSALS },
  }),
};

/** Releases that wait to be anchored are counted no further. */
const MANY = 40;

export function addAudit(
  app: OpenAPIHono<Api>,
  runtime: Serving,
  { changeAuditKey }: Pick<ApiOptions, "changeAuditKey">,
): void {
  const { anchors, store } = runtime;
  app.openapi(routes.log, async (c) => {
    const [state, newest, moved, verified] = await Promise.all([
      anchors.state(),
      anchors.newestCheckpoint(),
      anchors.moved(),
      anchors.lastVerification(),
    ]);
    const successions = state.successions === 0 ? [] : await anchors.successions();
    const log: AuditLog = {
      origin: anchors.origin,
      size: state.size,
      waiting: Math.min(moved.length, MANY),
      ...(state.key === undefined ? {} : { key: state.key }),
      successions,
      ...(newest === undefined ? {} : { newest }),
      ...(verified === undefined ? {} : { verified }),
    };
    return c.json(log, 200);
  });
  app.openapi(routes.checkpoints, async (c) => {
    const { after, limit } = c.req.valid("query");
    const items = await anchors.checkpoints(after, limit);
    const last = items.at(-1)?.checkpoint.size;
    return c.json(
      { items, ...(last === undefined || items.length < limit ? {} : { next: String(last) }) },
      200,
    );
  });
  app.openapi(routes.leaves, async (c) => {
    const { after, limit } = c.req.valid("query");
    const items = await anchors.leaves(after, limit);
    return c.json({ items, ...(items.length < limit ? {} : { next: String(after + items.length) }) }, 200);
  });
  app.openapi(routes.records, async (c) => {
    const { id } = c.req.valid("param");
    const { after, limit } = c.req.valid("query");
    const items =
      id === DEPLOYMENT
        ? await store.deploymentRecords(after + 1, limit)
        : await store.records(id, after + 1, limit);
    return c.json({ items }, 200);
  });
  app.openapi(routes.attestation, async (c) => {
    const { id } = c.req.valid("param");
    const attested = await anchors.attestation(id);
    if (attested === undefined) {
      const detail = `nothing is attested of ${id}: it is once the release is over, within ten minutes`;
      throw new Refusal(404, "attestation.none", detail);
    }
    return c.json({ release: id, seq: attested.seq, envelope: JSON.parse(attested.envelope) }, 200);
  });
  app.openapi(routes.changeKey, async (c) => {
    if (changeAuditKey === undefined) {
      const detail = "a deployment changes this log's key: docs/operations.md has the steps, under The audit";
      throw new Refusal(409, "audit-key.is-deployed", detail);
    }
    if ((await anchors.state()).key === undefined) {
      const detail =
        "nothing has been signed yet, so there is no key to go on from: it is within ten minutes";
      throw new Refusal(409, "audit-key.none", detail);
    }
    const outcome = await executeForDeployment(runtime, {
      id: c.req.valid("header")["idempotency-key"],
      actor: c.get("actor"),
      reason: c.req.valid("json").reason,
      body: { type: "ChangeAuditKey" },
    });
    if (!outcome.ok) throw refusalOf(outcome.rejection);
    // Recorded first: whoever asks again, after this was lost, has it done.
    await changeAuditKey();
    const { key } = await anchors.state();
    const { state } = await store.deployment();
    return c.json({ seq: outcome.seq, ...(state.auditKey.isAsked || key === undefined ? {} : { key }) }, 200);
  });
  app.openapi(routes.forget, async (c) => {
    const { id: person } = c.req.valid("param");
    const outcome = await executeForDeployment(runtime, {
      id: c.req.valid("header")["idempotency-key"],
      actor: c.get("actor"),
      reason: c.req.valid("json").reason,
      body: { type: "ForgetName", person },
    });
    if (!outcome.ok) throw refusalOf(outcome.rejection);
    // Recorded first: whoever asks again, after this was lost, has it done again.
    await store.eraseName(person, runtime.clock.now());
    return c.json({ seq: outcome.seq }, 200);
  });
}
