import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type {
  CommandRequest,
  DelegationRequest,
  Document,
  OwedItem,
  PlanText,
  ProblemDetails,
  Proof,
  RehearsalRequest,
  RevisionRequest,
  SimulationRequest,
  UploadAddress,
  WantedUpload,
} from "@gonogo/client";
import type { Actor } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import { decisionMatrix } from "@gonogo/core/decision/matrix";
import type { DelegationCommand } from "@gonogo/core/delegation/commands";
import { decideDelegation } from "@gonogo/core/delegation/decide";
import { evolveDelegations } from "@gonogo/core/delegation/evolve";
import { type DelegationsState, NO_DELEGATIONS } from "@gonogo/core/delegation/state";
import { incidentMarkdown } from "@gonogo/core/document/export/incident";
import { exportMarkdown } from "@gonogo/core/document/export/index";
import { importDocuments } from "@gonogo/core/document/import";
import { fileKey } from "@gonogo/core/evidence/schema";
import { filesOf } from "@gonogo/core/evidence/state";
import { entryOf } from "@gonogo/core/history/entry";
import { postmortemCalendar } from "@gonogo/core/incident/calendar";
import { incidentRecord } from "@gonogo/core/incident/record";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import { at, type Offset, offset } from "@gonogo/core/kit/offset";
import { hasErrors } from "@gonogo/core/kit/problem";
import { postmortemRule } from "@gonogo/core/obligation/owe";
import { obligationViews } from "@gonogo/core/obligation/view";
import { planJsonSchema } from "@gonogo/core/plan/json-schema";
import { lintPlan } from "@gonogo/core/plan/lint/index";
import { previewOf } from "@gonogo/core/plan/preview";
import { planDigest, readPlan } from "@gonogo/core/plan/read";
import { writePlan } from "@gonogo/core/plan/write";
import type { PolicyCommand } from "@gonogo/core/policy/commands";
import { decidePolicy } from "@gonogo/core/policy/decide";
import { evolvePolicy } from "@gonogo/core/policy/evolve";
import { policyDigest } from "@gonogo/core/policy/govern";
import { readPolicy } from "@gonogo/core/policy/read";
import { NO_POLICY, type PolicyState } from "@gonogo/core/policy/state";
import { writePolicy } from "@gonogo/core/policy/write";
import { rehearsalPlan } from "@gonogo/core/rehearsal/derive";
import { drillsOf } from "@gonogo/core/rehearsal/drills";
import type { Rejection } from "@gonogo/core/release/commands";
import { metaOf } from "@gonogo/core/release/evolve";
import type { Revise } from "@gonogo/core/revision/schema";
import { Drive } from "@gonogo/core/testing/drive";
import { foresee } from "@gonogo/core/view/foresee";
import { releaseView } from "@gonogo/core/view/release";
import { FakeCalendar } from "./fake-calendar.ts";
import { FakeIntegrations } from "./fake-integrations.ts";

/** Long after every sample release has ended. */
/** Before every sample release begins. */
const BEGINNING = fromMillis(Date.UTC(2025, 5, 1));
const HORIZON = fromMillis(Date.UTC(2026, 0, 1));

/** People by their demonstration id, which is their token too. */
export type People = Readonly<Record<string, Extract<Actor, { kind: "person" }>>>;

/** A command as it is decided; a revision has been read by then. */
interface Asked {
  readonly command: CommandRequest["command"] | Revise;
  readonly reason?: string;
}

/** What was asked of the server: for tests of headers, keys and bodies. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

class Refusal extends Error {
  readonly problem: ProblemDetails;
  constructor(status: number, code: string, detail: string, more: Partial<ProblemDetails> = {}) {
    super(detail);
    this.problem = { type: "about:blank", title: code, status, detail, code, ...more };
  }
}

/**
 * gonogo's API on a port of this machine, answered by the pure core: real plans, real decisions, real views
 * and a real log, without engine or store.
 */
export class FakeApi {
  readonly drives = new Map<string, Drive>();
  readonly requests: Request[] = [];
  readonly people: People;
  readonly calendar = new FakeCalendar();
  readonly integrations = new FakeIntegrations();
  /** Called before a release is looked at, so that a test can let time pass. */
  onLook: (drive: Drive) => void = () => {};
  /** Takes requests and never answers. */
  silent = false;
  policies: PolicyState = NO_POLICY;
  delegations: DelegationsState = NO_DELEGATIONS;
  /** The time outside of any release. */
  now = BEGINNING;
  /** Instead of the release's own. */
  documents: readonly Document[] | undefined;
  /** What was uploaded, by digest. */
  readonly files = new Map<string, Buffer>();
  #keys = new Map<string, unknown>();
  #server = createServer((request, response) => void this.#answer(request, response));

  constructor(people: People) {
    this.people = people;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const text = bytes.toString();
    const url = new URL(request.url ?? "/", "http://localhost");
    const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
    const asked: Request = {
      method: request.method ?? "GET",
      path: url.pathname,
      headers: request.headers,
      body: text === "" ? undefined : isJson ? JSON.parse(text) : bytes,
    };
    this.requests.push(asked);
    if (this.silent) return;
    try {
      const { type = "application/json", etag, ...rest } = this.#route(asked, url.searchParams);
      const headers = { "content-type": type, ...(etag === undefined ? {} : { etag }) };
      if (etag !== undefined && request.headers["if-none-match"] === etag)
        response.writeHead(304, headers).end();
      else response.writeHead(200, headers).end("text" in rest ? rest.text : JSON.stringify(rest.json));
    } catch (error) {
      const problem =
        error instanceof Refusal ? error.problem : new Refusal(500, "fake.fault", String(error)).problem;
      response.writeHead(problem.status, { "content-type": "application/problem+json" });
      response.end(JSON.stringify(problem));
    }
  }

  #route(asked: Request, query: URLSearchParams): Answer {
    const [, , noun, id = "", part, item] = asked.path.split("/").map(decodeURIComponent);
    // Who holds the address of an upload has all that it takes.
    if (asked.method === "PUT" && noun === "files") return this.#take(id, asked.body as Buffer);
    if (noun === "files") return { text: this.files.get(id)?.toString() ?? "", type: "text/plain" };
    const actor = this.#actor(asked.headers.authorization);
    if (noun === "integrations") return this.#integrations(asked, id, actor);
    if (noun === "calendar") return this.#calendar(asked, query, actor);
    if (asked.path === "/v1/calendar.ics") return { text: "BEGIN:VCALENDAR\r\n", type: "text/calendar" };
    switch (`${asked.method} ${noun}${id === "" ? "" : "/*"}${part === undefined ? "" : `/${part}`}`) {
      case "GET me":
        return { json: { id: actor.id, name: nameOf(actor), roles: actor.roles, demo: true } };
      case "GET plan.schema.json":
        return { json: planJsonSchema() };
      case "POST plans/*":
        return { json: planAnswer(id, asked.body) };
      case "POST simulations":
        return { json: simulate(asked.body as SimulationRequest) };
      case "GET deployments": {
        const all = [...this.drives.values()].flatMap(({ plan, state }) => entryOf(plan, state) ?? []);
        return { json: { items: all, names: {} } };
      }
      case "GET releases":
        return { json: this.#list(query) };
      case "POST releases":
        return { json: this.#once(asked, () => this.#submit(asked.body as PlanText)) };
      case "GET releases/*":
        return this.#view(id, actor);
      case "POST releases/*/commands":
        if (item === "preview") return { json: this.#foresee(id, actor, asked.body as CommandRequest) };
        return { json: this.#once(asked, () => this.#command(id, actor, asked.body as CommandRequest)) };
      case "POST releases/*/revisions":
        if (item === "preview") return { json: this.#foresee(id, actor, this.#revision(id, asked.body)) };
        return { json: this.#once(asked, () => this.#command(id, actor, this.#revision(id, asked.body))) };
      case "POST releases/*/evidence":
        return { json: this.#upload(id, asked.body as WantedUpload) };
      case "GET releases/*/evidence": {
        const { plan, state, now } = this.#drive(id);
        const file = filesOf(plan, state).find(({ digest }) => digest === item);
        if (file === undefined) throw new Refusal(404, "evidence.unknown", "no answer has that file");
        const download = { method: "GET", url: `/v1/files/${item}`, headers: {}, expiresAt: now };
        return { json: { file, download } };
      }
      case "GET releases/*/plan":
        return { text: writePlan(this.#drive(id).plan), type: "application/yaml; charset=utf-8" };
      case "GET releases/*/records":
        return { json: this.#records(id, query) };
      case "GET releases/*/verification": {
        const { log } = this.#drive(id);
        return { json: verifyChain(id, log) };
      }
      case "GET releases/*/documents": {
        const { plan, state, log } = this.#drive(id);
        return { json: { documents: this.documents ?? exportMarkdown(plan, state, log) } };
      }
      case "GET policy":
        return { json: this.#policy() };
      case "PUT policy":
        return { json: this.#once(asked, () => this.#setPolicy(actor, asked.body as PolicyChange)) };
      case "DELETE policy": {
        const { reason } = asked.body as { reason?: string };
        return {
          json: this.#once(asked, () => this.#decidePolicy(actor, { type: "WithdrawPolicy" }, reason)),
        };
      }
      case "POST rehearsals":
        return { json: this.#once(asked, () => this.#rehearse(asked.body as RehearsalRequest)) };
      case "GET drills":
        return { json: { items: drillsOf([...this.drives.values()], this.now) } };
      case "GET delegations":
        return { json: { items: this.delegations.open, names: {} } };
      case "POST delegations": {
        const { reason, ...wish } = asked.body as DelegationRequest;
        const body = { type: "LendRole", ...wish } as DelegationCommand;
        return { json: this.#once(asked, () => this.#delegate(actor, body, reason)) };
      }
      case "DELETE delegations/*": {
        const { reason } = asked.body as { reason?: string };
        const body = { type: "WithdrawRole", delegation: id } as const;
        return { json: this.#once(asked, () => this.#delegate(actor, body, reason)) };
      }
      case "POST policy/*": {
        const { text, file } = asked.body as PolicyChange;
        const { policy, problems } = readPolicy(text, file);
        const digest = policy === undefined ? {} : { digest: policyDigest(policy) };
        return { json: { ok: policy !== undefined && !hasErrors(problems), problems, ...digest } };
      }
      case "GET releases/*/incident": {
        const { plan, state, log } = this.#drive(id);
        const incident = incidentRecord(plan, state, log);
        if (incident === undefined) throw new Refusal(404, "incident.none", `${id} has no incident`);
        return { json: { incident, names: {}, document: incidentMarkdown(incident, (one) => one) } };
      }
      case "GET releases/*/postmortem.ics": {
        const { plan, state } = this.#drive(id);
        const { incident, title } = state;
        if (incident === undefined) throw new Refusal(404, "incident.none", `${id} has no incident`);
        const { role } = postmortemRule(plan);
        return { text: postmortemCalendar({ release: id, title, incident, role }), type: "text/calendar" };
      }
      case "GET obligations":
        return { json: this.#obligations(query) };
      case "POST releases/*/obligations": {
        const command = {
          type: "CompleteObligation",
          obligation: item ?? "",
          ...(asked.body as Proof),
        } as const;
        return { json: this.#once(asked, () => this.#command(id, actor, { command })) };
      }
      default:
        throw new Refusal(404, "not-found", `there is no ${asked.path}`);
    }
  }

  #calendar(asked: Request, query: URLSearchParams, actor: Actor): Answer {
    if (asked.method === "GET" && asked.path === "/v1/calendar") return { json: this.calendar.show(query) };
    if (asked.method === "GET") return { text: this.calendar.rules(), type: "application/yaml" };
    const parts = asked.path.split("/").map(decodeURIComponent);
    const answer = this.#once(asked, () => this.calendar.ask(actor, asked.method, parts, asked.body));
    if (typeof answer === "object" && answer !== null && "code" in answer)
      throw refusedBy(answer as Rejection);
    return { json: answer };
  }

  #integrations(asked: Request, name: string, actor: Actor): Answer {
    if (asked.method === "GET") return { json: this.integrations.list() };
    const answer = this.#once(asked, () => this.integrations.test(actor, name));
    if (typeof answer === "object" && answer !== null && "code" in answer)
      throw refusedBy(answer as Rejection);
    return { json: answer };
  }

  #actor(authorization: string | undefined): Extract<Actor, { kind: "person" }> {
    const id = /^(?:Bearer|Demo) (.+)$/.exec(authorization ?? "")?.[1];
    const found = this.people[id ?? ""];
    if (found === undefined) throw new Refusal(401, "not-signed-in", `nobody is known as ${id ?? "nothing"}`);
    return found;
  }

  #drive(id: string): Drive {
    const drive = this.drives.get(id);
    if (drive === undefined) throw new Refusal(404, "release.unknown", `there is no release ${id}`);
    return drive;
  }

  #once(asked: Request, work: () => unknown): unknown {
    const key = String(asked.headers["idempotency-key"]);
    if (!this.#keys.has(key)) this.#keys.set(key, work());
    return this.#keys.get(key);
  }

  #rehearse({ text, file, to, environment }: RehearsalRequest): unknown {
    const { plan, problems } = readPlan(text, file);
    if (plan === undefined) throw new Refusal(422, "plan.invalid", "the plan has errors", { problems });
    const id = `${plan.id}.R-${this.drives.size}`;
    const derived = rehearsalPlan(plan, { id, now: this.now, to, environment });
    if (!derived.ok) throw new Refusal(422, "rehearsal.impossible", derived.message);
    const drive = new Drive(derived.plan, this.now);
    this.drives.set(id, drive);
    return { release: id, seq: drive.log.length, status: drive.state.status };
  }

  #submit({ text, file }: PlanText): unknown {
    const { plan, problems } = readPlan(text, file);
    if (plan === undefined) {
      throw new Refusal(422, "plan.invalid", "the plan has errors; put them right first", { problems });
    }
    if (this.drives.has(plan.id)) throw new Refusal(409, "release.exists", `${plan.id} exists already`);
    const drive = new Drive(plan, fromMillis(toMillis(plan.start) - 3_600_000));
    this.drives.set(plan.id, drive);
    return { release: plan.id, seq: drive.log.length, status: drive.state.status };
  }

  #revision(id: string, body: unknown): Asked {
    const { text, file, from, reason } = body as RevisionRequest;
    const { plan, problems } = readPlan(text, file);
    if (plan === undefined) throw new Refusal(422, "plan.invalid", "the plan has errors", { problems });
    const command = { type: "Revise", plan: { ...plan, id }, from } as const;
    return { command, ...(reason === undefined ? {} : { reason }) };
  }

  #foresee(id: string, actor: Actor, { command: body, reason }: Asked): unknown {
    const { plan, state, now } = this.#drive(id);
    return foresee(plan, state, { id: "preview", at: now, actor, reason, body });
  }

  #command(id: string, actor: Actor, { command, reason }: Asked): unknown {
    const drive = this.#drive(id);
    const evidence = "evidence" in command ? command.evidence : undefined;
    const shown = typeof evidence === "object" ? evidence : undefined;
    const size = this.files.get(shown?.digest ?? "")?.length;
    const file =
      shown === undefined || size === undefined
        ? undefined
        : { ...shown, size, contentType: "text/plain", key: fileKey(id, shown.digest) };
    const decision = drive.ask(actor, command, reason, file);
    if (!decision.ok) throw refusedBy(decision.rejection);
    return { release: id, seq: drive.log.length, status: drive.state.status };
  }

  #take(digest: string, body: Buffer): Answer {
    if (digestOfBytes(body) !== digest) throw new Refusal(400, "BadDigest", "<Code>BadDigest</Code>");
    this.files.set(digest, body);
    return { text: "", type: "text/plain" };
  }

  #upload(id: string, { name, digest }: WantedUpload): UploadAddress {
    const { now } = this.#drive(id);
    const upload = { method: "PUT", url: `/v1/files/${digest}`, headers: {}, expiresAt: now } as const;
    return { digest, name, ...(this.files.has(digest) ? {} : { upload }) };
  }

  #view(id: string, actor: Actor): Answer {
    const drive = this.#drive(id);
    this.onLook(drive);
    const json = releaseView(drive.plan, drive.state, actor, drive.now);
    return { json, etag: `"${drive.log.length}"` };
  }

  #policy(): unknown {
    const { current, history } = this.policies;
    const inForce = current?.digest ?? null;
    const shown = current === undefined ? {} : { ...current, yaml: writePolicy(current.policy) };
    return { inForce, ...shown, history: history.map((one) => ({ ...one, byName: one.by })) };
  }

  #setPolicy(actor: Actor, { text, file, reason }: PolicyChange): unknown {
    const { policy, problems } = readPolicy(text, file);
    if (policy === undefined) throw new Refusal(422, "policy.invalid", "it cannot be read", { problems });
    const decision = decidePolicy(this.policies, { actor, reason }, { type: "SetPolicy", policy });
    if (!decision.ok) throw new Refusal(403, decision.rejection.code, decision.rejection.message);
    const meta = metaOf({ at: HORIZON, actor, reason });
    for (const event of decision.events) this.policies = evolvePolicy(this.policies, event, meta);
    const { name } = policy;
    return { digest: policyDigest(policy), name, seq: 1, changed: decision.events.length > 0 };
  }

  #decidePolicy(actor: Actor, wish: PolicyCommand, reason: string | undefined): unknown {
    const decision = decidePolicy(this.policies, { actor, reason }, wish);
    if (!decision.ok) throw refusedBy(decision.rejection);
    const meta = metaOf({ at: HORIZON, actor, reason });
    for (const event of decision.events) this.policies = evolvePolicy(this.policies, event, meta);
    return { seq: 1, inForce: this.policies.current?.digest ?? null };
  }

  #delegate(actor: Actor, body: DelegationCommand, reason: string | undefined): unknown {
    const decision = decideDelegation(this.delegations, { at: BEGINNING, actor, reason }, body);
    if (!decision.ok) throw refusedBy(decision.rejection);
    const meta = metaOf({ at: BEGINNING, actor, reason });
    for (const event of decision.events) this.delegations = evolveDelegations(this.delegations, event, meta);
    return { seq: 1, ...decision.events.map(({ delegation: one }) => ({ id: one }))[0] };
  }

  /** Two at a time, as a server may give fewer than were asked for. */
  #list(query: URLSearchParams): unknown {
    const status = query.get("status") ?? "active";
    if (Number(query.get("limit")) > 100) throw new Refusal(400, "request.invalid", "limit: at most 100");
    const all = [...this.drives.values()].filter(
      ({ state }) => status === "all" || (status === "ended") === (state.endedAt !== undefined),
    );
    const from = Number(query.get("after") ?? 0);
    const items = all.slice(from, from + Math.min(2, Number(query.get("limit") ?? 2))).map(({ state }) => {
      const { id, title, environment, status, paused, submittedAt, plannedT, t, endedAt } = state;
      return {
        id,
        title,
        environment,
        status,
        paused: paused !== undefined,
        submittedAt,
        plannedT,
        t,
        endedAt,
      };
    });
    const next = from + items.length;
    return { items, ...(next < all.length ? { next: String(next) } : {}) };
  }

  /** A release a page, so that there are several. */
  #obligations(query: URLSearchParams): { items: OwedItem[]; next?: string } {
    const isOpen = query.get("open") !== "false";
    const of = [...this.drives.values()].filter(({ state }) => {
      const owed = Object.values(state.obligations ?? {});
      return owed.length > 0 && owed.some(({ completedAt }) => completedAt === undefined) === isOpen;
    });
    const from = Number(query.get("after") ?? 0);
    const items = of.slice(from, from + 1).flatMap(({ plan, state, now }) => {
      const about = { release: state.id, title: state.title, environment: state.environment };
      const components = plan.components.map(({ id }) => id);
      return obligationViews(state, now)
        .filter(({ open, role }) => (open || !isOpen) && [null, role].includes(query.get("role")))
        .map((one) => ({ ...about, components, ...one }));
    });
    return { items, ...(from + 1 < of.length ? { next: String(from + 1) } : {}) };
  }

  #records(id: string, query: URLSearchParams): unknown {
    const { log } = this.#drive(id);
    const from = Number(query.get("after") ?? 0);
    const items = log.slice(from, from + 10);
    const next = from + items.length;
    const names = Object.fromEntries(Object.values(this.people).map((one) => [one.id, nameOf(one)]));
    return { items, names, ...(next < log.length ? { next: String(next) } : {}) };
  }
}

type PolicyChange = { readonly text: string; readonly file: string; readonly reason?: string };

type Answer = ({ readonly json: unknown } | { readonly text: string }) & {
  readonly type?: string;
  readonly etag?: string;
};

function refusedBy({ kind, code, message }: Rejection): Refusal {
  const status = { invalid: 422, forbidden: 403, conflict: 409, "not-found": 404 }[kind];
  return new Refusal(status, code, message);
}

function nameOf(person: { readonly roles: readonly string[] }): string {
  return `Person of ${person.roles.join(" and ")}`;
}

function planAnswer(what: string, body: unknown): unknown {
  if (what === "import") {
    const { plan, problems } = importDocuments((body as { documents: Document[] }).documents);
    return { ok: plan !== undefined, problems, ...(plan === undefined ? {} : { yaml: writePlan(plan) }) };
  }
  const { text, file } = body as PlanText;
  const read = readPlan(text, file);
  const plan = read.plan;
  if (plan === undefined) {
    if (what === "check") return { ok: false, problems: read.problems };
    throw new Refusal(422, "plan.invalid", "the plan has errors", { problems: read.problems });
  }
  const problems = lintPlan(plan, read.locate);
  if (what === "matrix") return { rows: decisionMatrix(plan), problems };
  if (what === "preview") return { rows: previewOf(plan), problems };
  return { ok: !hasErrors(problems), problems, digest: planDigest(plan), plan };
}

function simulate({ text, file, alarms = [], people }: SimulationRequest): unknown {
  const { plan, problems } = readPlan(text, file);
  if (plan === undefined) throw new Refusal(422, "plan.invalid", "the plan has errors", { problems });
  const drive = new Drive(plan, fromMillis(toMillis(plan.start) - 3_600_000));
  drive.punctual = people !== "absent";
  if (drive.punctual) drive.openGates();
  for (const alarm of alarms) {
    const when = at(plan.start, alarm.at as Offset);
    drive.runUntil(({ endedAt }) => endedAt !== undefined || drive.now >= when, when);
    drive.now = when;
    drive.signal({ name: alarm.name });
  }
  drive.runUntil(({ status, endedAt }) => status === "reviewing" || endedAt !== undefined, HORIZON);
  if (drive.state.status === "reviewing")
    drive.person({ type: "SignReview", role: plan.review.role, entries: {} });
  const { log, state } = drive;
  const first = log[0]?.at ?? plan.start;
  const last = log.at(-1)?.at ?? at(plan.start, offset(0));
  const view = releaseView(plan, state, { kind: "clock" }, last);
  const { ok: verified } = verifyChain(plan.id, log);
  return { status: state.status, view, records: log, verified, from: first, to: last, wallMs: 12 };
}
