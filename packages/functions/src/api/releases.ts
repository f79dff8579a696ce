import type {
  CommandResult,
  Courses,
  ExportedDocuments,
  Me,
  Page,
  RecordsPage,
  ReleaseSummary,
  Verification,
} from "@gonogo/client/contract";
import { type Actor, principal } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { unaccounted } from "@gonogo/core/erasure/accounted";
import { planDigest } from "@gonogo/core/plan/digest";
import { writePlan } from "@gonogo/core/plan/write";
import type { Rejection } from "@gonogo/core/release/commands";
import { PersonCommand } from "@gonogo/core/release/person-commands";
import type { Loaded } from "@gonogo/core/release/ports";
import { releaseView } from "@gonogo/core/view/release";
import type { ReleaseView } from "@gonogo/core/view/schema";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { MOVED_ON, notFound, type Outcome } from "../execute.ts";
import { peopleIn, withoutNames } from "./attendees.ts";
import type { Api, Serving } from "./context.ts";
import { coursesOf } from "./courses.ts";
import { fileIn } from "./evidence-files.ts";
import type { ApiOptions } from "./options.ts";
import { answers, PlanText } from "./plans.ts";
import { REFUSALS, Refusal, refusalOf } from "./problem.ts";
import { executeSpoken } from "./spoken.ts";
import { submit } from "./submit.ts";

/** Somebody, as they are told of themselves. */
export function meOf(actor: Actor, name = ""): Me {
  const roles = actor.kind === "person" || actor.kind === "tool" ? actor.roles : [];
  return { id: principal(actor) ?? "", name, roles, demo: actor.kind === "person" && actor.standIn === true };
}

export const Id = z.object({ id: z.string().min(1).max(64) });
export const Key = z.object({
  "idempotency-key": z
    .string({
      error: "every write needs an Idempotency-Key header: any text of your own, new for each request",
    })
    .min(1)
    .max(200),
});
const IfNoneMatch = z.object({ "if-none-match": z.string().max(500).optional() });
const IfMatch = z.object({ "if-match": z.string().max(500).optional() });
const Command = z
  .strictObject({ command: PersonCommand, reason: z.string().trim().min(1).max(2_000).optional() })
  .openapi("CommandRequest");

const tags = ["Releases"];
export const json = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { "application/json": { schema } },
});

const routes = {
  me: createRoute({
    method: "get",
    path: "/v1/me",
    tags: ["Identity"],
    summary: "Who I am here",
    responses: { 200: answers<Me>("Whoever the request says it is."), ...REFUSALS },
  }),
  list: createRoute({
    method: "get",
    path: "/v1/releases",
    tags,
    summary: "Releases, the newest first",
    request: {
      query: z.object({
        status: z.enum(["active", "ended", "all"]).default("active"),
        limit: z.coerce.number().int().min(1).max(100).default(25),
        after: z
          .string()
          .regex(/^[0-9TZ:.-]{20,30}#.{1,64}$/, "is not what `next` was on the page before")
          .optional(),
      }),
    },
    responses: { 200: answers<Page<ReleaseSummary>>("A page."), ...REFUSALS },
  }),
  submit: createRoute({
    method: "post",
    path: "/v1/releases",
    tags,
    summary: "Submit a plan: its release begins with the gates",
    request: { headers: Key, body: json(PlanText) },
    responses: { 201: answers<CommandResult>("The release."), ...REFUSALS },
  }),
  show: createRoute({
    method: "get",
    path: "/v1/releases/{id}",
    tags,
    summary: "A release as it stands",
    description: "With If-None-Match it answers 304 while nothing has happened.",
    request: { params: Id, headers: IfNoneMatch },
    responses: {
      200: answers<ReleaseView>("The release."),
      304: { description: "Nothing has happened." },
      ...REFUSALS,
    },
  }),
  command: createRoute({
    method: "post",
    path: "/v1/releases/{id}/commands",
    tags,
    summary: "Ask something of a release",
    description: "With If-Match it is refused when the release has moved on since it was read.",
    request: { params: Id, headers: Key.extend(IfMatch.shape), body: json(Command) },
    responses: { 200: answers<CommandResult>("It was accepted."), ...REFUSALS },
  }),
  plan: createRoute({
    method: "get",
    path: "/v1/releases/{id}/plan",
    tags,
    summary: "The plan, in YAML",
    description: "As it stands, unless `revision` asks for an earlier one.",
    request: {
      params: Id,
      query: z.object({ revision: z.coerce.number().int().min(1).max(1_000).optional() }),
    },
    responses: {
      200: { description: "YAML.", content: { "application/yaml": { schema: z.string() } } },
      ...REFUSALS,
    },
  }),
  records: createRoute({
    method: "get",
    path: "/v1/releases/{id}/records",
    tags: ["Audit"],
    summary: "The audit log, from the first record",
    request: {
      params: Id,
      query: z.object({
        after: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
    },
    responses: { 200: answers<RecordsPage>("A page."), ...REFUSALS },
  }),
  verification: createRoute({
    method: "get",
    path: "/v1/releases/{id}/verification",
    tags: ["Audit"],
    summary: "Whether the log is whole",
    request: { params: Id },
    responses: { 200: answers<Verification>("Whole, or where it is not."), ...REFUSALS },
  }),
  courses: createRoute({
    method: "get",
    path: "/v1/releases/{id}/courses",
    tags,
    summary: "Metrics and shares over time, for charts",
    request: { params: Id },
    responses: { 200: answers<Courses>("Points."), ...REFUSALS },
  }),
  documents: createRoute({
    method: "get",
    path: "/v1/releases/{id}/documents",
    tags,
    summary: "The runbook and the release plan, filled in",
    request: { params: Id },
    responses: { 200: answers<ExportedDocuments>("Markdown."), ...REFUSALS },
  }),
};

export function addReleases(app: OpenAPIHono<Api>, runtime: Serving, options: ApiOptions): void {
  const rememberName = nameKeeper(runtime);
  app.openapi(routes.me, (c) => {
    const scopes = c.get("scopes");
    const me = meOf(c.get("actor"), c.get("name"));
    return c.json(scopes === undefined ? me : { ...me, scopes }, 200);
  });
  app.openapi(routes.list, async (c) => {
    const { status, limit, after } = c.req.valid("query");
    const page = { limit, ...(after === undefined ? {} : { after }) };
    const isAll = status === "all";
    return c.json(await (isAll ? listAll(runtime.store, page) : runtime.store.list(status, page)), 200);
  });
  app.openapi(routes.submit, async (c) => {
    const key = c.req.valid("header")["idempotency-key"];
    const outcome = await submit(runtime, { ...c.req.valid("json"), key, actor: c.get("actor") });
    await rememberName(c, outcome);
    const result = resultOf(outcome);
    if (outcome.ok) options.onSubmitted?.(outcome.plan);
    c.header("location", `/v1/releases/${result.release}`);
    return c.json(result, 201);
  });
  app.openapi(routes.show, async (c) => {
    const { plan, state, seq } = await load(runtime, c.req.valid("param").id);
    const etag = etagOf(seq, c);
    c.header("etag", etag);
    c.header("cache-control", "private, no-cache");
    if (isAmong(c.req.valid("header")["if-none-match"], etag)) return c.body(null, 304);
    return c.json(releaseView(plan, state, c.get("actor"), runtime.clock.now()), 200);
  });
  app.openapi(routes.command, async (c) => {
    const { id } = c.req.valid("param");
    const { command: asked, reason } = c.req.valid("json");
    const { command, names } = withoutNames(asked);
    const { "idempotency-key": key, "if-match": expected } = c.req.valid("header");
    const outcome = await executeSpoken(runtime, {
      release: id,
      id: key,
      actor: c.get("actor"),
      reason,
      file: await fileIn(runtime, id, command),
      ...(expected === undefined ? {} : { standsAt: (seq) => isAmong(expected, etagOf(seq, c)) }),
      body: command,
    });
    await rememberName(c, outcome);
    if (outcome.ok) {
      const entries = Object.entries(names);
      await Promise.all(entries.map(([person, name]) => runtime.store.rememberName(person, name)));
    }
    return c.json(resultOf(outcome), 200);
  });
  app.openapi(routes.plan, async (c) => {
    const { state, ...loaded } = await load(runtime, c.req.valid("param").id);
    const { revision = state.revision } = c.req.valid("query");
    const isNow = revision === state.revision;
    const plan = isNow ? loaded.plan : await runtime.store.revision(state.id, revision);
    if (plan === undefined) {
      const detail = `${state.id} has revisions 1 to ${state.revision}, not ${revision}`;
      throw new Refusal(404, "revision.unknown", detail);
    }
    return c.body(writePlan(plan), 200, {
      "content-type": "application/yaml; charset=utf-8",
      etag: `"${isNow ? state.plan : planDigest(plan)}"`,
    });
  });
  app.openapi(routes.records, async (c) => {
    const { id } = c.req.valid("param");
    const { after, limit } = c.req.valid("query");
    const { seq } = await load(runtime, id);
    const items = await runtime.store.records(id, after + 1, limit);
    const names = await runtime.store.names(items.flatMap(peopleIn));
    const last = items.at(-1)?.seq ?? after;
    return c.json({ items, names, ...(last < seq ? { next: String(last) } : {}) }, 200);
  });
  app.openapi(routes.verification, async (c) => {
    const { id } = c.req.valid("param");
    let read = await readToVerify(runtime, id);
    // A text that was erased since has its record behind what was read: read it again.
    if (unaccounted(read.records) !== undefined) read = await readToVerify(runtime, id);
    const { ok, ...rest } = verifyChain(id, read.records, read.known);
    const { found: [log] = [] } = (await runtime.anchors.lastVerification()) ?? {};
    return c.json({ ok, ...rest, anchored: read.anchored, ...(log === undefined ? {} : { log }) }, 200);
  });
  app.openapi(routes.courses, async (c) => {
    const loaded = await load(runtime, c.req.valid("param").id);
    return c.json(
      await coursesOf(runtime, loaded, await allRecords(runtime, loaded.state.id, loaded.seq)),
      200,
    );
  });
  app.openapi(routes.documents, async (c) => {
    const { plan, state, seq } = await load(runtime, c.req.valid("param").id);
    const records = await allRecords(runtime, state.id, seq);
    const names = await runtime.store.names(records.flatMap(peopleIn));
    // Large, and rarely asked for: loaded when it is.
    const { exportMarkdown } = await import("@gonogo/core/document/export/index");
    const documents = exportMarkdown(plan, state, records, (id) => names[id] ?? id);
    return c.json({ documents }, 200);
  });
}

async function readToVerify(runtime: Serving, id: string) {
  // Anchors first: what was anchored is there, and more may be by the time that records are read.
  const anchored = await runtime.anchors.anchors(id);
  const last = anchored.at(-1);
  const loaded = last === undefined ? await load(runtime, id) : await runtime.store.load(id);
  const heads = [...anchored, ...(loaded === undefined ? [] : [{ seq: loaded.seq, digest: loaded.head }])];
  const known = heads.toSorted((one, other) => one.seq - other.seq);
  const records = await allRecords(runtime, id, known.at(-1)?.seq ?? 0);
  return { known, records, anchored: last?.seq ?? 0 };
}

export async function load(runtime: Pick<Serving, "store">, id: string): Promise<Loaded> {
  const loaded = await runtime.store.load(id);
  if (loaded === undefined) {
    const missing = notFound(id);
    throw missing.ok ? new Error("unreachable") : refusalOf(missing.rejection);
  }
  return loaded;
}

export function resultOf(outcome: Outcome): CommandResult {
  if (!outcome.ok) {
    const { code, message } = outcome.rejection;
    throw code === MOVED_ON ? new Refusal(412, code, message) : refusalOf(outcome.rejection);
  }
  return { release: outcome.state.id, seq: outcome.seq, status: outcome.state.status };
}

/** What one person may do differs from what another may: the tag is of the release and of who looks. */
function etagOf(seq: number, c: Context<Api>): string {
  const actor = c.get("actor");
  return `"${seq}-${(principal(actor) ?? "").slice(-8)}"`;
}

/** Whether a tag is one of those in a header: `*`, one, or several (RFC 9110 13.1). Proxies make tags weak. */
function isAmong(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((one) => one.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

/** What a name is kept after: a command to a release or to the deployment. */
type Answered = { readonly ok: true } | { readonly ok: false; readonly rejection: Rejection };

/** Answers that leave no record behind, and so no name to show. */
const UNRECORDED = ["release.unknown", "idempotency.reused", MOVED_ON];
const MOST_NAMES = 1_000;

/** Keeps the names of those who now stand in a log; each is written once, and again when it has changed. */
export function nameKeeper(runtime: Serving): (c: Context<Api>, outcome: Answered) => Promise<void> {
  const kept = new Map<string, string>();
  return async (c, outcome) => {
    const actor = c.get("actor");
    const name = c.get("name");
    if (!outcome.ok && UNRECORDED.includes(outcome.rejection.code)) return;
    if (actor.kind !== "person" || name === "" || kept.get(actor.id) === name) return;
    await runtime.store.rememberName(actor.id, name);
    if (kept.size >= MOST_NAMES) kept.clear();
    kept.set(actor.id, name);
  };
}

/** Up to the record that the release stands at: records written meanwhile are not missing. */
export async function allRecords(runtime: Serving, id: string, seq: number): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  while (records.length < seq) {
    const page = await runtime.store.records(id, records.length + 1, Math.min(500, seq - records.length));
    if (page.length === 0) break;
    records.push(...page);
  }
  return records;
}

/**
 * The active and the ended in one order. One that ends between the two questions is in both answers, and never
 * in neither.
 */
async function listAll(store: Serving["store"], page: { limit: number; after?: string }) {
  const active = await store.list("active", page);
  const ended = await store.list("ended", page);
  const placeOf = ({ submittedAt, id }: ReleaseSummary) => `${submittedAt}#${id}`;
  const byPlace = new Map([...active.items, ...ended.items].map((item) => [placeOf(item), item]));
  const places = [...byPlace.keys()].toSorted().reverse();
  const items = places.slice(0, page.limit).flatMap((place) => byPlace.get(place) ?? []);
  const isMore = places.length > items.length || active.next !== undefined || ended.next !== undefined;
  const next = places[items.length - 1];
  return isMore && next !== undefined ? { items, next } : { items };
}
