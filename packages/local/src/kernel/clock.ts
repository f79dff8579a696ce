/**
 * The engine's time. Milliseconds since the Unix epoch, UTC.
 *
 * Everything in the engine that waits, waits on this clock and on nothing else, so that a thirty-hour
 * release can run in milliseconds and a demonstration at sixty times the pace of the wall.
 */
export interface EngineClock {
  now(): number;
  /** Runs `run` once, as soon as the clock has reached `when`. A `when` in the past runs at the next turn. */
  at(when: number, run: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

interface Entry {
  when: number;
  order: number;
  run: () => void;
  cancelled: boolean;
}

/** Timers by time, then by the order in which they were set: two runs of one seed fire alike. */
export class TimerQueue {
  #heap: Entry[] = [];
  #order = 0;

  add(when: number, run: () => void): Entry {
    const entry = { when, order: this.#order++, run, cancelled: false };
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return entry;
  }

  /** The earliest entry that still stands, without taking it. */
  peek(): Entry | undefined {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0];
  }

  take(): Entry | undefined {
    return this.peek() === undefined ? undefined : this.#pop();
  }

  #pop(): Entry | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#down(0);
    }
    return first;
  }

  #before(a: number, b: number): boolean {
    const x = this.#heap[a];
    const y = this.#heap[b];
    if (x === undefined || y === undefined) return x !== undefined;
    return x.when < y.when || (x.when === y.when && x.order < y.order);
  }

  #swap(a: number, b: number): void {
    const x = this.#heap[a];
    const y = this.#heap[b];
    if (x === undefined || y === undefined) return;
    this.#heap[a] = y;
    this.#heap[b] = x;
  }

  #up(index: number): void {
    for (let at = index; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(index: number): void {
    for (let at = index; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && this.#before(child, least)) least = child;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }
}

/**
 * A clock that moves only when told to, and only when the engine has nothing left to do at the present
 * moment (`idle`). Work takes no time on it.
 */
export class VirtualClock implements EngineClock {
  #now: number;
  #timers = new TimerQueue();
  #idle: () => Promise<void>;

  constructor(start: number, idle: () => Promise<void> = async () => {}) {
    this.#now = start;
    this.#idle = idle;
  }

  now(): number {
    return this.#now;
  }

  at(when: number, run: () => void): Timer {
    const entry = this.#timers.add(when, run);
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** The moment of the next timer, or undefined when nothing is set. */
  next(): number | undefined {
    return this.#timers.peek()?.when;
  }

  /** Moves to `when`, firing on the way all that falls due, each at its own moment. */
  async advanceTo(when: number): Promise<void> {
    await this.runUntil(() => false, when);
    if (when > this.#now) this.#now = when;
  }

  async advance(ms: number): Promise<void> {
    await this.advanceTo(this.#now + ms);
  }

  /**
   * Fires timers one by one until `done` holds (asked whenever the engine is idle), nothing is left, or the
   * next timer lies beyond `limit`. Returns whether `done` held.
   */
  async runUntil(done: () => boolean | Promise<boolean>, limit: number): Promise<boolean> {
    for (;;) {
      await this.#idle();
      if (await done()) return true;
      const next = this.#timers.peek();
      if (next === undefined || next.when > limit) return false;
      this.#timers.take();
      if (next.when > this.#now) this.#now = next.when;
      next.run();
    }
  }
}

/** Node's timers hold 2^31-1 ms (24.8 days); longer waits are taken in pieces. */
const LONGEST_SLEEP = 2 ** 31 - 1;

/**
 * The wall clock, or the wall clock at another pace: at `speed` 60 an hour passes in a minute.
 * At speed 1 it *is* the wall clock.
 */
export class PacedClock implements EngineClock {
  #anchorEngine: number;
  #anchorWall: number;
  #speed: number;
  #timers = new TimerQueue();
  #sleeping: NodeJS.Timeout | undefined;
  #wall: () => number;

  constructor(options: { startAt?: number; speed?: number; wall?: () => number } = {}) {
    this.#wall = options.wall ?? Date.now;
    this.#anchorWall = this.#wall();
    this.#anchorEngine = options.startAt ?? this.#anchorWall;
    this.#speed = options.speed ?? 1;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Changes the pace from this moment on; time itself does not jump. */
  setSpeed(speed: number): void {
    if (!(speed > 0 && Number.isFinite(speed))) throw new RangeError(`speed must be above 0, got ${speed}`);
    this.#anchorEngine = this.now();
    this.#anchorWall = this.#wall();
    this.#speed = speed;
    this.#sleep();
  }

  now(): number {
    return Math.floor(this.#anchorEngine + (this.#wall() - this.#anchorWall) * this.#speed);
  }

  at(when: number, run: () => void): Timer {
    const entry = this.#timers.add(when, run);
    if (this.#timers.peek() === entry) this.#sleep();
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** Stops firing. Timers that are set are kept by their owners, not here. */
  stop(): void {
    clearTimeout(this.#sleeping);
    this.#timers = new TimerQueue();
  }

  #sleep(): void {
    clearTimeout(this.#sleeping);
    const next = this.#timers.peek();
    if (next === undefined) return;
    const wallMs = Math.ceil((next.when - this.now()) / this.#speed);
    this.#sleeping = setTimeout(() => this.#fire(), Math.min(Math.max(wallMs, 0), LONGEST_SLEEP));
  }

  #fire(): void {
    const now = this.now();
    for (let due = this.#timers.peek(); due !== undefined && due.when <= now; due = this.#timers.peek()) {
      this.#timers.take();
      due.run();
    }
    this.#sleep();
  }
}
