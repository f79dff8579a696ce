import type { Status, StepStatus } from "@gonogo/core/release/state";
import type { Style } from "../terminal/paint.ts";

/** Green: as it should be. Red: it went wrong. Yellow: somebody has to look. */
export function statusStyle(status: Status | StepStatus): Style {
  switch (status) {
    case "completed":
    case "done":
      return "green";
    case "rolled-back":
    case "rolling-back":
    case "rollback-unconfirmed":
    case "aborted":
    case "failed":
      return "red";
    case "held":
      return "yellow";
    case "waiting":
    case "skipped":
      return "dim";
    default:
      return "cyan";
  }
}

/** The statuses in which a release can end, as `--expect` takes them. */
export const ENDS = [
  "completed",
  "aborted",
  "rolled-back",
  "rollback-unconfirmed",
] as const satisfies readonly Status[];
