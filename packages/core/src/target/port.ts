import type { QuotaAnswer } from "../quota/schema.ts";
import type { Target } from "./schema.ts";

/**
 * What a target says of itself when it is read. `revision` is what a write must name so that it is refused
 * when somebody else was faster (Lambda: RevisionId; Kubernetes: resourceVersion); undefined where the
 * system has none.
 */
export interface Observation {
  /** The version that gets what the other does not. */
  readonly primary: string;
  /** The version that gets `share`, where two are live. */
  readonly secondary?: string;
  /** Of traffic or users, in percent, that the new version has. */
  readonly share: number;
  readonly revision?: string;
  /** A store rollout that is stopped for now. */
  readonly halted?: boolean;
  /** What a person should see besides. */
  readonly note?: string;
}

/** What a target is moved between, settled before anything is shifted. */
export interface Versions {
  readonly previous: string;
  readonly next: string;
}

/**
 * The exact call that puts a target back, as plain data: stored before the first shift, and enough to act on
 * with nothing but the target's own API (S15).
 */
export interface RevertCall {
  readonly component: string;
  readonly target: Target;
  readonly previous: string;
  readonly next: string;
  /** The same in the words of a command line, for a person at 3 a.m. */
  readonly command: string;
}

/** What came of asking a target to move. */
export type ShiftResult =
  | { readonly kind: "shifted"; readonly observed: Observation }
  /** Someone else changed it since it was read: nothing was done. */
  | { readonly kind: "fenced"; readonly observed: Observation }
  /** The target cannot do what was asked, and will not by trying again. */
  | { readonly kind: "refused"; readonly detail: string; readonly observed?: Observation };

/**
 * A system that traffic or users can be shifted on. Every method may be called twice: it reads before it
 * writes, and what is already so counts as done. What can be tried again is thrown; what cannot is a result.
 */
export interface TrafficTarget<T extends Target = Target> {
  /** Fills in what the plan left to be settled (`newest`), or says what to write instead. */
  pin(target: T): Promise<{ ok: true; target: T; versions: Versions } | { ok: false; message: string }>;
  read(target: T, versions: Versions): Promise<Observation>;
  /** What the system lets each of them use, in their order; absent where it has no such quotas. */
  quotas?(targets: readonly T[]): Promise<readonly QuotaAnswer[]>;
  /** Gives the new version `percent`. `expected` is what was read when the intent was recorded. */
  shift(
    target: T,
    versions: Versions,
    percent: number,
    expected: Observation,
    note: string,
  ): Promise<ShiftResult>;
  /** Puts everything back on the previous version, whatever stands there now, and reads it back. */
  revert(call: RevertCall, note: string): Promise<ShiftResult>;
  /** Stops a rollout that goes on by itself, without putting it back. */
  hold(target: T, versions: Versions): Promise<Observation>;
  /** Lets it go on. */
  free(target: T, versions: Versions): Promise<Observation>;
  /** The command by which a person could do the same. */
  revertCommand(target: T, versions: Versions): string;
}

/** Whether the target stands as it does when nothing of the new version is live. */
export function isBack(observed: Observation, versions: Versions): boolean {
  return (
    observed.halted === true ||
    (observed.primary === versions.previous && observed.secondary === undefined && observed.share === 0)
  );
}

/** The name under which a target is locked: one release at a time moves it (S11). */
export function targetKey(target: Target, component: string): string {
  switch (target.kind) {
    case "lambda-alias":
      return `lambda-alias/${target.account === undefined ? "" : `${target.account}:`}${target.region ?? "-"}/${target.function}/${target.alias}`;
    case "app-store":
      return `app-store/${target.app ?? "-"}`;
    case "google-play":
      return `google-play/${target.package ?? "-"}/${target.track}`;
    case "manual":
      return `manual/${component}`;
  }
}
