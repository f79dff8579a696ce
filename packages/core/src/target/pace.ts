import type { TargetKind } from "./schema.ts";

/**
 * How a target takes a share. `instant`: it has the share that was asked for as soon as the call returns.
 * `curve`: it is started and then goes its own way (App Store), so a phase waits for the share to be
 * reached, and later phases begin while earlier ones still wait.
 */
export function paceOf(kind: TargetKind): "instant" | "curve" {
  return kind === "app-store" ? "curve" : "instant";
}

/** Whether an adapter moves it. A manual target is moved by a person who says what they saw. */
export function isAutomatic(kind: TargetKind): boolean {
  return kind !== "manual";
}

/**
 * The order in which a rollback goes about it: live traffic first, for that is what hurts now; stores next,
 * since they can only stop what has not been installed; people last.
 */
export function rollbackRank(kind: TargetKind): number {
  switch (kind) {
    case "lambda-alias":
      return 0;
    case "app-store":
    case "google-play":
      return 1;
    case "manual":
      return 2;
  }
}
