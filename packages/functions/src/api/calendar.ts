import type {
  CalendarChange,
  CalendarRulesPreview,
  CalendarView,
  Verification,
} from "@gonogo/client/contract";
import { verifyChain } from "@gonogo/core/audit/chain";
import { importName } from "@gonogo/core/calendar/commands";
import { occurrences } from "@gonogo/core/calendar/occurrences";
import { readCalendarRules, writeCalendarRules } from "@gonogo/core/calendar/read";
import { type CalendarRules, Scope, SpanKind } from "@gonogo/core/calendar/schema";
import { spansDuring } from "@gonogo/core/calendar/spans";
import { calendarView } from "@gonogo/core/calendar/view";
import type { DeploymentBody } from "@gonogo/core/deployment/commands";
import type { DeploymentRecord } from "@gonogo/core/deployment/events";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { unaccounted } from "@gonogo/core/erasure/accounted";
import { days, toMs } from "@gonogo/core/kit/duration";
import { type Instant, plus, since } from "@gonogo/core/kit/instant";
import { duration, instant, line } from "@gonogo/core/kit/schema";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { applyCalendar } from "../events/calendar.ts";
import { importedBetween } from "../events/feeds.ts";
import { executeForDeployment } from "../execute-deployment.ts";
import { peopleIn } from "./attendees.ts";
import type { Api, Serving } from "./context.ts";
import { answers, PlanText } from "./plans.ts";
import { badPlan, REFUSALS, Refusal, refusalOf } from "./problem.ts";
import { json, Key } from "./releases.ts";

const tags = ["Calendar"];
/** Asked for when nothing else is, and the most that is asked for at once. */
const SHOWN = days(90);
const MOST_SHOWN = days(800);

const reason = z.string().trim().min(1).max(2_000).describe("Why; it is kept in the deployment's log.");
const Reason = z.strictObject({ reason }).openapi("CalendarReason");
const Between = z.object({
  from: instant.optional().openapi({ type: "string", description: "Unset: now." }),
  to: instant.optional().openapi({ type: "string", description: "Unset: 90 days after that." }),
});
const Declared = z
  .strictObject({
    name: line.describe("What it is for."),
    from: instant.optional().openapi({ type: "string", description: "Unset: at once." }),
    to: instant.optional().openapi({ type: "string", description: "Until when; or say for." }),
    for: duration.optional().openapi({ type: "string", description: "For how long, such as 4 h." }),
    ...Scope.shape,
    incident: line.optional().describe("The incident that it is for."),
    reason,
  })
  .openapi("SpanRequest");
const Imported = z
  .strictObject({
    kind: SpanKind,
    text: z.string().max(1_000_000).optional().describe("The iCalendar text."),
    url: z
      .url({ protocol: /^https$/ })
      .max(2_000)
      .optional()
      .describe("Or the address of a feed."),
    ...Scope.shape,
    reason,
  })
  .refine(({ text, url }) => (text === undefined) !== (url === undefined), "give either text or url")
  .openapi("CalendarImport");
const Which = z.object({ kind: z.enum(["freezes", "windows"]) });
const KIND = { freezes: "freeze", windows: "window" } as const;

const changed = { 200: answers<CalendarChange>("It is on record."), ...REFUSALS };
const text = (type: string, description: string) => ({
  200: { description, content: { [type]: { schema: z.string() } } },
  ...REFUSALS,
});

const routes = {
  show: createRoute({
    method: "get",
    path: "/v1/calendar",
    tags,
    summary: "Freezes and maintenance windows",
    request: { query: Between },
    responses: { 200: answers<CalendarView>("The calendar."), ...REFUSALS },
  }),
  text: createRoute({
    method: "get",
    path: "/v1/calendar.ics",
    tags,
    summary: "The same, for calendar programs",
    request: { query: Between },
    responses: text("text/calendar", "iCalendar (RFC 5545)."),
  }),
  rules: createRoute({
    method: "get",
    path: "/v1/calendar/rules",
    tags,
    summary: "The rules, in YAML",
    responses: text("application/yaml", "YAML."),
  }),
  setRules: createRoute({
    method: "put",
    path: "/v1/calendar/rules",
    tags,
    summary: "Set the rules of what comes again",
    request: { headers: Key, body: json(PlanText.extend({ reason }).openapi("CalendarRulesText")) },
    responses: changed,
  }),
  tryRules: createRoute({
    method: "post",
    path: "/v1/calendar/rules/preview",
    tags,
    summary: "When rules would fall, without setting them",
    request: { body: json(PlanText) },
    responses: {
      200: answers<CalendarRulesPreview>("What is wrong with them, or when each falls next."),
      ...REFUSALS,
    },
  }),
  declare: createRoute({
    method: "post",
    path: "/v1/calendar/{kind}",
    tags,
    summary: "Declare a freeze or a maintenance window",
    description:
      "A freeze holds every active release in its scope from this moment; a rollback is never held.",
    request: { params: Which, headers: Key, body: json(Declared) },
    responses: changed,
  }),
  lift: createRoute({
    method: "delete",
    path: "/v1/calendar/{kind}/{id}",
    tags,
    summary: "Lift what was declared, before its end",
    request: {
      params: Which.extend({ id: z.string().min(1).max(100) }),
      headers: Key,
      body: json(Reason),
    },
    responses: changed,
  }),
  take: createRoute({
    method: "put",
    path: "/v1/calendar/imports/{name}",
    tags,
    summary: "Take freezes or windows from an iCalendar text or feed",
    request: { params: z.object({ name: importName }), headers: Key, body: json(Imported) },
    responses: changed,
  }),
  remove: createRoute({
    method: "delete",
    path: "/v1/calendar/imports/{name}",
    tags,
    summary: "Forget an imported calendar",
    request: { params: z.object({ name: importName }), headers: Key, body: json(Reason) },
    responses: changed,
  }),
  records: createRoute({
    method: "get",
    path: "/v1/deployment/records",
    tags: ["Audit"],
    summary: "The deployment's own audit log, from the first record",
    request: {
      query: z.object({
        after: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
    },
    responses: {
      200: answers<{ items: DeploymentRecord[]; names: Record<string, string>; next?: string }>("A page."),
      ...REFUSALS,
    },
  }),
  verification: createRoute({
    method: "get",
    path: "/v1/deployment/verification",
    tags: ["Audit"],
    summary: "Whether the deployment's log is whole",
    responses: { 200: answers<Verification>("Whole, or where it is not."), ...REFUSALS },
  }),
};

/** The deployment's calendar: what it says, and every way to change it, each with a reason. */
export function addCalendar(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(routes.show, async (c) => {
    const { from, to } = between(runtime, c.req.valid("query"));
    const { state } = await runtime.store.deployment();
    return c.json(calendarView(state.calendar, from, to, runtime.clock.now()), 200);
  });
  app.openapi(routes.text, async (c) => {
    const { from, to } = between(runtime, c.req.valid("query"));
    const { state } = await runtime.store.deployment();
    const { writeICalendar } = await import("@gonogo/adapters/icalendar/write");
    const body = writeICalendar(spansDuring(state.calendar, from, to), runtime.clock.now());
    return c.body(body, 200, { "content-type": "text/calendar; charset=utf-8" });
  });
  app.openapi(routes.rules, async (c) => {
    const { state } = await runtime.store.deployment();
    const body = writeCalendarRules(state.calendar.rules);
    return c.body(body, 200, { "content-type": "application/yaml; charset=utf-8" });
  });
  app.openapi(routes.setRules, async (c) => {
    const given = c.req.valid("json");
    const { rules, problems } = readCalendarRules(given.text, given.file);
    if (rules === undefined) throw badPlan(problems);
    const body = { type: "SetCalendarRules", rules } as const;
    return c.json(await change(runtime, c, given.reason, body), 200);
  });
  app.openapi(routes.tryRules, (c) => {
    const { text: given, file } = c.req.valid("json");
    const { rules, problems } = readCalendarRules(given, file);
    const next = rules === undefined ? [] : nextOf(rules, runtime.clock.now());
    return c.json({ ok: rules !== undefined, problems, next }, 200);
  });
  // Before those of any kind: the first that matches answers.
  app.openapi(routes.remove, async (c) => {
    const body = { type: "RemoveImport", name: c.req.valid("param").name } as const;
    return c.json(await change(runtime, c, c.req.valid("json").reason, body), 200);
  });
  app.openapi(routes.declare, async (c) => {
    const kind = KIND[c.req.valid("param").kind];
    const { reason: why, ...span } = c.req.valid("json");
    return c.json(await change(runtime, c, why, { type: "DeclareSpan", kind, ...span }), 200);
  });
  app.openapi(routes.lift, async (c) => {
    const body = { type: "LiftSpan", span: c.req.valid("param").id } as const;
    return c.json(await change(runtime, c, c.req.valid("json").reason, body), 200);
  });
  app.openapi(routes.take, async (c) => {
    return c.json(await take(runtime, c, c.req.valid("param").name, c.req.valid("json")), 200);
  });
  app.openapi(routes.records, async (c) => {
    const { after, limit } = c.req.valid("query");
    const { seq } = await runtime.store.deployment();
    const items = [...(await runtime.store.deploymentRecords(after + 1, limit))];
    const names = await runtime.store.names(items.flatMap(peopleIn));
    const last = items.at(-1)?.seq ?? after;
    return c.json({ items, names: { ...names }, ...(last < seq ? { next: String(last) } : {}) }, 200);
  });
  app.openapi(routes.verification, async (c) => {
    let read = await readToVerify(runtime);
    // A text that was erased since has its record behind what was read: read it again.
    if (unaccounted(read.records) !== undefined) read = await readToVerify(runtime);
    const { ok, ...rest } = verifyChain(DEPLOYMENT, read.records, read.known);
    return c.json({ ok, ...rest }, 200);
  });
}

async function readToVerify({ store }: Serving) {
  const { seq, head } = await store.deployment();
  const records: DeploymentRecord[] = [];
  while (records.length < seq) {
    const page = await store.deploymentRecords(records.length + 1, Math.min(500, seq - records.length));
    if (page.length === 0) break;
    records.push(...page);
  }
  return { records, known: { seq, digest: head } };
}

/** So many times that a rule falls are shown before it is set, within so long. */
const NEXT_SHOWN = 5;
const NEXT_WITHIN = days(400);

function nextOf(rules: CalendarRules, now: Instant): CalendarRulesPreview["next"] {
  const kinds = [
    ["freeze", rules.freezes],
    ["window", rules.windows],
  ] as const;
  return kinds.flatMap(([kind, all]) =>
    all.map((rule) => {
      const spans = occurrences(rule, kind, rules.zone, now, plus(now, NEXT_WITHIN));
      return { kind, name: rule.name, spans: spans.slice(0, NEXT_SHOWN) };
    }),
  );
}

function between(runtime: Serving, query: { from?: Instant | undefined; to?: Instant | undefined }) {
  const from = query.from ?? runtime.clock.now();
  const to = query.to ?? plus(from, SHOWN);
  if (from >= to) throw new Refusal(422, "calendar.backwards", `it ends at ${to}, before ${from}`);
  if (toMs(since(from, to)) > toMs(MOST_SHOWN)) {
    throw new Refusal(422, "calendar.too-much", "at most 800 days are shown at once");
  }
  return { from, to };
}

/** Changes the calendar, and tells every active release at once what that means for it. */
async function change(
  runtime: Serving,
  c: Context<Api>,
  why: string,
  body: DeploymentBody,
): Promise<CalendarChange> {
  const actor = c.get("actor");
  const id = c.req.header("idempotency-key") ?? runtime.newId();
  const outcome = await executeForDeployment(runtime, { id, actor, reason: why, body });
  if (actor.kind === "person" && c.get("name") !== "") {
    await runtime.store.rememberName(actor.id, c.get("name"));
  }
  if (!outcome.ok) throw refusalOf(outcome.rejection);
  let told: readonly string[] = [];
  try {
    told = await applyCalendar(runtime);
  } catch (error) {
    // The effects tell them again, and each shift reads the calendar itself.
    runtime.log.warn("not every release could be told of the calendar", { error: String(error) });
  }
  const declared = outcome.events.find((event) => event.type === "CalendarSpanDeclared");
  return {
    seq: outcome.seq,
    version: outcome.state.calendar.version,
    ...(declared === undefined ? {} : { id: declared.span.id }),
    ...(declared?.shortNotice === undefined ? {} : { shortNotice: true }),
    told,
  };
}

async function take(
  runtime: Serving,
  c: Context<Api>,
  name: string,
  wish: z.infer<typeof Imported>,
): Promise<CalendarChange> {
  const { kind, url, reason: why, environments, components } = wish;
  const refused = url === undefined ? undefined : runtime.feeds.whyNot(url);
  if (refused !== undefined) throw new Refusal(422, "calendar.feed-not-allowed", refused);
  const content = url === undefined ? (wish.text ?? "") : await runtime.feeds.fetch(url);
  const scope = {
    ...(environments === undefined ? {} : { environments }),
    ...(components === undefined ? {} : { components }),
  };
  const { state } = await runtime.store.deployment();
  const span = importedBetween(runtime.clock.now());
  const { readICalendar } = await import("@gonogo/adapters/icalendar/read");
  const read = readICalendar(content, { name, kind, scope, zone: state.calendar.rules.zone, ...span });
  if (!read.ok) throw new Refusal(422, "calendar.not-read", `${name}: ${read.message}`);
  const host = url === undefined ? {} : { host: new URL(url).hostname };
  const spans = [...read.spans];
  const body = { type: "ImportCalendar", name, kind, scope, spans, until: span.to, ...host } as const;
  const result = await change(runtime, c, why, body);
  // Only now: who may not import changes no address either.
  if (url !== undefined) await runtime.store.rememberFeed(name, url);
  return { ...result, notes: read.notes };
}
