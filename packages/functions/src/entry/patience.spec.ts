import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FUNCTIONS } from "../deployment.ts";
import { putBackAlone } from "../tasks/rollback.ts";
import { alarms } from "./parts/alarms.ts";
import { anchors } from "./parts/anchors.ts";
import { bus } from "./parts/bus.ts";
import { checks } from "./parts/checks.ts";
import { machines } from "./parts/machines.ts";
import { metrics } from "./parts/metrics.ts";
import { standBy } from "./parts/stand-by.ts";
import { store } from "./parts/store.ts";
import { targets } from "./parts/targets.ts";
import { timers } from "./parts/timers.ts";
import { type Process, runtimeOf } from "./runtime.ts";

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const ENVIRONMENT = {
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "none",
  AWS_SECRET_ACCESS_KEY: "none",
  GONOGO_TABLE: "releases",
  GONOGO_BUS: "gonogo",
  GONOGO_ROLLOUT_ARN: arn("states", "stateMachine:gonogo-rollout"),
  GONOGO_ROLLBACK_ARN: arn("states", "stateMachine:gonogo-rollback"),
  GONOGO_SCHEDULE_GROUP: "releases",
  GONOGO_SCHEDULER_ROLE_ARN: "arn:aws:iam::123456789012:role/gonogo-scheduler",
  GONOGO_VISIT_ARN: arn("lambda", "function:gonogo-visit"),
  GONOGO_STAND_BY_ARN: arn("lambda", "function:gonogo-stand-by"),
  GONOGO_DEAD_LETTER_ARN: arn("sqs", "gonogo-dead-letters"),
  GONOGO_ACCOUNTS: "[]",
  GONOGO_SIGSTORE_ROOT: "none",
};
const TARGET = { kind: "lambda-alias", function: "orders", alias: "live", version: "2" } as const;
const CALL = { target: TARGET, previous: "1", next: "2", command: "aws lambda update-alias" };
const LOG = { info: () => {}, warn: () => {}, error: () => {} };

describe("an API of AWS that takes a request and never answers", () => {
  let server: Server;
  let process: Process;

  beforeAll(async () => {
    // Loaded when it is used: here it is not the loading that is measured.
    await import("@gonogo/adapters/eventbridge/stand-by");
    server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
    vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${port}`);
    const makers = {
      store,
      machines,
      timers,
      standBy,
      targets,
      metrics,
      alarms,
      anchors,
      checks,
      channel: () => NOWHERE,
    };
    ({ process } = runtimeOf("visit", makers, { ...ENVIRONMENT }, LOG));
    Object.assign(process.settings, ENVIRONMENT);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  });

  afterAll(async () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  /** Seconds until the work ends, however it ends. */
  async function secondsOf(work: Promise<unknown>): Promise<number> {
    let isOver = false;
    const begun = Date.now();
    const end = () => {
      isOver = true;
    };
    const over = work.then(end, end);
    while (!isOver && Date.now() - begun < 600_000) {
      await vi.advanceTimersByTimeAsync(100);
      // What really takes time, a socket, gets more of it than a busy machine needs.
      for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    await over;
    return (Date.now() - begun) / 1000;
  }

  it.each<[string, number, (process: Process) => Promise<unknown>]>([
    ["Step Functions", 20, (given) => machines(given).wake("token")],
    ["Scheduler", 20, (given) => timers(given).armed("R")],
    ["EventBridge, stand-by", 20, (given) => standBy(given).remove("R")],
    ["EventBridge, bus", 20, (given) => bus(given).publish([{ type: "SignalArrived", detail: {} }])],
    ["CloudWatch", 20, (given) => alarms(given).read(["Errors"])],
    ["Lambda", 20, async (given) => await targets(given)["lambda-alias"]?.read(TARGET, CALL)],
  ])("%s: is given up after %i s at the most", async (_, seconds, work) => {
    const failed = work(process).then(
      () => "answered",
      () => "given up",
    );
    const took = await secondsOf(failed);
    expect(await failed).toBe("given up");
    expect(took).toBeGreaterThan(2);
    expect(took).toBeLessThan(seconds);
  });

  it("does not eat the time of the rollback without the store, which says of each target what came of it", async () => {
    const calls = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"].map((component) => ({
      ...CALL,
      component,
    }));
    const { runtime } = runtimeOf("put-back-alone", { targets }, { ...ENVIRONMENT }, LOG);
    const at = runtime.clock.now();
    const work = putBackAlone(runtime, { release: "R", n: 0, cause: "an alarm", at, calls, alone: true });
    const took = await secondsOf(work);
    expect(took).toBeLessThan(FUNCTIONS["put-back-alone"].timeoutSeconds - 10);
    const results = await work;
    expect(results.map(({ component, ok }) => ({ component, ok }))).toEqual(
      calls.map(({ component }) => ({ component, ok: false })),
    );
    for (const { detail } of results) expect(detail).toMatch(/did not complete within|timed? ?out/i);
  });
});

const NOWHERE = { send: async () => ({ via: "nowhere" }) };
