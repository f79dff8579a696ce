import { demoIdentity } from "@gonogo/adapters/identity/demo";
import { identifyBy } from "@gonogo/adapters/identity/index";
import type { CheckProbe } from "@gonogo/core/check/port";
import type { SignedRequest } from "@gonogo/core/evidence/port";
import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import type { Plan } from "@gonogo/core/plan/schema";
import { addNotFound, createApi } from "@gonogo/functions/api/app";
import type { Api } from "@gonogo/functions/api/context";
import type { ApiOptions } from "@gonogo/functions/api/options";
import { readAndLint } from "@gonogo/functions/api/plans";
import { PASSAGE, passage } from "@gonogo/local/s3/passage";
import { GOVERNOR, PIPELINE } from "@gonogo/local/sample/people";
import { Simulation, simulate } from "@gonogo/local/simulation/simulation";
import { OpenAPIHono } from "@hono/zod-openapi";
import { type SmallPlan, smallPlan } from "./small-plan.ts";

/** What is sent; a body that is no text is sent as JSON. */
export interface Sent {
  readonly as?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
  /** The address that the connection comes from, as a gateway tells it. */
  readonly from?: string;
  readonly body?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; an empty object where it is none. */
  readonly json: Record<string, unknown>;
}

/** The API before a control plane on the virtual clock, with the small plan's release submitted. */
export interface VirtualApi {
  readonly simulation: Simulation;
  readonly now: () => Instant;
  /** Items written to the table so far. */
  readonly writes: () => number;
  ask(method: string, path: string, sent?: Sent): Promise<Answered>;
  /** Makes a request that the API has signed, by the way through the page's own server. */
  follow(request: SignedRequest, body?: Uint8Array<ArrayBuffer>): Promise<Answered>;
  /** Every request that it can throw at the API itself, as it is. */
  raw(request: Request, from?: string): Promise<Answered>;
}

export function readSmallPlan(options: SmallPlan = {}, change = (text: string) => text): Plan {
  const { plan, problems } = readAndLint(change(smallPlan(options)), "plan.yaml");
  if (plan === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return plan;
}

export async function virtualApi(
  options: Partial<
    Pick<ApiOptions, "hooks" | "confirm" | "testRequests" | "identify" | "signIn" | "changeAuditKey">
  > & {
    readonly plan?: SmallPlan;
    /** What is changed in the small plan's text besides. */
    readonly text?: (plan: string) => string;
    /** What the probes of its checklist see. */
    readonly checks?: CheckProbe;
  } = {},
): Promise<VirtualApi> {
  const {
    plan,
    text,
    checks,
    hooks = {},
    testRequests = {},
    confirm,
    identify,
    signIn,
    changeAuditKey,
  } = options;
  const simulation = await Simulation.begin(
    readSmallPlan(plan, text),
    checks === undefined ? {} : { checks },
  );
  const { control } = simulation;
  // What the submission has set going has been done: what is written from here on is the test's own.
  await control.engine.kernel.activity.idle();
  const app = createApi(control.runtime, {
    identify: identify ?? identifyBy([demoIdentity([...simulation.people, GOVERNOR, PIPELINE])]),
    hooks,
    testRequests,
    simulate,
    ...(confirm === undefined ? {} : { confirm }),
    ...(signIn === undefined ? {} : { signIn }),
    ...(changeAuditKey === undefined ? {} : { changeAuditKey }),
  });
  const outer = new OpenAPIHono<Api>();
  outer.on(["PUT", "GET"], `${PASSAGE}/*`, passage(control.engine.kernel));
  outer.route("/", app);
  addNotFound(outer);
  const raw = async (request: Request, from?: string): Promise<Answered> => {
    const connected = from === undefined ? {} : { requestContext: { http: { sourceIp: from } } };
    const response = await control.during(async () => await outer.fetch(request, connected));
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: objectIn(text) };
  };
  return {
    simulation,
    now: () => simulation.now,
    writes: control.writes,
    raw,
    follow: ({ method, url, headers }, body) =>
      raw(
        new Request(new URL(url, "http://127.0.0.1"), {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
        }),
      ),
    ask: (method, path, { as, key, headers = {}, from, body } = {}) => {
      const init: RequestInit = {
        method,
        headers: {
          host: "127.0.0.1",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(as === undefined ? {} : { authorization: `Demo ${as}` }),
          ...(key === undefined ? {} : { "idempotency-key": key }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      };
      return raw(new Request(`http://127.0.0.1${path}`, init), from);
    },
  };
}

/** Runs the release until its first phase has been shifted and is being watched. */
export async function untilWatching(api: VirtualApi): Promise<void> {
  const { simulation } = api;
  const limit = new Date(toMillis(simulation.plan.start) + 3_600_000).toISOString() as Instant;
  const reached = await simulation.runUntil(
    ({ state }) => state.steps["phase-1"]?.status === "watching",
    limit,
  );
  if (!reached) throw new Error("phase-1 was never watched");
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
