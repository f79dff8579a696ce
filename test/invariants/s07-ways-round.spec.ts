import { personId } from "@gonogo/core/actor/schema";
import { digestOf } from "@gonogo/core/kit/digest";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import type { PlanInput } from "@gonogo/core/plan/schema";
import type { CommandBody } from "@gonogo/core/release/commands";
import { execute, type Outcome } from "@gonogo/functions/execute";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { afterEach, describe, expect, it } from "vitest";
import { shortPlan } from "./plans.ts";
import { ask, eventsOf, expectSound, routeOf, stateOf } from "./world.ts";

const BOARD = "Governance Board";
const OPEN: Simulation[] = [];

afterEach(() => {
  for (const simulation of OPEN.splice(0)) simulation.stop();
});

/** A release before its gates, an hour before T, whose people answer only when they are told to. */
async function begin(approvals: PlanInput["approvals"], seed = 1): Promise<Simulation> {
  const roles = ["Release Manager", "Ops", "CTO", "Security", BOARD].map((name) => ({ name }));
  const simulation = await Simulation.begin(shortPlan({ approvals, roles }), { seed });
  simulation.punctual = false;
  OPEN.push(simulation);
  return simulation;
}

function person(name: string, ...roles: string[]) {
  return { kind: "person" as const, id: personId("test", name), roles };
}

/** What a person asks, each request under a key of its own unless it is given one. */
async function as(
  simulation: Simulation,
  actor: ReturnType<typeof person>,
  body: CommandBody,
  id?: string,
): Promise<string> {
  const outcome = await ask(simulation, body, { actor, ...(id === undefined ? {} : { id }) });
  return codeOf(outcome);
}

function codeOf(outcome: Outcome): string {
  return outcome.ok ? "taken" : outcome.rejection.code;
}

async function approval(simulation: Simulation, role: string): Promise<CommandBody> {
  return { type: "Approve", role, plan: (await stateOf(simulation)).plan };
}

/** Several at the very same instant, through the store: all of them read before any of them writes. */
async function atOnce(
  simulation: Simulation,
  asks: readonly { readonly actor: ReturnType<typeof person>; readonly body: CommandBody }[],
): Promise<string[]> {
  const { runtime, clock, during } = simulation.control;
  const asked = during(() =>
    Promise.all(
      asks.map((one) =>
        execute(runtime, { release: "REL-S", id: runtime.newId(), reason: "at once", ...one }),
      ),
    ),
  );
  await clock.advance(2000);
  return (await asked).map(codeOf);
}

async function refusals(simulation: Simulation): Promise<string[]> {
  return eventsOf(await expectSound(simulation), "CommandRefused").map(({ code }) => code);
}

describe("S7 the ways round two people", () => {
  it("a quorum that is asked for at one instant is of as many as are needed, and the rest is on record", async () => {
    for (const seed of [1, 2, 3]) {
      const simulation = await begin([{ role: BOARD, count: 2 }], seed);
      const body = await approval(simulation, BOARD);
      const asks = ["a", "b", "c"].map((name) => ({ actor: person(name, BOARD), body }));
      const codes = await atOnce(simulation, asks);
      expect(codes.toSorted()).toEqual(["approval.already-given", "taken", "taken"]);
      expect((await stateOf(simulation)).status).toBe("ready");
      expect(await refusals(simulation)).toEqual(["approval.already-given"]);
    }
  });

  it("one person in two windows at one instant counts once", async () => {
    const simulation = await begin([{ role: BOARD, count: 2 }]);
    const body = await approval(simulation, BOARD);
    const actor = person("a", BOARD);
    const codes = await atOnce(simulation, [
      { actor, body },
      { actor, body },
    ]);
    expect(codes.toSorted()).toEqual(["approval.already-given", "taken"]);
    expect((await stateOf(simulation)).status).toBe("gates");
  });

  it("one person under two roles at one instant counts once", async () => {
    const simulation = await begin([{ role: "CTO" }, { role: "Security" }]);
    const actor = person("a", "CTO", "Security");
    const codes = await atOnce(simulation, [
      { actor, body: await approval(simulation, "CTO") },
      { actor, body: await approval(simulation, "Security") },
    ]);
    expect(codes.toSorted()).toEqual(["approval.counted-twice", "taken"]);
    expect((await stateOf(simulation)).status).toBe("gates");
  });

  it("an approval that is replayed is no second one, and none after it was withdrawn", async () => {
    const simulation = await begin([{ role: BOARD, count: 2 }]);
    const body = await approval(simulation, BOARD);
    const ana = person("ana", BOARD);
    expect(await as(simulation, ana, body, "key-1")).toBe("taken");
    const { seq } = await simulation.load();
    expect(await as(simulation, ana, body, "key-1")).toBe("taken");
    expect((await simulation.load()).seq).toBe(seq);
    // Somebody else's request under the same key is neither theirs nor the first one's.
    expect(await as(simulation, person("ben", BOARD), body, "key-1")).toBe("idempotency.reused");
    expect(await as(simulation, ana, { type: "WithdrawApproval", role: BOARD })).toBe("taken");
    expect(await as(simulation, ana, body, "key-1")).toBe("taken");
    expect((await stateOf(simulation)).approvals).toEqual({});
  });

  it("an approval of another digest is refused, and that is on record", async () => {
    const simulation = await begin([{ role: "CTO" }]);
    const old = { type: "Approve", role: "CTO", plan: digestOf("what it was before") } as const;
    expect(await as(simulation, person("cto", "CTO"), old)).toBe("approval.other-plan");
    expect(await refusals(simulation)).toEqual(["approval.other-plan"]);
    expect((await stateOf(simulation)).status).toBe("gates");
  });

  it("an approval that has run out starts nothing, until it is given anew", async () => {
    const simulation = await begin([{ role: "CTO", expires: "50 min" }]);
    const cto = person("cto", "CTO");
    await as(simulation, cto, await approval(simulation, "CTO"));
    expect((await stateOf(simulation)).status).toBe("ready");
    const later = fromMillis(toMillis(simulation.plan.start) + 600_000);
    await simulation.runTo(later);
    const state = await stateOf(simulation);
    expect(state.status).toBe("gates");
    expect(state.startedAt).toBeUndefined();
    const closed = eventsOf(await expectSound(simulation), "GatesClosed");
    expect(closed).toMatchObject([{ why: "the approval of CTO has expired" }]);
    expect(await as(simulation, cto, await approval(simulation, "CTO"))).toBe("taken");
    simulation.punctual = true;
    await simulation.runToEnd();
    expect((await stateOf(simulation)).status).toBe("completed");
  });

  it("what one clock has let run out no slower clock brings back", async () => {
    const simulation = await begin([{ role: "CTO", expires: "10 min" }]);
    await as(simulation, person("cto", "CTO"), await approval(simulation, "CTO"));
    await simulation.runTo(fromMillis(toMillis(simulation.now) + 600_000));
    expect((await stateOf(simulation)).status).toBe("gates");
    const { runtime, during } = simulation.control;
    const slow = (): Instant => fromMillis(toMillis(runtime.clock.now()) - 300_000);
    const skewed = { ...runtime, clock: { ...runtime.clock, now: slow, sleep: () => Promise.resolve() } };
    const body = { type: "Observe", seen: { readings: [], recent: [], alarms: [], targets: [] } } as const;
    const actor = { kind: "clock" } as const;
    await during(() => execute(skewed, { release: "REL-S", id: "slow", actor, body }));
    expect((await stateOf(simulation)).status).toBe("gates");
  });

  it("a delegate signs until the delegation is over, passes nothing on, and is no second voice", async () => {
    const simulation = await begin([{ role: BOARD, count: 2 }]);
    const ana = person("ana", BOARD);
    const deputy = person("deputy");
    const until = fromMillis(toMillis(simulation.now) + 600_000);
    const lend = (from: typeof ana, to: string) =>
      as(simulation, from, { type: "Delegate", role: BOARD, to: personId("test", to), until });
    expect(await lend(ana, "deputy")).toBe("taken");
    expect(await lend(person("deputy", "Ops"), "third")).toBe("delegation.not-your-role");
    const body = await approval(simulation, BOARD);
    expect(await as(simulation, person("third"), body)).toBe("command.no-role");
    await as(simulation, ana, body);
    expect(await as(simulation, deputy, body)).toBe("approval.counted-twice");
    await as(simulation, ana, { type: "WithdrawApproval", role: BOARD });
    await simulation.runTo(until);
    expect(await as(simulation, deputy, body)).toBe("command.no-role");
    expect((await stateOf(simulation)).approvals).toEqual({});
    expect(await refusals(simulation)).toEqual([
      "delegation.not-your-role",
      "command.no-role",
      "approval.counted-twice",
      "command.no-role",
    ]);
  });

  it("an approval that is withdrawn at the moment of the start shifts nothing", async () => {
    for (const before of [0, 1, 50]) {
      const simulation = await begin([{ role: "CTO" }]);
      const cto = person("cto", "CTO");
      await as(simulation, cto, await approval(simulation, "CTO"));
      await simulation.runTo(fromMillis(toMillis(simulation.plan.start) - before));
      const route = await routeOf(simulation);
      const touched = Object.values((await stateOf(simulation)).components).some((one) => one.touched);
      const code = await as(simulation, cto, { type: "WithdrawApproval", role: "CTO" });
      // Whoever was first is first: it has been used, or nothing of it is.
      expect(code).toBe(touched ? "approval.used" : "taken");
      await simulation.runTo(fromMillis(toMillis(simulation.plan.start) + 120_000));
      const records = await expectSound(simulation);
      if (!touched) {
        expect(eventsOf(records, "ShiftIntended")).toEqual([]);
        expect(await routeOf(simulation)).toBe(route);
      }
    }
  });
});
