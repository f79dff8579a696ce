import { DatabaseSync } from "node:sqlite";
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { describe, expect, it } from "vitest";
import { aliasAt, awsAt } from "../support/aws.ts";
import { temporaryDirectory } from "../support/process.ts";
import { Stage } from "../support/stage.ts";

/** Chance decides how long after a record the process dies; the same seed gives the same delays. */
const SEED = Number(process.env.GONOGO_SEED ?? Date.now() % 100_000);
const SPEED = 300;
/** Milliseconds on the wall; what a machine does between two records takes about as long. */
const LONGEST_DELAY = 60;

function delays(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * LONGEST_DELAY);
  };
}

/** So many of the moments, in their order, by the seed; all of them in the long search. */
function someOf<T>(moments: readonly T[], count: number): T[] {
  if (process.env.GONOGO_KILLS === "all") return [...moments];
  const from = SEED % moments.length;
  return moments.filter((_, at) => (at - from + moments.length) % moments.length < count);
}

type Type = AuditRecord["event"]["type"];
const of = (records: readonly AuditRecord[], type: Type) =>
  records.filter(({ event }) => event.type === type);
const has =
  (type: Type, times = 1) =>
  (records: readonly AuditRecord[]) =>
    of(records, type).length >= times;

/** Lets the release go on to each moment, and kills the process a little after. */
async function killAtEach(
  stage: Stage,
  id: string,
  moments: readonly [Type, number?][],
  delay: () => number,
): Promise<string[]> {
  const killed: string[] = [];
  for (const [type, times = 1] of moments) {
    await stage.until(id, has(type, times));
    const ms = delay();
    await new Promise((resolve) => setTimeout(resolve, ms));
    const which = killed.length % 2 === 0 ? "server" : "both";
    killed.push(`${type} ${times} + ${ms} ms (${which})`);
    await stage.crash(which);
  }
  return killed;
}

/** What holds of every release, whatever happened to the process that ran it. */
async function expectWhole(stage: Stage, id: string, about: string): Promise<readonly AuditRecord[]> {
  const records = await stage.records(id);
  const verification = await stage.as("qa").verify(id);
  expect(verification.ok, about).toBe(true);
  expect(verification.records, about).toBeGreaterThanOrEqual(records.length);
  expect(
    records.map(({ seq }) => seq),
    about,
  ).toEqual(records.map((_, index) => index + 1));
  const times = records.map(({ at }) => at);
  expect(times, about).toEqual(times.toSorted());
  const counts = new Map<string, number>();
  for (const { event } of of(records, "ShiftDone")) {
    if (event.type === "ShiftDone") counts.set(event.step, (counts.get(event.step) ?? 0) + 1);
  }
  expect([...counts.values()], about).toEqual([...counts.values()].map(() => 1));
  // Lambda gives an alias a new revision at every write: a write that is not in the log would break the row.
  let revision: string | undefined;
  for (const { event } of records) {
    if (event.type === "ShiftIntended") {
      if (revision !== undefined) expect(event.expected.revision, about).toBe(revision);
    } else if (event.type === "ShiftDone") revision = event.observed.revision;
  }
  // A rollback writes even what is back already, and as often as it is begun again.
  if (revision !== undefined && of(records, "RollbackStarted").length === 0) {
    const alias = await aliasAt(stage.process.awsAddress);
    expect(alias.revision, about).toBe(revision);
  }
  return records;
}

/** Each machine ran once for each of these releases, and has ended. */
async function expectExecutions(
  stage: Stage,
  machine: string,
  releases: number,
  about: string,
): Promise<void> {
  const client = new SFNClient(awsAt(stage.process.awsAddress));
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  const stateMachineArn = stateMachines.find(({ name }) => name === machine)?.stateMachineArn;
  const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
  client.destroy();
  const own = executions.filter(({ name }) => name?.includes("REL-KILL"));
  expect(
    own.map(({ status }) => status),
    about,
  ).toEqual(Array.from({ length: releases }, () => "SUCCEEDED"));
}

function expectSoundFiles(directory: string): void {
  for (const file of ["engine.sqlite", "dynamodb/dynamodb.sqlite"]) {
    const db = new DatabaseSync(`${directory}/${file}`, { readOnly: true });
    expect(db.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    db.close();
  }
}

describe(`kill -9 (seed ${SEED})`, () => {
  it("in every state of a release that goes well delays it and nothing else", {
    timeout: 90_000,
  }, async () => {
    using directory = temporaryDirectory();
    const stage = await Stage.open({ directory: directory.path, speed: SPEED });
    const id = "REL-KILL-1";
    await stage.submit({ id });
    const moments: readonly [Type, number?][] = [
      ["ReleaseSubmitted"],
      ["GatesOpened"],
      ["ReleaseStarted"],
      ["ShiftIntended"],
      ["ShiftDone"],
      ["PhasePassed"],
      ["ShiftIntended", 2],
      ["ShiftDone", 2],
      ["RolledOut"],
      ["ReviewOpened"],
    ];
    const killed = await killAtEach(stage, id, someOf(moments, 6), delays(SEED));
    const about = `seed ${SEED}: ${killed.join("; ")}`;
    await stage.until(id, has("ReleaseCompleted"));
    const records = await expectWhole(stage, id, about);
    expect((await stage.as("qa").release(id)).status, about).toBe("completed");
    expect(await aliasAt(stage.process.awsAddress), about).toMatchObject({ version: "42", weights: {} });
    for (const type of ["ReleaseStarted", "RolledOut", "ReviewOpened", "ReleaseCompleted"] as const)
      expect([type, of(records, type).length], about).toEqual([type, 1]);
    expect(of(records, "RollbackStarted"), about).toEqual([]);
    await expectExecutions(stage, "gonogo-rollout", 1, about);
    expect(await stage.process.end()).toBe(0);
    expectSoundFiles(directory.path);
    console.log(`ready, ms: ${stage.readyMs.map(Math.round).join(", ")}`);
  });

  it("in every state of a rollback does not keep it from ending", { timeout: 90_000 }, async () => {
    using directory = temporaryDirectory();
    const stage = await Stage.open({ directory: directory.path, speed: SPEED });
    const delay = delays(SEED + 1);
    const all: readonly (readonly [Type, number?])[] = [
      ["ShiftDone"],
      ["RollbackStarted"],
      ["RollbackStarted"],
      ["RollbackItemDone"],
      ["RollbackEnded"],
    ];
    const rounds = someOf(all, 3);
    const told: string[] = [];
    for (const [index, [type]] of rounds.entries()) {
      const id = `REL-KILL-${index + 1}`;
      await stage.setErrors("42", 0);
      await stage.submit({ id, percents: [50, 100] });
      await stage.until(id, has("ShiftDone"));
      await stage.setErrors("42", 80);
      told.push(`${id}: ${await killAtEach(stage, id, [[type]], delay)}`);
      const about = `seed ${SEED}: ${told.join("; ")}`;
      await stage.until(id, has("RollbackEnded"));
      const records = await expectWhole(stage, id, about);
      expect((await stage.as("qa").release(id)).status, about).toBe("rolled-back");
      expect(await aliasAt(stage.process.awsAddress), about).toMatchObject({ version: "41", weights: {} });
      for (const event of ["TriggerFired", "RollbackStarted", "RollbackEnded", "IncidentOpened"] as const)
        expect([event, of(records, event).length], about).toEqual([event, 1]);
      expect(of(records, "ShiftDone").length, about).toBe(1);
    }
    await expectExecutions(stage, "gonogo-rollback", rounds.length, told.join("; "));
    expect(await stage.process.end()).toBe(0);
    expectSoundFiles(directory.path);
  });
});
