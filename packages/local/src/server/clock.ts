import { PacedClock } from "../kernel/clock.ts";
import type { EngineStore, Table } from "../kernel/store.ts";

/** How far ahead of itself the clock is written down, and how often, on the wall. */
const AHEAD_MS = 1_000;
const EVERY_MS = 250;

interface Kept {
  readonly until: number;
  readonly speed: number;
}

const TABLE = "server/clock";
const KEY = "clock";

/**
 * A clock that goes at a chosen pace and stands still while the process is off. What is written down lies a
 * little ahead, so that after `kill -9` no moment comes twice: what has been recorded stays in the past.
 */
export function keptClock(store: EngineStore, speed: number): { clock: PacedClock; finish: () => void } {
  const table = store.table<Kept>(TABLE);
  const kept = table.get(KEY);
  // At the pace of the wall it is the wall's own time, unless that would take it back.
  const startAt = speed === 1 ? Math.max(Date.now(), kept?.until ?? 0) : (kept?.until ?? Date.now());
  const clock = new KeptClock({ startAt, speed }, table);
  clock.keep();
  const timer = setInterval(() => clock.keep(), EVERY_MS);
  timer.unref();
  return {
    clock,
    // To be called when nothing looks at the clock any more: it takes back what lies ahead.
    finish: () => {
      clearInterval(timer);
      clock.stop();
      table.set(KEY, { until: clock.now() + 1, speed: clock.speed });
    },
  };
}

class KeptClock extends PacedClock {
  readonly #table: Table<Kept>;

  constructor(options: { startAt: number; speed: number }, table: Table<Kept>) {
    super(options);
    this.#table = table;
  }

  /** What lies ahead at the old pace may be passed at once at the new one. */
  override setSpeed(speed: number): void {
    super.setSpeed(speed);
    this.keep();
  }

  keep(): void {
    this.#table.set(KEY, { until: this.now() + AHEAD_MS * this.speed, speed: this.speed });
  }
}

/** The pace that was chosen last; undefined on the first start. */
export function keptSpeed(store: EngineStore): number | undefined {
  return store.table<Kept>(TABLE).get(KEY)?.speed;
}
