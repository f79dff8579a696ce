import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { CommandRequest, DemoChange, DemoState, ReleaseSummary } from "@gonogo/client";
import { personId } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { Finding } from "@gonogo/core/doctor/schema";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import { obligationViews } from "@gonogo/core/obligation/view";
import { planDifference } from "@gonogo/core/plan/difference";
import { planDigest, readPlan } from "@gonogo/core/plan/read";
import { hasEnded } from "@gonogo/core/release/state";
import { Drive } from "@gonogo/core/testing/drive";
import { boardEntry } from "@gonogo/core/view/board";
import { foresee } from "@gonogo/core/view/foresee";
import { releaseView } from "@gonogo/core/view/release";
import { stringify } from "yaml";
import { coursesOf } from "./courses.ts";
import { previewOf, simulate } from "./preview.ts";
import { actorOf, NOW, PEOPLE, type Scenario, scenarios } from "./scenarios.ts";

/**
 * A small server for work on the page: the API's answers come from the core itself, run in memory. It keeps
 * nothing, signs nobody in for real, and is no part of what is shipped.
 *
 * `node packages/web/dev/serve.ts [port] [--no-demo]`
 */
const PORT = Number(process.argv[2] ?? 4651);
const DEMO = !process.argv.includes("--no-demo");
const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

const found: Map<string, Scenario> = scenarios();
let demo: Omit<DemoState, "now" | "people" | "release"> = {
  speed: 1,
  standIns: true,
  service: {
    name: "inference",
    requestsPerMinute: 600,
    versions: [
      { version: "7", errorPercent: 0.2, latencyMs: 300 },
      { version: "8", errorPercent: 0.4, latencyMs: 320 },
    ],
  },
  app: { name: "Mobile app", crashFreePercent: 99.8 },
};

/** The clock goes on in steps of a second, and every release with it. */
let now = NOW;
setInterval(() => {
  if (demo.speed === 0) return;
  now = fromMillis(toMillis(now) + 1000 * demo.speed);
  for (const { drive, live } of found.values()) {
    if (hasEnded(drive.state.status)) continue;
    drive.punctual = live && demo.standIns;
    drive.runUntil(() => false, now);
  }
}, 1000).unref();

interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly etag?: string;
}

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

function whoAsks(request: IncomingMessage): string {
  const [scheme, id = ""] = (request.headers.authorization ?? "").split(" ");
  if (scheme === "Demo" && DEMO && actorOf(id) !== undefined) return id;
  if (scheme === "Bearer" && id.startsWith("good")) return "everyone";
  if (scheme === "" && DEMO) return "visitor";
  throw new Refused(401, "session.missing", "Sign in: the request carries no session that is known here.");
}

function scenarioOf(id: string): Scenario {
  const one = found.get(decodeURIComponent(id));
  if (one === undefined) throw new Refused(404, "release.unknown", `There is no release "${id}".`);
  return one;
}

function nameOf(): Record<string, string> {
  const made = ["requester", "everyone", "voter-Ops", "voter-Product", "voter-Security", "approver-CTO"];
  const known = Object.fromEntries(PEOPLE.map(({ id, name }) => [personId("test", id), name]));
  return { ...Object.fromEntries(made.map((id) => [personId("test", id), `Sample ${id}`])), ...known };
}

function summary({ drive: { state } }: Scenario): ReleaseSummary {
  const { id, title, environment, status, submittedAt, plannedT, t, endedAt } = state;
  return {
    id,
    title,
    environment,
    status,
    paused: state.paused !== undefined,
    submittedAt,
    plannedT,
    ...(t === undefined ? {} : { t }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

function page<T>(all: readonly T[], url: URL, fallback: number) {
  const limit = Number(url.searchParams.get("limit") ?? fallback);
  const from = Number(url.searchParams.get("after") ?? 0);
  const items = all.slice(from, from + limit);
  return from + limit < all.length ? { items, next: String(from + limit) } : { items };
}

function demoState(): DemoState {
  return { ...demo, now, people: PEOPLE, release: "REL-LIVE" };
}

function turn(change: DemoChange): void {
  const { version, requestsPerMinute = demo.service.requestsPerMinute } = change;
  const versions = demo.service.versions.map((one) => (one.version === version?.version ? version : one));
  demo = {
    speed: change.speed ?? demo.speed,
    standIns: change.standIns ?? demo.standIns,
    service: { ...demo.service, requestsPerMinute, versions },
    app: { ...demo.app, crashFreePercent: change.crashFreePercent ?? demo.app.crashFreePercent },
  };
  const world = found.get("REL-LIVE")?.drive.world;
  const next = versions[1];
  if (next !== undefined)
    world?.values.set("errors", { value: next.errorPercent, count: requestsPerMinute * 10 });
  if (next !== undefined) world?.values.set("latency", { value: next.latencyMs / 1000, count: 1000 });
  world?.values.set("crash-free", { value: demo.app.crashFreePercent, count: 9000 });
  if (change.restart === true) {
    found.clear();
    for (const [id, fresh] of scenarios()) found.set(id, fresh);
    now = NOW;
  }
}

function get(url: URL, who: string, request: IncomingMessage): Answer {
  const path = url.pathname.split("/").slice(2);
  if (path[0] === "me") {
    const me = PEOPLE.find(({ id }) => id === who);
    return { body: { ...me, id: personId("test", who), demo: DEMO } };
  }
  if (path[0] === "demo" && DEMO) return { body: demoState() };
  if (path[0] === "obligations") {
    const items = [...found.values()].flatMap(({ drive: { plan, state } }) =>
      obligationViews(state, now).map((one) => ({
        ...one,
        release: state.id,
        title: state.title,
        environment: state.environment,
        components: plan.components.map(({ id }) => id),
      })),
    );
    return { body: { items: items.filter(({ open }) => open) } };
  }
  if (path[0] === "policy") return { body: { inForce: null, history: [] } };
  if (path[0] === "doctor") {
    const findings: Finding[] = [
      { part: "function visit", condition: "ill", says: "it failed 3 times", remedy: "look at its log" },
      { part: "Slack", condition: "unknown", says: "it could not be looked at: no token" },
      { part: "table", condition: "well", says: "it is there, and works" },
    ];
    return { body: { at: now, findings } };
  }
  if (path[0] === "board") {
    const actor = actorOf(who);
    if (actor === undefined) throw new Refused(401, "session.missing", "Sign in.");
    const active = [...found.values()].filter(({ drive }) => !hasEnded(drive.state.status)).reverse();
    const etag = `"${active.map(({ drive }) => drive.log.length).join("-")}-${who}"`;
    if (request.headers["if-none-match"] === etag) return { status: 304, body: undefined, etag };
    const releases = active.map(({ drive }) => boardEntry(drive.plan, drive.state, actor, drive.now));
    return { body: { now, releases, more: false }, etag };
  }
  if (path[0] !== "releases") throw new Refused(404, "not-found", "There is nothing at this address.");
  if (path[1] === undefined) {
    const which = url.searchParams.get("status");
    const all = [...found.values()]
      .filter(({ drive }) => which === null || hasEnded(drive.state.status) === (which === "ended"))
      .map(summary)
      .reverse();
    return { body: page(all, url, 20) };
  }
  const { drive } = scenarioOf(path[1]);
  switch (path[2]) {
    case undefined: {
      const etag = `"${drive.log.length}-${who}"`;
      if (request.headers["if-none-match"] === etag) return { status: 304, body: undefined, etag };
      const actor = actorOf(who);
      if (actor === undefined) throw new Refused(401, "session.missing", "Sign in.");
      return { body: releaseView(drive.plan, drive.state, actor, drive.now), etag };
    }
    case "records":
      return { body: { ...page(drive.log, url, 50), names: nameOf() } };
    case "verification":
      return { body: verifyChain(drive.plan.id, drive.log) };
    case "courses":
      return { body: coursesOf(drive) };
    case "difference": {
      const before = [...found.values()].find((one) => one.drive.plan.id === "REL-DONE")?.drive;
      if (before === undefined || before === drive) return { body: { changes: [] } };
      const { id, title, submittedAt, status } = before.state;
      const changes = planDifference(before.plan, drive.plan);
      return { body: { with: { id, title, submittedAt, status }, changes } };
    }
    case "documents":
      return { body: { documents: [{ name: "plan.yaml", text: stringify(drive.plan) }] } };
    default:
      throw new Refused(404, "not-found", "There is nothing at this address.");
  }
}

function post(url: URL, who: string, body: unknown): Answer {
  const path = url.pathname.split("/").slice(2);
  if (path[0] === "demo" && DEMO) {
    turn(body as DemoChange);
    return { body: demoState() };
  }
  if (path[0] === "releases" && path[2] === "commands" && path[3] === "preview") {
    const { drive } = scenarioOf(path[1] ?? "");
    const { command, reason } = body as CommandRequest;
    const actor = actorOf(who);
    if (actor === undefined) throw new Refused(401, "session.missing", "Sign in.");
    return {
      body: foresee(drive.plan, drive.state, { id: "preview", at: drive.now, actor, reason, body: command }),
    };
  }
  if (path[0] === "releases" && path[2] === "commands") {
    const { drive } = scenarioOf(path[1] ?? "");
    const { command, reason } = body as CommandRequest;
    const actor = actorOf(who);
    if (actor === undefined) throw new Refused(401, "session.missing", "Sign in.");
    const decision = drive.ask(actor, command, reason);
    if (!decision.ok) throw new Refused(409, decision.rejection.code, decision.rejection.message);
    if (who !== "visitor") drive.settle();
    return { body: { release: drive.plan.id, seq: drive.log.length, status: drive.state.status } };
  }
  const text = body as { text: string; file?: string };
  if (url.pathname === "/v1/plans/import") return { body: { ok: false, problems: [NO_IMPORT] } };
  const read = readPlan(text.text, text.file);
  const { plan, problems } = read;
  if (path[0] === "plans" && path[1] === "check") {
    return {
      body: { ok: plan !== undefined, problems, ...(plan ? { digest: planDigest(plan), plan } : {}) },
    };
  }
  if (plan === undefined) throw new Refused(422, "plan.invalid", "The plan has errors; check it first.");
  if (path[0] === "plans") return { body: { rows: previewOf(plan), problems } };
  if (path[0] === "simulations") return { body: simulate(text) };
  if (found.has(plan.id))
    throw new Refused(409, "release.exists", `There is a release "${plan.id}" already.`);
  found.set(plan.id, { drive: new Drive(plan, now), live: false });
  return { body: { release: plan.id, seq: 1, status: "gates" } };
}

const NO_IMPORT = {
  code: "import.not-here",
  severity: "error",
  message: "this development server does not read documents",
  fix: "paste a plan in YAML",
};

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString() || "{}");
}

async function answerApi(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const who = whoAsks(request);
    const {
      status = 200,
      body,
      etag,
    } = request.method === "GET" ? get(url, who, request) : post(url, who, await bodyOf(request));
    response.writeHead(status, {
      "content-type": "application/json",
      "cache-control": "no-store",
      ...(etag === undefined ? {} : { etag }),
    });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  } catch (error) {
    const { status, code, message } =
      error instanceof Refused ? error : new Refused(500, "internal", String(error));
    response.writeHead(status, { "content-type": "application/problem+json" });
    const problem = { type: "about:blank", title: code, status, detail: message, code };
    response.end(JSON.stringify(problem));
  }
}

async function answerFile(path: string, response: ServerResponse): Promise<void> {
  const file = join(DIST, normalize(path === "/" ? "/index.html" : path));
  try {
    const content = await readFile(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    response.end(content);
  } catch {
    response.writeHead(404).end("not found");
  }
}

createServer((request, response) => {
  const url = new URL(request.url ?? "/", `http://127.0.0.1:${PORT}`);
  void (url.pathname.startsWith("/v1/")
    ? answerApi(url, request, response)
    : answerFile(url.pathname, response));
}).listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}/`));
