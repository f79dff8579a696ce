import { hasEnded, type ReleaseState, type StepState } from "../../release/state.ts";

/** A step's status as a document says it: what was under way when the release was stopped was cut short. */
export function statusOf(state: ReleaseState, step: Pick<StepState, "status">): string {
  const isOver = hasEnded(state.status) || state.status === "rolling-back";
  const isOpen = ["running", "shifting", "watching", "held"].includes(step.status);
  return isOver && isOpen ? "cut short" : step.status;
}
