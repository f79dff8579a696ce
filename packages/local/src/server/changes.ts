import type { Appended, Batch, ReleaseStore } from "@gonogo/core/release/ports";

/** What was written: the release, and the last record that it then stood at. */
export interface Change {
  readonly n: number;
  readonly release: string;
  readonly seq: number;
}

/** Older ones are forgotten; whoever was away for longer reads everything again. */
const MOST_KEPT = 2_000;

/**
 * What is written to the store in this process, told to those who listen, with as much of the past as is
 * needed to catch up after a lost connection.
 */
export class Changes {
  /** Tells numbers of this process apart from those of one before. */
  readonly epoch: string;
  readonly #kept: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  #n = 0;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  /** The place in the stream that somebody who comes now goes on from. */
  get here(): string {
    return `${this.epoch}-${this.#n}`;
  }

  tell(release: string, seq: number): void {
    this.#n += 1;
    const change = { n: this.#n, release, seq };
    this.#kept.push(change);
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    for (const listener of this.#listeners) listener(change);
  }

  /** What happened after a place; undefined where that is not known any more. */
  since(place: string): readonly Change[] | undefined {
    const [, epoch, digits] = /^(.+)-(\d+)$/.exec(place) ?? [];
    const n = Number(digits);
    const first = this.#kept[0]?.n ?? this.#n + 1;
    if (epoch !== this.epoch || n > this.#n || n < first - 1) return undefined;
    return this.#kept.slice(n - first + 1);
  }

  /** Listens until what it gives back is called. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** A store that tells of each write once it is made. */
export function telling(store: ReleaseStore, changes: Changes): ReleaseStore {
  const append = async (batch: Batch): Promise<Appended> => {
    const appended = await store.append(batch);
    const last = batch.records.at(-1);
    if (appended.kind === "written" && last !== undefined) changes.tell(batch.release, last.seq);
    return appended;
  };
  return new Proxy(store, {
    get(target, name) {
      if (name === "append") return append;
      const member: unknown = Reflect.get(target, name, target);
      // The store has fields that only it can reach.
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
