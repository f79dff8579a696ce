import { CloudWatchMetrics } from "@gonogo/adapters/cloudwatch/metrics";
import { KmsSigner } from "@gonogo/adapters/kms/index";
import { LocalSigner } from "@gonogo/adapters/kms/local";
import { S3Elsewhere } from "@gonogo/adapters/s3/elsewhere";
import { keyId } from "@gonogo/core/audit/signature";
import type { SignedRequest } from "@gonogo/core/evidence/port";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import { minutes } from "@gonogo/core/kit/duration";
import type { Instant } from "@gonogo/core/kit/instant";
import { FUNCTIONS, type FunctionName } from "@gonogo/functions/deployment";
import { execute } from "@gonogo/functions/execute";
import { executeForDeployment } from "@gonogo/functions/execute-deployment";
import type { Runtime } from "@gonogo/functions/runtime";
import { arn } from "@gonogo/local/kernel/arn";
import { AUDIT_KEY } from "@gonogo/local/kms/index";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { beforeAll, describe, expect, it } from "vitest";
import { ABILITIES, type AbilityName } from "../../stacks/abilities.ts";
import { addresses } from "../../stacks/names.ts";
import { callsOf, RIGHTS, SHARED, type SharedName } from "../../stacks/permissions.ts";
import { DIED, isShift } from "../invariants/faults.ts";
import { phase, shortPlan } from "../invariants/plans.ts";
import { ask, MANAGER, routeOf, runToSecond, stateOf } from "../invariants/world.ts";
import { loadBeside, pass, submitBeside } from "../support/beside.ts";
import { giveKey } from "../support/rotate.ts";
import { smallPlan } from "../support/small-plan.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";
import { isLike } from "./graph.ts";
import { PLACE } from "./provider.ts";
import { asApi, Recorder, type Used } from "./recorded.ts";

const at = addresses(PLACE);
const DECLARED = {
  auditKey: "kms",
  backups: true,
  targets: ["api", "web", "orders-api"].map((name) => ({
    kind: "lambda-alias" as const,
    function: name,
    alias: "live",
  })),
} as const;
const names = Object.keys(FUNCTIONS) as FunctionName[];

/** Metrics are asked of CloudWatch for real, and then are what the simulation says. */
function readForReal(simulation: Simulation): void {
  const runtime = simulation.control.runtime as { metrics: Runtime["metrics"] };
  const real = new CloudWatchMetrics(simulation.control.engine.aws as never);
  const { metrics } = simulation;
  runtime.metrics = {
    read: async (request) => {
      await real.read(request);
      return await metrics.read(request);
    },
    course: async (request, points) => {
      await real.course(request, points);
      return await metrics.course(request, points);
    },
  };
}

async function begin(recorder: Recorder, plan = shortPlan()): Promise<Simulation> {
  const simulation = await Simulation.begin(plan);
  recorder.listen(simulation.control.engine.kernel);
  readForReal(simulation);
  return simulation;
}

/** A file is uploaded, shown for a check, and fetched again. */
async function showFile(api: VirtualApi): Promise<void> {
  const body = new TextEncoder().encode("all green");
  const [name, contentType, digest] = ["tests.txt", "text/plain", digestOfBytes(body)];
  const ways = "/v1/releases/REL-SMALL/evidence";
  const wanted = { name, contentType, size: body.byteLength, digest };
  const { json } = await api.ask("POST", ways, { as: "qa", body: wanted });
  expect((await api.follow(json.upload as SignedRequest, body)).status).toBe(200);
  const command = { type: "AnswerCheck", check: "tests-passed", answer: "yes", evidence: { digest, name } };
  const answered = await api.ask("POST", "/v1/releases/REL-SMALL/commands", {
    as: "qa",
    key: "shown",
    body: { command },
  });
  expect(answered.status).toBe(200);
  const found = await api.ask("GET", `${ways}/${digest}`, { as: "qa" });
  expect((await api.follow(found.json.download as SignedRequest)).text).toBe("all green");
}

const storeGone: Parameters<Recorder["listen"]>[1] = async (_, call, proceed) =>
  call.service === "dynamodb" ? DIED : await proceed();

/** Takes traffic off when an alarm of its own says so. */
function planThatReduces() {
  const { triggers } = shortPlan();
  const slow = {
    id: "slow",
    says: "it is slow",
    signals: [{ from: "cloudwatch" as const, name: "Slow" }],
    respond: "reduce" as const,
    reduceTo: 1,
    component: "api",
    owner: "Ops",
  };
  return shortPlan({ triggers: [...triggers, slow] });
}

/** The log is signed with a key that the function itself holds, and verified. */
async function signedWithOwnKey(recorder: Recorder): Promise<void> {
  const simulation = await begin(recorder);
  const { control } = simulation;
  const signer = LocalSigner.generate();
  Object.assign(control.runtime, { signer, trustedKey: signer });
  await runToSecond(simulation, 700);
  const invoked = await control.during(() => control.engine.lambda.invoker.invoke("gonogo-audit", {}));
  expect(invoked).toMatchObject({ ok: true, payload: { found: [] } });
  const newest = await control.during(() => control.runtime.anchors.newestCheckpoint());
  expect(newest?.checkpoint.key).toBe(keyId(await signer.publicKey()));
  simulation.stop();
}

/** The log is handed over from one key to another in the midst of it. */
async function handedOver(recorder: Recorder): Promise<void> {
  const simulation = await begin(recorder);
  const { control } = simulation;
  await runToSecond(simulation, 700);
  const { successions } = await control.during(async () => {
    giveKey(control.runtime, LocalSigner.generate(), control.runtime.signer);
    expect(await control.engine.lambda.invoker.invoke("gonogo-checkpoint", {})).toMatchObject({ ok: true });
    expect(await control.engine.lambda.invoker.invoke("gonogo-audit", {})).toMatchObject({ ok: true });
    return await control.runtime.anchors.state();
  });
  expect(successions).toBe(1);
  simulation.stop();
}

/** Whole releases, each of which takes another way; between them they do all that the code can do. */
const RUNS: Record<string, (recorder: Recorder) => Promise<void>> = {
  "a release with a check and a probe completes": async (recorder) => {
    const plan = shortPlan({
      baseline: { over: "5 min" },
      steps: [
        phase("p1", "T", 10),
        { id: "look", kind: "check", at: "T+4 min", do: "Look", owner: "Ops", metric: "errors" },
        { id: "knock", kind: "probe", at: "T+5 min", do: "Knock", owner: "Ops", url: "https://example.com/" },
        phase("p2", "T+6 min", 100),
      ],
    });
    const simulation = await begin(recorder, plan);
    expect(await simulation.runToEnd()).toBe(true);
    expect((await stateOf(simulation)).status).toBe("completed");
    simulation.stop();
  },
  "its log is verified, and that it is written is remembered": async (recorder) => {
    const simulation = await begin(recorder);
    await runToSecond(simulation, 400);
    const { control } = simulation;
    // In a process of its own it would have to ask for the key.
    const runtime = control.runtime as { trustedKey: Runtime["trustedKey"] };
    runtime.trustedKey = new KmsSigner(control.engine.aws as never, arn("kms", AUDIT_KEY));
    const invoked = await control.during(() => control.engine.lambda.invoker.invoke("gonogo-audit", {}));
    expect(invoked).toMatchObject({ ok: true, payload: { found: [] } });
    simulation.stop();
  },
  "an alarm rolls one back": async (recorder) => {
    const simulation = await begin(recorder);
    await runToSecond(simulation, 30);
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    simulation.stop();
  },
  "people use the API, and a webhook rolls one back": async (recorder) => {
    const api = await virtualApi();
    recorder.listen(api.simulation.control.engine.kernel);
    readForReal(api.simulation);
    const as = "release-manager";
    await showFile(api);
    const newest = smallPlan({ id: "REL-NEXT" }).replace('version: "42"', "version: newest");
    expect(
      (await api.ask("POST", "/v1/releases", { as: "pipeline", key: "next", body: { text: newest } })).status,
    ).toBe(201);
    await api.simulation.runUntil(
      ({ state }) => state.steps["phase-1"]?.status === "watching",
      "2026-05-05T11:00:00.000Z" as Instant,
    );
    for (const way of ["", "/records", "/verification", "/courses", "/documents?as=markdown"]) {
      await api.ask("GET", `/v1/releases/REL-SMALL${way}`, { as });
    }
    expect((await api.ask("GET", "/v1/releases", { as })).status).toBe(200);
    expect((await api.ask("GET", "/v1/doctor", { as })).json.findings).toContainEqual(
      expect.objectContaining({ part: "table", condition: "well" }),
    );
    const testing = { as, key: "alarms", body: {} };
    expect((await api.ask("POST", "/v1/integrations/cloudwatch/test", testing)).status).toBe(202);
    expect((await api.ask("GET", "/v1/integrations", { as })).status).toBe(200);
    const { control } = api.simulation;
    const detail = { source: "sentry", name: "Too many errors", state: "alarm", at: api.now() };
    await control.during(() => control.runtime.bus.publish([{ type: "SignalArrived", detail }]));
    await api.simulation.runToEnd();
    expect((await stateOf(api.simulation)).status).toBe("rolled-back");
    api.simulation.stop();
  },
  "a freeze is declared while one runs": async (recorder) => {
    const simulation = await begin(recorder);
    const { control } = simulation;
    await runToSecond(simulation, 30);
    await control.during(() =>
      asApi(() =>
        executeForDeployment(control.runtime, {
          id: "freeze",
          actor: { kind: "person", id: "psn_1", roles: ["Release Manager"] },
          reason: "an incident",
          body: { type: "DeclareSpan", kind: "freeze", name: "Incident", for: minutes(20) },
        }),
      ),
    );
    await simulation.runToEnd();
    const { status, steps } = await stateOf(simulation);
    expect(status).toBe("completed");
    expect(steps.p2?.shiftedAt?.slice(11, 16)).toBe("02:20");
    simulation.stop();
  },
  "an issue that AWS Health tells of rolls one back": async (recorder) => {
    const plan = shortPlan();
    const [trigger] = plan.triggers;
    if (trigger === undefined) throw new Error("the plan has no trigger");
    const name = "AWS_LAMBDA_OPERATIONAL_ISSUE";
    const simulation = await begin(
      recorder,
      shortPlan({ triggers: [{ ...trigger, signals: [...trigger.signals, { from: "health", name }] }] }),
    );
    await runToSecond(simulation, 30);
    const { control } = simulation;
    await control.during(async () =>
      control.engine.events.sink.put({
        source: "aws.health",
        detailType: "AWS Health Event",
        resources: [],
        detail: {
          eventTypeCode: name,
          eventTypeCategory: "issue",
          statusCode: "open",
          startTime: new Date(control.engine.kernel.clock.now()).toUTCString(),
        },
      }),
    );
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    simulation.stop();
  },
  "one is put back with the store gone": async (recorder) => {
    const simulation = await begin(recorder);
    const { kernel } = simulation.control.engine;
    await runToSecond(simulation, 30);
    recorder.listen(kernel, storeGone);
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.control.clock.advance(600_000);
    recorder.listen(kernel);
    await simulation.runToEnd();
    await simulation.control.clock.advance(900_000);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    simulation.stop();
  },
  "a target cannot be put back for a while": async (recorder) => {
    const simulation = await begin(recorder);
    const { kernel } = simulation.control.engine;
    await runToSecond(simulation, 30);
    recorder.listen(kernel, async (_, call, proceed) => (isShift(call) ? DIED : await proceed()));
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rollback-unconfirmed");
    simulation.stop();
  },
  "an execution is stopped by hand": async (recorder) => {
    const simulation = await begin(recorder);
    const { kernel } = simulation.control.engine;
    await runToSecond(simulation, 30);
    const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:gonogo-rollout";
    type Listed = { executions: { executionArn: string; status: string }[] };
    const { executions } = (await kernel.call("states", "ListExecutions", { stateMachineArn })) as Listed;
    for (const { executionArn, status } of executions) {
      if (status === "RUNNING") await kernel.call("states", "StopExecution", { executionArn });
    }
    expect(await simulation.runToEnd()).toBe(true);
    simulation.stop();
  },
  "traffic is taken off one, at once, and by a visit when the event is lost": async (recorder) => {
    for (const isLost of [false, true]) {
      const simulation = await begin(recorder, planThatReduces());
      const { kernel } = simulation.control.engine;
      await runToSecond(simulation, 30);
      if (isLost) {
        recorder.listen(kernel, async (_, call, proceed) =>
          call.operation === "PutEvents" ? DIED : await proceed(),
        );
      }
      await simulation.setAlarm("Slow", "ALARM");
      await runToSecond(simulation, 400);
      expect(await routeOf(simulation)).toBe("1+2:0.01");
      simulation.stop();
    }
  },
  "a red alarm keeps one from starting, until it is green": async (recorder) => {
    const simulation = await begin(recorder);
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.runTo("2025-06-04T02:10:00.000Z" as Instant);
    expect((await stateOf(simulation)).startHeld).not.toEqual([]);
    await simulation.setAlarm("Api5xx", "OK");
    expect(await simulation.runToEnd()).toBe(true);
    expect((await stateOf(simulation)).status).toBe("completed");
    simulation.stop();
  },
  "a check looks back at staging, where two functions were released": async (recorder) => {
    const staged = (id: string, name: string) =>
      shortPlan({
        id,
        approvals: [],
        environment: "staging",
        components: [
          { id: "api", name, target: { kind: "lambda-alias", function: name, alias: "prod", version: "2" } },
        ],
      });
    const simulation = await Simulation.begin(staged("REL-S", "web"), { checks: {} });
    recorder.listen(simulation.control.engine.kernel);
    await asApi(() => submitBeside(simulation, staged("REL-S2", "api")));
    await simulation.runToEnd();
    await pass(simulation, 60);
    const soaked = { id: "soaked", check: "It ran in staging", role: "Ops" };
    const plan = shortPlan({
      id: "REL-P",
      approvals: [],
      start: "2025-06-04T05:00:00Z",
      checklist: [{ ...soaked, probe: { kind: "staging", soak: "15 min" } }],
      components: [
        {
          id: "api",
          name: "api",
          target: { kind: "lambda-alias", function: "api", alias: "live", version: "2" },
        },
      ],
    });
    await asApi(() => submitBeside(simulation, plan));
    await pass(simulation, 4 * 60);
    const { state } = await loadBeside(simulation, "REL-P");
    expect(state.startedAt).toBeDefined();
    simulation.stop();
  },
  "one whose alarms are bound by tag is looked over while it runs": async (recorder) => {
    const [trigger] = shortPlan().triggers;
    if (trigger === undefined) throw new Error("the plan has no trigger");
    const tags = { service: "checkout" };
    const byTag = { ...trigger, signals: [{ from: "cloudwatch" as const, tags }] };
    const simulation = await begin(recorder, shortPlan({ triggers: [byTag] }));
    await runToSecond(simulation, 30);
    const { control } = simulation;
    const looked = await control.during(() => control.engine.lambda.invoker.invoke("gonogo-doctor", {}));
    expect(JSON.stringify(looked)).toContain("its alarms and targets are there");
    expect(await simulation.runToEnd()).toBe(true);
    simulation.stop();
  },
  "a check asks for a backup, which is made in time": async (recorder) => {
    const resource = "arn:aws:dynamodb:us-east-1:123456789012:table/orders";
    const check = { id: "saved", check: "A backup was made", role: "Ops" };
    const plan = shortPlan({ checklist: [{ ...check, probe: { kind: "backup", resource } }] });
    const simulation = await Simulation.begin(plan, { checks: {} });
    recorder.listen(simulation.control.engine.kernel);
    const { kernel } = simulation.control.engine;
    await pass(simulation, 5);
    expect((await stateOf(simulation)).status).toBe("gates");
    await kernel.call("backup", "StartBackupJob", {
      BackupVaultName: "daily",
      ResourceArn: resource,
      IamRoleArn: "arn:aws:iam::123456789012:role/backup",
    });
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("completed");
    simulation.stop();
  },
  "visits are lost, and the sweep finds it": async (recorder) => {
    const simulation = await begin(recorder);
    const { kernel } = simulation.control.engine;
    await runToSecond(simulation, 5);
    type Listed = { Schedules: { Name: string }[] };
    const group = { GroupName: "releases" };
    const { Schedules } = (await kernel.call("scheduler", "ListSchedules", group)) as Listed;
    const visits = Schedules.filter(({ Name }) => Name.startsWith("release-"));
    for (const { Name } of visits) await kernel.call("scheduler", "DeleteSchedule", { Name, ...group });
    recorder.listen(kernel, async (_, call, proceed) =>
      /^(Create|Update)Schedule$/.test(call.operation) ? DIED : await proceed(),
    );
    await runToSecond(simulation, 700);
    recorder.listen(kernel);
    expect(await simulation.runToEnd()).toBe(true);
    simulation.stop();
  },
  "what a machine is about to wait for comes about just then": async (recorder) => {
    const simulation = await begin(recorder);
    const { engine, runtime } = simulation.control;
    await runToSecond(simulation, 30);
    let isDone = false;
    recorder.listen(engine.kernel, async (by, call, proceed) => {
      if (by === "park" && call.operation === "PutItem" && !isDone) {
        isDone = true;
        const body = { type: "Rollback" } as const;
        const actor = { ...MANAGER, roles: [...MANAGER.roles] };
        const request = { release: "REL-S", id: "just-then", actor, reason: "it has to", body };
        expect(await asApi(() => execute(runtime, request))).toMatchObject({ ok: true });
      }
      return await proceed();
    });
    await simulation.runToEnd();
    expect(isDone).toBe(true);
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    simulation.stop();
  },
  "an alarm comes twice, each time with the store gone": async (recorder) => {
    const simulation = await begin(recorder);
    const { kernel } = simulation.control.engine;
    await runToSecond(simulation, 30);
    simulation.control.engine.events.disturb = () => [0, 3 * 3_600_000];
    recorder.listen(kernel, storeGone);
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.control.clock.advance(600_000);
    recorder.listen(kernel);
    await simulation.control.clock.advance(3_600_000);
    recorder.listen(kernel, storeGone);
    await simulation.control.clock.advance(3 * 3_600_000);
    recorder.listen(kernel);
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("rolled-back");
    simulation.stop();
  },
  "what was put back by hand is reported once more": async (recorder) => {
    const freeze = {
      id: "freeze",
      kind: "manual" as const,
      at: "T",
      do: "Freeze",
      owner: "Ops",
      undo: "Thaw",
    };
    const plan = shortPlan({ steps: [freeze, phase("p1", "T+1 min", 10), phase("p2", "T+4 min", 100)] });
    const simulation = await begin(recorder, plan);
    await runToSecond(simulation, 90);
    await simulation.setAlarm("Api5xx", "ALARM");
    await simulation.runToEnd();
    const again = { type: "CompletePutBack", item: "undo-freeze", ok: true } as const;
    expect(await ask(simulation, again)).toMatchObject({ ok: true });
    simulation.stop();
  },
};

describe("what functions may do, beside what they do", () => {
  const recorder = new Recorder(at);
  beforeAll(async () => {
    for (const run of Object.values(RUNS)) await run(recorder);
  }, 120_000);

  const usedBy = (name: FunctionName) => recorder.used.filter(({ by }) => by === name);
  const actionsOf = (abilities: readonly AbilityName[]) => [
    ...new Set(abilities.flatMap((one) => ABILITIES[one](at, DECLARED).flatMap(({ actions }) => actions))),
  ];

  it.each(names)("%s does nothing that it may not", (name) => {
    const allowed = callsOf(name, at, DECLARED);
    const isAllowed = ({ action, on }: Used) =>
      allowed.some(
        ({ actions, resources }) => actions.includes(action) && resources.some((one) => isLike(one, on)),
      );
    expect(usedBy(name).length).toBeGreaterThan(0);
    expect(usedBy(name).filter((one) => !isAllowed(one))).toEqual([]);
  });

  it.each(names)("%s may do nothing that it does not", (name) => {
    const { shared = [], own = [] } = RIGHTS[name];
    const used = usedBy(name).map(({ action }) => action);
    expect(actionsOf(own).filter((action) => !used.includes(action))).toEqual([]);
    for (const one of shared) {
      const actions = actionsOf(SHARED[one]);
      expect(actions.filter((action) => used.includes(action)).length, one).toBeGreaterThan(0);
    }
  });

  it.each(Object.keys(SHARED) as SharedName[])(
    "the shared code of a %s makes every call that it may",
    (shared) => {
      const holders = names.filter((name) => RIGHTS[name].shared?.includes(shared));
      const used = holders.flatMap(usedBy).map(({ action }) => action);
      expect(actionsOf(SHARED[shared]).filter((action) => !used.includes(action))).toEqual([]);
    },
  );

  it("while the log is handed over, whoever signs needs no more than for two keys", async () => {
    const handing = new Recorder(at);
    await handedOver(handing);
    const declared = { ...DECLARED, auditKeyBefore: "kms:old" } as const;
    for (const name of ["checkpoint", "audit"] as const) {
      const may = callsOf(name, at, declared);
      const used = handing.used.filter(({ by }) => by === name);
      expect(
        used.filter(
          ({ action, on }) =>
            !may.some((one) => one.actions.includes(action) && one.resources.some((it) => isLike(it, on))),
        ),
      ).toEqual([]);
    }
    for (const name of names) {
      const on = (given: typeof DECLARED | typeof declared) =>
        callsOf(name, at, given).flatMap(({ actions, resources }) =>
          actions.flatMap((action) => resources.map((one) => `${action} ${one}`)),
        );
      const more = on(declared).filter((one) => !on(DECLARED).includes(one));
      const key = at.auditKeyIn("kms:old");
      const extra = {
        checkpoint: [`kms:GetPublicKey ${key}`, `kms:Sign ${key}`],
        audit: [`kms:GetPublicKey ${key}`],
      };
      expect(more, name).toEqual(name in extra ? extra[name as "audit"] : []);
    }
  });

  it("to copy into another account takes two rights more, of one function", async () => {
    const copying = new Recorder(at);
    const simulation = await begin(copying);
    const { control } = simulation;
    const there = { bucket: "audit-of-gonogo", account: "222233334444", days: 400 };
    const Bucket = there.bucket;
    await control.engine.kernel.call("s3", "CreateBucket", { Bucket, ObjectLockEnabledForBucket: true });
    const now = () => control.runtime.clock.now();
    Object.assign(control.runtime, { elsewhere: new S3Elsewhere(control.engine.aws as never, there, now) });
    await runToSecond(simulation, 700);
    const invoked = await control.during(() => control.engine.lambda.invoker.invoke("gonogo-checkpoint", {}));
    expect(invoked).toMatchObject({ ok: true });
    simulation.stop();
    const declared = { ...DECLARED, auditCopies: there };
    for (const name of names) {
      const more = callsOf(name, at, declared).filter(
        (one) => !callsOf(name, at, DECLARED).some((other) => `${other.resources}` === `${one.resources}`),
      );
      const used = copying.used.filter(({ by, on }) => by === name && on.includes(Bucket));
      expect(new Set(more.flatMap(({ actions }) => actions)), name).toEqual(
        new Set(used.map(({ action }) => action)),
      );
      const on = more.flatMap(({ resources }) => resources);
      expect(used.filter((one) => !on.some((pattern) => isLike(pattern, one.on)))).toEqual([]);
      expect(used.length > 0, name).toBe(name === "checkpoint");
    }
  });

  it("without a key in KMS nobody asks KMS for anything, nor may", async () => {
    const ownKey = { ...DECLARED, auditKey: "secret" } as const;
    const kept = new Recorder(at);
    await signedWithOwnKey(kept);
    for (const name of ["checkpoint", "audit"] as const) {
      const used = kept.used.filter(({ by }) => by === name).map(({ action }) => action);
      const may = callsOf(name, at, ownKey).flatMap(({ actions }) => actions);
      expect(new Set(used), name).toEqual(new Set(may));
    }
    for (const name of names) {
      const may = (declared: typeof DECLARED | typeof ownKey) =>
        callsOf(name, at, declared).flatMap(({ actions }) => actions);
      expect(may(ownKey), name).toEqual(may(DECLARED).filter((action) => !action.startsWith("kms:")));
    }
  });
});
