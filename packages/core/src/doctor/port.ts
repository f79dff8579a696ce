import type { Seen } from "./schema.ts";

/** Looks at what a deployment is made of. It changes nothing. */
export interface Inspector {
  table(): Promise<
    Seen<{
      readonly status: string;
      readonly stream: boolean;
      readonly indexes: readonly string[];
      /** By how many milliseconds this process's clock is ahead of the store's; undefined when it does not tell. */
      readonly clockAheadMs?: number;
    }>
  >;
  /** Whether the table can be brought back to any second. */
  backups(): Promise<Seen<{ readonly on: boolean }>>;
  lambda(name: string): Promise<
    Seen<{
      readonly state: string;
      readonly lastUpdate: string;
      /** What it is given; undefined where the engine hands it over in the process. */
      readonly variables?: Readonly<Record<string, string>>;
    }>
  >;
  /** What hands the table's stream to a function. */
  streamReader(name: string): Promise<Seen<{ readonly state: string; readonly lastResult: string }>>;
  rule(
    name: string,
    bus: "default" | "own",
  ): Promise<Seen<{ readonly enabled: boolean; readonly targets: number }>>;
  /** The rules that put a release back when the store is gone. */
  standBy(release: string): Promise<Seen<{ readonly enabled: boolean }>>;
  machine(name: string): Promise<Seen<{ readonly status: string }>>;
  schedule(name: string): Promise<Seen<{ readonly enabled: boolean }>>;
  /** The hour that has passed: letters that could not be delivered, and failures by function. */
  lastHour(
    functions: readonly string[],
  ): Promise<Seen<{ readonly deadLetters: number; readonly failures: Readonly<Record<string, number>> }>>;
}
