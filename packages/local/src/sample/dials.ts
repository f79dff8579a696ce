import type { EngineStore, Table } from "../kernel/store.ts";

/** What can be turned in the sample world, and what it remembers. On disk, as everything of the engine. */
export interface Dials {
  readonly requestsPerMinute: number;
  readonly versions: Readonly<Record<string, { readonly errorPercent: number; readonly latencyMs: number }>>;
  readonly crashFreePercent: number;
  /** Whether stand-in people answer what the sample release asks of them. */
  readonly standIns: boolean;
  /** The sample release that runs now. */
  readonly release?: string;
  /** How many have been begun. */
  readonly begun: number;
}

export const HEALTHY: Dials = {
  requestsPerMinute: 1_200,
  versions: {},
  crashFreePercent: 99.8,
  standIns: true,
  begun: 0,
};

export const HEALTHY_VERSION = { errorPercent: 0.1, latencyMs: 180 } as const;

export class DialBoard {
  readonly #table: Table<Dials>;

  constructor(store: EngineStore) {
    this.#table = store.table<Dials>("sample/dials");
  }

  get now(): Dials {
    return this.#table.get("dials") ?? HEALTHY;
  }

  of(version: string): { readonly errorPercent: number; readonly latencyMs: number } {
    return this.now.versions[version] ?? HEALTHY_VERSION;
  }

  turn(change: Partial<Dials>): void {
    this.#table.set("dials", { ...this.now, ...change });
  }
}
