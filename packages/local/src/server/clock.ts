import { PacedClock } from "../kernel/clock.ts";
import type { EngineStore } from "../kernel/store.ts";

/** How far ahead of itself the clock is written down, and how often, on the wall. */
const AHEAD_MS = 1_000;
const EVERY_MS = 250;

/**
 * A clock that goes at a chosen pace and stands still while the process is off. What is written down lies a
 * little ahead, so that after `kill -9` no moment comes twice: what has been recorded stays in the past.
 */
export function keptClock(store: EngineStore, speed: number): { clock: PacedClock; stop: () => void } {
  const table = store.table<{ until: number; speed: number }>("server/clock");
  const kept = table.get("clock");
  // At the pace of the wall it is the wall's own time, unless that would take it back.
  const startAt = speed === 1 ? Math.max(Date.now(), kept?.until ?? 0) : (kept?.until ?? Date.now());
  const clock = new PacedClock({ startAt, speed });
  const write = () => table.set("clock", { until: clock.now() + AHEAD_MS * clock.speed, speed: clock.speed });
  write();
  const timer = setInterval(write, EVERY_MS);
  timer.unref();
  return {
    clock,
    stop: () => {
      clearInterval(timer);
      table.set("clock", { until: clock.now() + 1, speed: clock.speed });
      clock.stop();
    },
  };
}

/** The pace that was chosen last; undefined on the first start. */
export function keptSpeed(store: EngineStore): number | undefined {
  return store.table<{ speed: number }>("server/clock").get("clock")?.speed;
}
