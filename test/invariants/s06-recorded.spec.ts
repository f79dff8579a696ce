import { verifyChain } from "@gonogo/core/audit/chain";
import { execute } from "@gonogo/functions/execute";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { describe, expect, it } from "vitest";
import { setFault } from "./faults.ts";
import { shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, runToSecond, stateOf } from "./world.ts";

describe("S6 recorded", () => {
  it("every change of the alias has its intent before and its outcome after", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const changes: number[] = [];
    setFault(simulation, async (call, proceed) => {
      if (call.operation === "UpdateAlias") {
        const answer = await simulation.control.engine.kernel.call("dynamodb", "GetItem", {
          TableName: "releases",
          Key: { pk: { S: "REL#REL-S" }, sk: { S: "STATE" } },
        });
        changes.push(Number((answer as { Item?: { seq?: { N?: string } } }).Item?.seq?.N ?? 0));
      }
      return await proceed();
    });
    await simulation.runToEnd();
    const records = await expectSound(simulation);
    expect(changes).toHaveLength(2);
    expect(changes.map((seq) => records[seq - 1]?.event.type)).toEqual(["ShiftIntended", "ShiftIntended"]);
    expect(changes.map((seq) => records[seq]?.event.type)).toEqual(["ShiftDone", "ShiftDone"]);
    simulation.stop();
  });

  it("a refused attempt is on record with who, what and why", async () => {
    const simulation = await Simulation.begin(shortPlan());
    const actor = { kind: "person" as const, id: "psn_cook", roles: ["Cook"] };
    expect(await ask(simulation, { type: "Abort" }, { actor })).toMatchObject({ ok: false });
    const records = await expectSound(simulation);
    expect(records.at(-1)).toMatchObject({
      actor: { id: "psn_cook" },
      reason: "the test asks for it",
      event: { type: "CommandRefused", command: "Abort", code: "command.no-role" },
    });
    simulation.stop();
  });

  it("the same request asked again is one record, and another request under its key is refused", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    await ask(simulation, { type: "Pause" }, { id: "key-1" });
    await ask(simulation, { type: "Resume" }, { id: "key-2" });
    expect(await ask(simulation, { type: "Pause" }, { id: "key-1" })).toMatchObject({ ok: true });
    expect((await stateOf(simulation)).paused).toBeUndefined();
    expect(await ask(simulation, { type: "Abort" }, { id: "key-1" })).toMatchObject({
      ok: false,
      rejection: { code: "idempotency.reused" },
    });
    const records = await expectSound(simulation);
    expect(eventsOf(records, "ReleasePaused")).toHaveLength(1);
    simulation.stop();
  });

  it("finds a record that somebody edits, removes or adds in the table itself", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    const { kernel } = simulation.control.engine;
    const { seq, head } = await simulation.load();
    const records = await simulation.records();
    const at = Math.floor(seq / 2);
    const record = records[at - 1];
    if (record === undefined) throw new Error("no record");
    const edited = { ...record, at: simulation.now };
    const sk = { S: `EVENT#${String(at).padStart(8, "0")}` };
    const keys = (await kernel.call("dynamodb", "Query", {
      TableName: "releases",
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :e)",
      ExpressionAttributeValues: { ":pk": { S: "REL#REL-S" }, ":e": { S: "EVENT#" } },
    })) as { Items: { pk: { S: string }; sk: { S: string } }[] };
    const item = keys.Items[at - 1] ?? { pk: { S: "REL#REL-S" }, sk };
    await kernel.call("dynamodb", "PutItem", {
      TableName: "releases",
      Item: { ...item, doc: { S: JSON.stringify(edited) } },
    });
    expect(verifyChain("REL-S", await simulation.records(), { seq, digest: head })).toMatchObject({
      ok: false,
      found: { class: "edited", seq: at },
    });
    await kernel.call("dynamodb", "DeleteItem", {
      TableName: "releases",
      Key: { pk: item.pk, sk: item.sk },
    });
    expect(verifyChain("REL-S", await simulation.records(), { seq, digest: head })).toMatchObject({
      ok: false,
      found: { class: "removed", seq: at },
    });
    simulation.stop();
  });

  it("two people at once: both are on record, in one order, and a decline wins", async () => {
    for (const seed of [1, 2, 3]) {
      const simulation = await Simulation.begin(shortPlan(), { seed });
      simulation.punctual = false;
      const { runtime } = simulation.control;
      const { plan } = await stateOf(simulation);
      const as = (id: string, type: "Approve" | "Decline") =>
        execute(runtime, {
          release: "REL-S",
          id: runtime.newId(),
          actor: { kind: "person", id, roles: ["CTO", "Security"] },
          reason: "at once",
          body: { type, role: "CTO", plan },
        });
      const asked = simulation.control.during(() =>
        Promise.all([as("psn_a", "Approve"), as("psn_b", "Decline"), as("psn_c", "Approve")]),
      );
      // Whoever loses the race waits a moment, on the clock, and decides again on what won.
      await simulation.control.clock.advance(2000);
      const outcomes = await asked;
      expect(outcomes.map(({ ok }) => ok).filter(Boolean).length).toBeGreaterThan(0);
      expect((await stateOf(simulation)).approvals.CTO?.map(({ verdict }) => verdict)).toEqual(["declined"]);
      const records = await expectSound(simulation);
      expect(records).toHaveLength(4);
      simulation.stop();
    }
  });

  it("two rollbacks at once are one rollback", async () => {
    const simulation = await Simulation.begin(shortPlan());
    await runToSecond(simulation, 30);
    const outcomes = await Promise.all([
      ask(simulation, { type: "Rollback" }, { reason: "one" }),
      ask(simulation, { type: "Rollback" }, { reason: "two" }),
      simulation.setAlarm("Api5xx", "ALARM"),
    ]);
    expect(outcomes.filter((one) => one?.ok === true)).toHaveLength(1);
    await simulation.runToEnd();
    const records = await expectSound(simulation);
    expect(eventsOf(records, "RollbackStarted")).toHaveLength(1);
    expect(eventsOf(records, "CommandRefused")).toHaveLength(1);
    simulation.stop();
  });
});
