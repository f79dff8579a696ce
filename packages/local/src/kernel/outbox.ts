import { backoff, failureOf, type GaveUp, type RetryPolicy } from "./attempts.ts";
import type { Kernel } from "./kernel.ts";
import type { Table } from "./store.ts";

/** Something that has been promised and is not done yet. */
export interface OutboxItem {
  readonly acceptedAt: number;
  readonly dueAt: number;
  /** Tries that have failed. */
  readonly failures: number;
  readonly policy: RetryPolicy;
}

/** What the owner of an outbox does with its items. */
export interface OutboxWork<T> {
  /** Throws when it could not be done. May run more than once for one item: delivery is at least once. */
  attempt(item: T): Promise<void>;
  /** Runs in the transaction that takes the item out of the outbox. */
  giveUp(item: T, gaveUp: GaveUp): void;
  /** As `giveUp`, after a success. */
  done?(item: T): void;
}

/**
 * Work that survives a crash. An item is on disk before the call that asked for it is answered, and leaves
 * only after it was done or given up; what is open after a restart is tried again.
 */
export class Outbox<T extends OutboxItem> {
  #kernel: Kernel;
  #items: Table<T>;
  #work: OutboxWork<T>;
  #last: number;
  #armed = new Set<string>();

  constructor(kernel: Kernel, name: string, work: OutboxWork<T>) {
    this.#kernel = kernel;
    this.#items = kernel.store.table<T>(name);
    this.#work = work;
    this.#last = this.#items.entries().reduce((last, [key]) => Math.max(last, Number(key)), 0);
  }

  /** Promises the item. Inside a transaction it begins only when that has been written. */
  add(item: T): void {
    this.#last += 1;
    const key = String(this.#last).padStart(12, "0");
    this.#items.set(key, item);
    this.#arm(key, item);
  }

  open(): T[] {
    return this.#items.entries().map(([, item]) => item);
  }

  get size(): number {
    return this.#items.size;
  }

  /** Takes up what an earlier process left open, in the order in which it was promised. */
  resume(): void {
    for (const [key, item] of this.#items.entries()) this.#arm(key, item);
  }

  #arm(key: string, item: T): void {
    if (this.#armed.has(key)) return;
    this.#armed.add(key);
    const begin = () => this.#kernel.activity.spawn(() => this.#run(key));
    if (item.dueAt <= this.#kernel.clock.now()) begin();
    else this.#kernel.clock.at(item.dueAt, begin);
  }

  async #run(key: string): Promise<void> {
    // Lets an open transaction end first: what is rolled back must not have been attempted.
    await Promise.resolve();
    this.#armed.delete(key);
    const item = this.#items.get(key);
    if (item === undefined) return;
    try {
      await this.#work.attempt(item);
    } catch (error) {
      this.#failed(key, item, error);
      return;
    }
    this.#close(key, () => this.#work.done?.(item));
  }

  #failed(key: string, item: T, error: unknown): void {
    const failure = failureOf(error);
    const retries = item.failures;
    if (!failure.retry) {
      this.#close(key, () => this.#work.giveUp(item, { failure, exhausted: undefined, retries }));
      return;
    }
    const now = this.#kernel.clock.now();
    const deadline = item.acceptedAt + item.policy.maximumAgeMs;
    if (retries >= item.policy.maximumRetries || now >= deadline) {
      const exhausted = now >= deadline ? "MaximumEventAgeInSeconds" : "MaximumRetryAttempts";
      this.#close(key, () => this.#work.giveUp(item, { failure, exhausted, retries }));
      return;
    }
    // The last try falls on the deadline itself, so that the time allowed is used to its end.
    const dueAt = Math.min(now + backoff(retries + 1, this.#kernel.random), deadline);
    const waiting = { ...item, failures: retries + 1, dueAt };
    this.#items.set(key, waiting);
    this.#arm(key, waiting);
  }

  #close(key: string, also: () => void): void {
    this.#kernel.store.transaction(() => {
      also();
      this.#items.delete(key);
    });
  }
}
