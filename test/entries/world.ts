import { createHmac } from "node:crypto";
import { newApiToken } from "@gonogo/adapters/identity/api-token";
import { ApiError, Gonogo, type ReleaseView } from "@gonogo/client/index";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { readAndLint } from "@gonogo/functions/api/plans";
import { FUNCTIONS, type FunctionName } from "@gonogo/functions/deployment";
import type { Variable } from "@gonogo/functions/entry/settings";
import type { LambdaHandler } from "@gonogo/functions/lambda";
import { deployedOn, machineArn } from "@gonogo/local/engine/deploy";
import type { ServiceEvent } from "@gonogo/local/kernel/ports";
import { peopleOf } from "@gonogo/local/sample/people";
import { type VirtualControlPlane, virtualControlPlane } from "@gonogo/local/simulation/control-plane";
import { createWorld } from "@gonogo/local/simulation/world";
import { vi } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { type Front, openFront } from "./front.ts";
import { throughGateway } from "./gateway.ts";
import { AUDIENCE, ISSUER, JWKS_URL, type Provider } from "./provider.ts";

const MINUTE = 60_000;
/** Between the beginning of the test and the plan's T. */
const LEAD_MS = 10 * MINUTE;
const API = "https://api.example.test";
export const SENTRY_SECRET = "the client secret of an integration";
/** Of what is sent to people: by a webhook, at this address. */
export const MESSAGES_URL = "https://status.example.test/in";

/** The small plan with a check, a probe and a message besides, so that every function has something to do. */
export function entryPlan(): string {
  const more = `  - { id: rate-read, kind: check, at: T+12 min, do: Read the rate, owner: QA, metric: rate }
  - { id: healthy, kind: probe, at: T+13 min, do: Ask the shop, owner: QA, url: "https://shop.example.test/" }
messages:
  - { id: begun, at: T+1 min, channel: Status page, audience: Customers, owner: QA, text: "We are releasing." }
triggers:`;
  return smallPlan().replace("triggers:", more);
}

/** Where the code of an entry comes from. */
export type Load = (name: FunctionName) => Promise<{ readonly handler: LambdaHandler }>;

export const fromSource: Load = (name) => import(`../../packages/functions/src/entry/${name}.ts`);

/** Which entry has been called how often. */
export type Calls = Partial<Record<FunctionName, number>>;

/** A control plane whose functions are the entry points themselves, which reach the engine over HTTP. */
export class EntryWorld {
  readonly control: VirtualControlPlane;
  readonly front: Front;
  readonly calls: Calls;
  readonly #tool: Gonogo;
  readonly #people: readonly Gonogo[];
  readonly #send: typeof fetch;
  #looked = -1;

  private constructor(
    parts: Pick<EntryWorld, "control" | "front" | "calls">,
    callers: { readonly send: typeof fetch; readonly tool: Gonogo; readonly people: readonly Gonogo[] },
  ) {
    this.control = parts.control;
    this.front = parts.front;
    this.calls = parts.calls;
    this.#send = callers.send;
    this.#tool = callers.tool;
    this.#people = callers.people;
  }

  /** `provider.fetch` must stand in for the guarded fetch of the API before its entry is loaded. */
  static async open(provider: Provider, load: Load = fromSource): Promise<EntryWorld> {
    const { plan, problems } = readAndLint(entryPlan(), "plan.yaml");
    if (plan === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
    const start = Date.parse(plan.start);
    const control = await virtualControlPlane({
      startAt: start - LEAD_MS,
      seed: 7,
      outside: async (engine) => {
        await createWorld(engine, plan);
        return UNUSED;
      },
    });
    vi.spyOn(Date, "now").mockImplementation(() => control.clock.now());
    const front = await openFront(control.engine.kernel);
    const token = newApiToken();
    setEnvironment(control, front, token.sha256);
    const { calls, api } = await defineEntries(control, load);
    await measure(control, start);
    const send: typeof fetch = (input, init) => control.during(() => api(input, init));
    const tool = new Gonogo({
      base: API,
      fetch: send,
      headers: () => ({ authorization: `Bearer ${token.token}` }),
    });
    const now = () => control.clock.now();
    const people = peopleOf(plan).filter(({ id }) => id !== "pipeline");
    // Tokens live for minutes and releases for hours: each request has a new one.
    const clients = people.map((person) => {
      const signed: typeof fetch = async (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set("authorization", `Bearer ${await provider.token(person, now())}`);
        return await send(input, { ...init, headers });
      };
      return new Gonogo({ base: API, fetch: signed });
    });
    return new EntryWorld({ control, front, calls }, { send, tool, people: clients });
  }

  async submit(): Promise<void> {
    await this.#tool.submit({ text: entryPlan() }, "submit");
  }

  readonly id = "REL-SMALL";

  /** An alarm of Sentry, signed as Sentry signs it. Returns the status of the answer. */
  async hookSentry(body: string, secret = SENTRY_SECRET): Promise<number> {
    const signature = createHmac("sha256", secret).update(body, "utf8").digest("hex");
    const answer = await this.#send(`${API}/hooks/sentry`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "sentry-hook-resource": "metric_alert",
        "sentry-hook-timestamp": String(Math.floor(this.control.clock.now() / 1000)),
        "sentry-hook-signature": signature,
      },
    });
    return answer.status;
  }

  /** Stops a running execution of the rollout by hand. */
  async stopRollout(): Promise<void> {
    const { kernel } = this.control.engine;
    await this.control.during(() =>
      kernel.call("states", "StopExecution", {
        executionArn: `${machineArn("rollout").replace(":stateMachine:", ":execution:")}:${this.id}`,
        cause: "by hand",
      }),
    );
  }

  /** Has the deployment looked over, by the function that may. */
  async examine() {
    return (await this.#tool.doctor()).findings;
  }

  /** As AWS itself puts an event on the default bus. */
  async happens(event: ServiceEvent): Promise<void> {
    await this.control.during(async () => this.control.engine.events.sink.put(event));
  }

  async view(): Promise<ReleaseView> {
    return await this.#tool.release(this.id);
  }

  async records(): Promise<readonly AuditRecord[]> {
    return (await this.#tool.records(this.id, { limit: 500 })).items;
  }

  /** Lets time go by, people doing what is theirs, until the release is as it is waited for. */
  async until(done: (view: ReleaseView) => boolean, hours = 2): Promise<boolean> {
    let isDone = false;
    return await this.control.clock.runUntil(
      async () => {
        if (this.control.writes() === this.#looked) return isDone;
        for (const person of this.#people) await answer(person, this.id);
        this.#looked = this.control.writes();
        isDone = done(await this.view());
        return isDone;
      },
      this.control.clock.now() + hours * 60 * MINUTE,
    );
  }

  /** The clock only, with nobody at work. */
  async pass(seconds: number): Promise<void> {
    await this.control.clock.advance(seconds * 1000);
  }

  async setAlarm(state: "OK" | "ALARM"): Promise<void> {
    await this.control.during(() =>
      this.control.engine.kernel.call("cloudwatch", "SetAlarmState", {
        AlarmName: "Orders5xx",
        StateValue: state,
        StateReason: "the test says so",
      }),
    );
  }

  /** The primary version of the alias, and the share of the other: `41`, or `41+42:0.1`. */
  async route(): Promise<string> {
    const alias = (await this.control.engine.kernel.call("lambda", "GetAlias", {
      FunctionName: "orders-api",
      Name: "live",
    })) as { FunctionVersion: string; RoutingConfig?: { AdditionalVersionWeights?: Record<string, number> } };
    const others = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {});
    return [alias.FunctionVersion, ...others.map(([version, weight]) => `${version}:${weight}`)].join("+");
  }

  async close(): Promise<void> {
    this.control.stop();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await this.front.close();
  }
}

/** The runtime of the control plane itself must not be what does the work. */
const UNUSED = {
  targets: {},
  metrics: {},
  channel: {
    send: async () => {
      throw new Error("not through an entry");
    },
  },
  probe: async () => {
    throw new Error("not through an entry");
  },
};

function setEnvironment({ engine }: VirtualControlPlane, { address }: Front, sha256: string): void {
  const deployed = deployedOn(engine, engine.aws as never);
  const variables: Record<Variable, string> = {
    AWS_REGION: engine.aws.region,
    GONOGO_TABLE: deployed.table,
    GONOGO_BUS: deployed.bus,
    GONOGO_EVIDENCE_BUCKET: deployed.evidence,
    GONOGO_ROLLOUT_ARN: deployed.machines.rollout,
    GONOGO_ROLLBACK_ARN: deployed.machines.rollback,
    GONOGO_SCHEDULE_GROUP: deployed.scheduleGroup,
    GONOGO_SCHEDULER_ROLE_ARN: deployed.schedulerRoleArn,
    GONOGO_VISIT_ARN: deployed.visitArn,
    GONOGO_STAND_BY_ARN: deployed.standByArn,
    GONOGO_DEAD_LETTER_ARN: deployed.deadLetterArn,
    GONOGO_ACCOUNTS: "[]",
    GONOGO_AUDIT_KEY: deployed.auditKeyArn,
    GONOGO_AUDIT_KEY_BEFORE: "none",
    GONOGO_SIGSTORE_ROOT: "none",
    GONOGO_AUDIT_COPIES: "none",
    GONOGO_TEST_ALARM: deployed.testAlarm,
  };
  const issuer = {
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksUrl: JWKS_URL,
    speaksFor: { kind: "person" },
    rolesClaim: "roles",
  };
  const environment = {
    ...variables,
    GONOGO_HOOKS: JSON.stringify({ sentry: { clientSecrets: [SENTRY_SECRET] } }),
    GONOGO_CHANNELS: JSON.stringify({ "*": { kind: "webhook", url: MESSAGES_URL } }),
    GONOGO_ISSUERS: JSON.stringify([issuer]),
    GONOGO_API_TOKENS: JSON.stringify([{ name: "ci", sha256, roles: ["Release Manager"] }]),
    AWS_ENDPOINT_URL: address,
    AWS_ACCESS_KEY_ID: "embedded",
    AWS_SECRET_ACCESS_KEY: "embedded",
    POWERTOOLS_LOG_LEVEL: "SILENT",
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

async function defineEntries(
  { engine, clock }: VirtualControlPlane,
  load: Load,
): Promise<{ calls: Calls; api: typeof fetch }> {
  const calls: Calls = {};
  const entries = {} as Record<FunctionName, LambdaHandler>;
  for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
    const { handler } = await load(name);
    entries[name] = async (event, context) => {
      calls[name] = (calls[name] ?? 0) + 1;
      return await handler(event, context);
    };
    if (name === "api") continue;
    const { timeoutSeconds } = FUNCTIONS[name];
    engine.lambda.define(`gonogo-${name}`, {
      code: () => (event) => entries[name](event),
      timeoutSeconds,
      onFailure: deployedOn(engine, engine.aws as never).deadLetterArn,
    });
  }
  return {
    calls,
    api: throughGateway(
      (event) => entries.api(event),
      () => clock.now(),
    ),
  };
}

/** Two hours of the metric that the alarm watches: a thousand requests a minute, of which none fail. */
async function measure({ engine }: VirtualControlPlane, start: number): Promise<void> {
  const MetricData = Array.from({ length: 110 }, (_, minute) => ({
    MetricName: "Orders5xx",
    Timestamp: (start - LEAD_MS + minute * MINUTE) / 1000,
    StatisticValues: { SampleCount: 1000, Sum: 0, Minimum: 0, Maximum: 0 },
  }));
  await engine.kernel.call("cloudwatch", "PutMetricData", { Namespace: "Simulation", MetricData });
}

async function answer(person: Gonogo, id: string): Promise<void> {
  for (const { command } of (await person.release(id)).actions) {
    const isInOrder =
      (command.type === "AnswerCheck" && command.answer === "yes") ||
      command.type === "Approve" ||
      (command.type === "CompleteStep" && command.ok) ||
      (command.type === "RecordValidation" && command.pass);
    try {
      if (isInOrder) await person.command(id, { command });
      else if (command.type === "SignReview")
        await person.command(id, { command: { ...command, entries: { "Lessons Learned": "None" } } });
    } catch (error) {
      // What another has done meanwhile is no longer asked for.
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
