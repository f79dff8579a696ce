import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoReleaseStore } from "@gonogo/adapters/dynamodb/store";
import { CLOCK } from "@gonogo/core/actor/schema";
import { genesis, seal } from "@gonogo/core/audit/chain";
import { fromMillis } from "@gonogo/core/kit/instant";
import { planDigest } from "@gonogo/core/plan/read";
import type { Plan } from "@gonogo/core/plan/schema";
import { claimsOf } from "@gonogo/core/release/claims";
import type { ReleaseEvent } from "@gonogo/core/release/events";
import { evolve, initialState, metaOf } from "@gonogo/core/release/evolve";
import { StoreUnavailable } from "@gonogo/core/release/ports";
import { submitPlan } from "@gonogo/functions/api/submit";
import { STORE } from "@gonogo/functions/deployment";
import { standIn } from "@gonogo/local/sample/stand-ins";
import { type RunningServer, startServer } from "@gonogo/local/server/server";
import { type Measured, ms, percentile, smallPlan } from "./kit.ts";

const OPS = standIn({ id: "ops", name: "Ops", roles: ["Ops"] });

/** Many releases on one engine, and alarms among them: memory, and how long until the traffic is back. */
export async function scale(active: number, finished: number, alarms: number): Promise<Measured[]> {
  const directory = mkdtempSync(join(tmpdir(), "gonogo-bench-"));
  const server = await startServer({ directory, port: 0, speed: 1, sample: false, write: () => {} });
  try {
    const alone = await alarmToRevert(server, "alone", Math.min(alarms, 20));
    const wroteFrom = performance.now();
    await writeFinished(server, finished);
    const wrote = performance.now() - wroteFrom;
    const beganFrom = performance.now();
    await begin(server, "many", active);
    const began = performance.now() - beganFrom;
    const memory = process.memoryUsage().rss / 2 ** 20;
    const among = await alarmToRevert(server, "among", alarms);
    const polling = 10_000;
    return [
      {
        what: `memory with ${active} active and ${finished} finished releases`,
        value: `${Math.round(memory)} MB`,
        beside: `${Math.round(began / active)} ms to begin each, ${(wrote / Math.max(1, finished)).toFixed(1)} ms to write each finished one`,
      },
      {
        what: "alarm to revert call, nothing else running, p50 / p99",
        value: `${ms(percentile(alone, 0.5))} / ${ms(percentile(alone, 0.99))}`,
        beside: `a check every 10 s, the shortest that Flagger takes, sees it after 5 s on average: ${Math.round(polling / 2 / percentile(alone, 0.5))} x`,
      },
      {
        what: "alarm to revert call among them, p50 / p99",
        value: `${ms(percentile(among, 0.5))} / ${ms(percentile(among, 0.99))}`,
        beside: `${(percentile(among, 0.5) / percentile(alone, 0.5)).toFixed(1)} x the time alone`,
      },
    ];
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Begins releases that then watch for an hour. */
async function begin(server: RunningServer, prefix: string, count: number): Promise<string[]> {
  const { engine, runtime } = server;
  const { kernel } = engine;
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
  for (const FunctionName of names) {
    engine.lambda.define(FunctionName, { code: (version) => async () => version });
    for (let version = 1; version <= 2; version++)
      await kernel.call("lambda", "PublishVersion", { FunctionName });
    await kernel.call("lambda", "CreateAlias", { FunctionName, Name: "live", FunctionVersion: "1" });
    const AlarmName = `${FunctionName}-errors`;
    await kernel.call("cloudwatch", "PutMetricAlarm", {
      AlarmName,
      Namespace: "Bench",
      MetricName: FunctionName,
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "ignore",
    });
    await kernel.call("cloudwatch", "SetAlarmState", { AlarmName, StateValue: "OK", StateReason: "bench" });
  }
  for (const name of names) {
    const plan = smallPlan(`REL-${name}`, name, runtime.clock.now());
    const outcome = await submitPlan(runtime, plan, { key: name, actor: OPS });
    if (!outcome.ok) throw new Error(outcome.rejection.message);
  }
  for (const name of names) await until(async () => (await primary(server, name)) === "2");
  return names;
}

async function alarmToRevert(server: RunningServer, prefix: string, count: number): Promise<number[]> {
  const names = await begin(server, prefix, count);
  const { kernel } = server.engine;
  const took: number[] = [];
  for (const name of names) {
    const began = performance.now();
    await kernel.call("cloudwatch", "SetAlarmState", {
      AlarmName: `${name}-errors`,
      StateValue: "ALARM",
      StateReason: "bench",
    });
    await until(async () => (await primary(server, name)) === "1");
    took.push(performance.now() - began);
  }
  return took;
}

async function primary(server: RunningServer, FunctionName: string): Promise<string> {
  const alias = await server.engine.kernel.call("lambda", "GetAlias", { FunctionName, Name: "live" });
  return (alias as { FunctionVersion: string }).FunctionVersion;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!(await done())) {
    if (performance.now() > limit) throw new Error("it did not come about within a minute");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Releases as they stand in the table when they have ended. */
async function writeFinished(server: RunningServer, count: number): Promise<void> {
  const store = new DynamoReleaseStore(
    { region: "us-east-1", endpoint: server.dynamodb.endpoint, credentials: server.engine.aws.credentials },
    STORE.table,
  );
  const lanes = 4;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let index = lane; index < count; index += lanes) await writeOne(store, index);
    }),
  );
}

async function writeOne(store: DynamoReleaseStore, index: number): Promise<void> {
  const at = fromMillis(Date.UTC(2024, 0, 1) + index * 3_600_000);
  const release = `REL-old-${index}`;
  const plan: Plan = smallPlan(release, `old-${index}`, at);
  const submitted: ReleaseEvent = {
    type: "ReleaseSubmitted",
    plan: planDigest(plan),
    revision: 1,
    title: plan.title,
    environment: plan.environment,
    plannedT: plan.start,
  };
  const events: ReleaseEvent[] = [
    submitted,
    { type: "GatesOpened", t: at },
    { type: "ReleaseAborted", why: "old" },
  ];
  const records = seal(
    { release, seq: 0, digest: genesis(release) },
    { id: "bench", at, actor: CLOCK },
    events,
    () => "00112233445566778899aabbccddeeff",
  );
  let state = initialState(
    release,
    submitted,
    metaOf({ ...records[0], id: "bench", at, actor: CLOCK } as never),
  );
  for (const record of records.slice(1)) state = evolve(plan, state, record.event, metaOf(record));
  const claims = { ...claimsOf(plan, state, records), bind: [] };
  const batch = { release, before: 0, records, state, plan, claims };
  // A busy machine may keep a write waiting for longer than a store is waited for.
  for (let attempt = 1; ; attempt++) {
    try {
      await store.append(batch);
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || attempt === 10) throw error;
    }
  }
}
