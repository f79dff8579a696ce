import type { Instant } from "../kit/instant.ts";

/** The erasures of one log. */
export interface Erasures {
  /** How many there ever were: the next one's number. */
  readonly count: number;
  /** Those that wait for their record to be signed, by number, and since when. */
  readonly waiting: Readonly<Record<string, Instant>>;
}

/** What a release, or the deployment, has of it; absent where nothing was ever erased. */
export interface ErasuresOf {
  readonly erasures?: Erasures;
}

export function isErasing({ erasures }: ErasuresOf): boolean {
  return Object.keys(erasures?.waiting ?? {}).length > 0;
}
