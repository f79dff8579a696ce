import { samplePlan } from "@gonogo/local/sample/sample";
import { virtualControlPlane } from "@gonogo/local/simulation/control-plane";
import { Simulation } from "@gonogo/local/simulation/simulation";
import { times, type Used } from "./bill.ts";
import { Meter } from "./meter.ts";

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30.44;

/** A whole sample release, to its review or, with an alarm at T+17 min, back again. */
export async function releaseUsed(how: "completed" | "rolled-back"): Promise<Used> {
  const plan = samplePlan();
  const simulation = await Simulation.begin(plan);
  const meter = new Meter(simulation.control);
  const load = simulation.load.bind(simulation);
  simulation.load = () => meter.aside(load);
  if (how === "rolled-back") {
    await simulation.runUntil(
      ({ state }) => state.t !== undefined && simulation.now >= state.t,
      "2100-01-01T00:00:00.000Z" as never,
    );
    await simulation.control.clock.advance(17 * 60_000);
    await simulation.setAlarm("API5xxAlarm", "ALARM");
  }
  await simulation.runToEnd();
  const { state, seq } = await simulation.load();
  if (state.status !== how) throw new Error(`the release ended ${state.status}`);
  // Each command of a person is a request, and each is looked at once before.
  const records = await meter.aside(() => simulation.records());
  const byPeople = new Set(
    records.filter(({ actor }) => actor.kind === "person").map(({ command }) => command),
  ).size;
  meter.add("httpApiRequests", 2 * byPeople);
  meter.add("lambdaRequests", 2 * byPeople);
  if (seq === 0) throw new Error("nothing was recorded");
  const used = await meter.used();
  simulation.stop();
  return used;
}

/** A month in which nobody releases anything: a day of it, so many times. */
export async function idleMonthUsed(): Promise<Used> {
  const control = await virtualControlPlane({
    startAt: Date.UTC(2026, 0, 5),
    seed: 1,
    outside: () => ({
      targets: {},
      metrics: {},
      channel: { send: async () => ({ via: "nobody" }) },
      probe: async () => ({ ok: true, detail: "" }),
    }),
  });
  const meter = new Meter(control);
  await control.clock.advance(DAY_MS);
  const used = await meter.standing();
  control.stop();
  return times(used, MONTH_DAYS);
}
