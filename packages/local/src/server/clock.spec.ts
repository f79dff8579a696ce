import { describe, expect, it } from "vitest";
import { memoryStore } from "../kernel/store.ts";
import { keptClock, keptSpeed } from "./clock.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The store is what is left of a process that was killed. */
describe("the kept clock", () => {
  it.each([60, 3_600])("at pace %i does not go back when the process is killed", async (speed) => {
    const store = memoryStore();
    const { clock } = keptClock(store, speed);
    await wait(30);
    const last = clock.now();
    clock.stop();
    expect(keptClock(store, speed).clock.now()).toBeGreaterThanOrEqual(last);
  });

  it("does not go back either when the pace was changed just before", async () => {
    const store = memoryStore();
    const { clock } = keptClock(store, 1.5);
    clock.setSpeed(3_600);
    await wait(30);
    const last = clock.now();
    clock.stop();
    expect(keptSpeed(store)).toBe(3_600);
    expect(keptClock(store, 3_600).clock.now()).toBeGreaterThanOrEqual(last);
  });

  it("goes on where it ended, and not ahead of it, after an end in order", async () => {
    const store = memoryStore();
    const { clock, finish } = keptClock(store, 600);
    await wait(10);
    const before = clock.now();
    finish();
    const after = clock.now();
    const next = keptClock(store, 600).clock.now();
    expect(next).toBeGreaterThan(before);
    // Less than what lies ahead while it runs: a second on the wall.
    expect(next).toBeLessThan(after + 600 * 1_000);
  });

  it("at the wall's own pace is the wall's time", () => {
    const { clock, finish } = keptClock(memoryStore(), 1);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
    finish();
  });
});
