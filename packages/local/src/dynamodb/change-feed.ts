import type { Item } from "./attribute.ts";

export interface Change {
  readonly keys: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

export interface FeedEntry extends Change {
  readonly number: number;
  readonly eventId: string;
  /** Milliseconds since the epoch, by the engine's clock. */
  readonly at: number;
}

/** "All data in DynamoDB Streams is subject to a 24-hour lifetime." */
const LIFETIME = 24 * 60 * 60 * 1000;

/** The changes of one table in the order in which they were made. */
export class ChangeFeed {
  /** A feed does not outlive the process; a checkpoint of an earlier one must not be taken for one of this. */
  readonly id: string;
  readonly #now: () => number;
  readonly #uuid: () => string;
  #entries: FeedEntry[] = [];
  #last = 0;
  #listeners: (() => void)[] = [];

  constructor(options: { now: () => number; uuid: () => string }) {
    this.#now = options.now;
    this.#uuid = options.uuid;
    this.id = options.uuid();
  }

  add(change: Change): void {
    const at = this.#now();
    this.#last += 1;
    this.#entries.push({ ...change, number: this.#last, eventId: this.#uuid(), at });
    this.#forget(at - LIFETIME);
  }

  /** Tells the listeners; once for all the changes of a transaction. */
  announce(): void {
    for (const tell of this.#listeners) tell();
  }

  /** Returns what ends the telling. */
  onChange(tell: () => void): () => void {
    this.#listeners.push(tell);
    return () => {
      this.#listeners = this.#listeners.filter((listener) => listener !== tell);
    };
  }

  /** Changes with a number above `after`, oldest first. */
  read(after: number, limit: number): readonly FeedEntry[] {
    const first = this.#entries[0];
    if (first === undefined) return [];
    let from = Math.max(0, after + 1 - first.number);
    const oldest = this.#now() - LIFETIME;
    while ((this.#entries[from]?.at ?? oldest) < oldest) from++;
    return this.#entries.slice(from, from + limit);
  }

  #forget(before: number): void {
    // Half of them at once, so that forgetting costs nothing for each.
    const middle = this.#entries[this.#entries.length >> 1];
    if (middle === undefined || middle.at >= before) return;
    const kept = this.#entries.findIndex(({ at }) => at >= before);
    this.#entries = this.#entries.slice(kept);
  }
}
