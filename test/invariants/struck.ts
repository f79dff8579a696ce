import { Simulation } from "@gonogo/local/simulation/simulation";
import { expect } from "vitest";
import { runThrough, type Strike, setFault, strikeAt } from "./faults.ts";
import { shortPlan } from "./plans.ts";
import { eventsOf, expectSound, routeOf, runToSecond, stateOf } from "./world.ts";

export type { Strike };

/** A release whose n-th call is struck: whatever that was, it ends as it would have. */
export async function struckRelease(n: number, how: Strike, length: number): Promise<number> {
  const simulation = await Simulation.begin(shortPlan());
  const { fault, count } = strikeAt(n, how, length);
  setFault(simulation, fault);
  try {
    const where = `call ${n}, ${how}, ${length}`;
    expect(await runThrough(simulation), where).toBe(true);
    setFault(simulation, undefined);
    const records = await expectSound(simulation);
    expect((await stateOf(simulation)).status, where).toBe("completed");
    expect(await routeOf(simulation), where).toBe("2");
    expect(
      eventsOf(records, "ShiftDone").map(({ step }) => step),
      where,
    ).toEqual(["p1", "p2"]);
    return count();
  } finally {
    simulation.stop();
  }
}

/** The same for a release that is rolled back one minute after its first shift. */
export async function struckRollback(n: number, how: Strike, length: number): Promise<number> {
  const simulation = await Simulation.begin(shortPlan());
  try {
    await runToSecond(simulation, 60);
    const { fault, count } = strikeAt(n, how, length);
    setFault(simulation, fault);
    await simulation.setAlarm("Api5xx", "ALARM");
    const where = `call ${n}, ${how}, ${length}`;
    expect(await runThrough(simulation), where).toBe(true);
    setFault(simulation, undefined);
    await expectSound(simulation);
    expect((await stateOf(simulation)).status, where).toBe("rolled-back");
    expect(await routeOf(simulation), where).toBe("1");
    return count();
  } finally {
    simulation.stop();
  }
}
