import { hours, minutes } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, plus } from "@gonogo/core/kit/instant";
import { sweep } from "@gonogo/functions/events/sweep";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const MORE = `hypercare:
  for: 3 days
  checks:
    - { id: slo, check: Failed requests stay within their objective, owner: DevSecOps, metric: rate }
    - { id: logs, check: The error log has nothing new, owner: DevSecOps }
`;

let api: VirtualApi;
beforeEach(async () => {
  api = await virtualApi({ plan: { more: MORE } });
});
afterEach(() => {
  api.simulation.stop();
  expect(api.simulation.control.errors).toEqual([]);
});

const events = async (type: string) =>
  (await api.simulation.records()).filter(({ event }) => event.type === type);
const later = (from: Instant, ...lengths: Parameters<typeof plus>[1][]) => lengths.reduce(plus, from);

/** Completed, its hypercare begun; from here on people leave it alone. */
async function completed(): Promise<Instant> {
  await api.simulation.runToEnd();
  api.simulation.punctual = false;
  const { state } = await api.simulation.load();
  expect(state.status).toBe("completed");
  return state.hypercare?.startedAt ?? fromMillis(0);
}

describe("the care after a release has ended", () => {
  it("opens its rounds, reads what a machine reads, asks people, and says what nobody answered", async () => {
    const started = await completed();
    await api.simulation.runTo(later(started, hours(25)));
    expect(await events("HypercareRoundOpened")).toMatchObject([{ event: { round: 1 } }]);
    expect(await events("HypercareChecked")).toMatchObject([{ event: { check: "slo", verdict: "pass" } }]);
    await api.simulation.runTo(later(started, hours(49)));
    expect(await events("HypercareMissed")).toMatchObject([{ event: { round: 1, checks: ["logs"] } }]);
    const told = Object.values((await api.simulation.load()).state.messages).map(({ text, status }) => [
      text,
      status,
    ]);
    expect(told).toContainEqual([expect.stringContaining("round 1 was not answered: The error log"), "sent"]);
    await api.simulation.runTo(later(started, hours(73)));
    expect((await api.simulation.load()).state.hypercare).toMatchObject({
      endedAt: expect.any(String),
      missed: 3,
    });
    expect((await api.simulation.control.runtime.timers.armed("REL-SMALL")) ?? null).toBeNull();
  });

  it("goes on by the sweep where its timer was lost, late by no more than the sweep's own pace", async () => {
    const started = await completed();
    const { control } = api.simulation;
    await control.during(() => control.runtime.timers.clear("REL-SMALL"));
    expect(await control.runtime.timers.armed("REL-SMALL")).toBeUndefined();
    await api.simulation.runTo(later(started, hours(24), minutes(6)));
    const [opened] = await events("HypercareRoundOpened");
    expect(opened?.event).toMatchObject({ round: 1 });
    expect((opened?.at ?? "") <= later(started, hours(24), minutes(6))).toBe(true);
    expect(await events("HypercareChecked")).toHaveLength(1);
  });

  it("is overdue by rounds where the clock stood still: each is said to be missed, and none answered afterwards", async () => {
    const started = await completed();
    const { control } = api.simulation;
    // Neither timer nor sweep for two days and a half: then one sweep finds it.
    const { set } = control.runtime.timers;
    control.runtime.timers.set = async () => {};
    await control.during(() => control.runtime.timers.clear("REL-SMALL"));
    const { leftovers } = control.runtime.store;
    control.runtime.store.leftovers = async () => ({ items: [] });
    await api.simulation.runTo(later(started, hours(60)));
    expect(await events("HypercareRoundOpened")).toEqual([]);
    control.runtime.store.leftovers = leftovers;
    control.runtime.timers.set = set;
    const { visited } = await control.during(() => sweep(control.runtime));
    expect(visited).toEqual(["REL-SMALL"]);
    expect(await events("HypercareMissed")).toMatchObject([{ event: { round: 1, checks: ["slo", "logs"] } }]);
    expect(await events("HypercareChecked")).toMatchObject([{ event: { round: 2, check: "slo" } }]);
  });
});
