import { changeClassOf } from "../change/schema.ts";
import { earliest, type Instant, toMillis } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import { isRehearsal } from "../rehearsal/decide.ts";
import type { ReleaseState } from "../release/state.ts";
import { gateWaits } from "./gates.ts";

/**
 * What is kept of an ended release for measuring: small, written at its end, and never read out of a log.
 * Lengths are in milliseconds.
 */
export interface Measure {
  readonly release: string;
  readonly title: string;
  readonly environment: string;
  readonly components: readonly string[];
  readonly changeClass: string;
  /** When it was deployed, or came to its end otherwise: the moment that it is counted at. */
  readonly at: Instant;
  /** It reached the target; one that was aborted before did not. */
  readonly deployed: boolean;
  /** It was rolled back, or had an incident. */
  readonly failed: boolean;
  readonly leadMs?: number;
  /** From the first sign of the failure to service as it should be. */
  readonly restoreMs?: number;
  /** From the decision to roll back to the last component read back. */
  readonly rollbackMs?: number;
  /** From T to the end of the rollout. */
  readonly durationMs?: number;
  readonly smoke: { readonly passed: number; readonly total: number };
  /** How long the gates waited for each role, from the submission or from the opening of the vote. */
  readonly gateMs: Readonly<Record<string, number>>;
}

/** The measure of a release that is over: handed to its review, or ended. Undefined before that. */
export function measureOf(plan: Plan, state: ReleaseState): Measure | undefined {
  const at = state.rolledOutAt ?? state.endedAt;
  const isOver = state.status === "reviewing" || state.endedAt !== undefined;
  // A rehearsal puts itself back on purpose: it is no failure, and no deployment.
  if (!isOver || at === undefined || isRehearsal(plan)) return undefined;
  const deployed = Object.values(state.components).some(({ touched }) => touched);
  const committed = plan.commit?.at ?? state.submittedAt;
  return {
    release: state.id,
    title: state.title,
    environment: state.environment,
    components: plan.components.map(({ id }) => id),
    changeClass: changeClassOf(plan),
    at,
    deployed,
    failed: deployed && (state.rollback !== undefined || state.incident !== undefined),
    ...(state.rolledOutAt === undefined ? {} : { leadMs: between(committed, state.rolledOutAt) }),
    ...restore(state, deployed),
    ...(state.rolledOutAt === undefined || state.t === undefined
      ? {}
      : { durationMs: between(state.t, state.rolledOutAt) }),
    smoke: smokeOf(plan, state),
    gateMs: gateWaits(plan, state),
  };
}

function restore(state: ReleaseState, deployed: boolean): Pick<Measure, "restoreMs" | "rollbackMs"> {
  const { rollback, incident } = state;
  if (!deployed) return {};
  const back = rollback?.outcome === "rolled-back" ? rollback.endedAt : undefined;
  const restored = back ?? incident?.resolvedAt;
  const fired = Object.values(state.triggers).flatMap(
    ({ firedAt, breachedSince }) => breachedSince ?? firedAt ?? [],
  );
  const begun = rollback?.startedAt ?? incident?.openedAt;
  const seen = begun === undefined ? undefined : earliest(incident?.detectedAt ?? begun, begun, ...fired);
  return {
    ...(seen === undefined || restored === undefined ? {} : { restoreMs: between(seen, restored) }),
    ...(rollback === undefined || back === undefined
      ? {}
      : { rollbackMs: between(rollback.startedAt, back) }),
  };
}

/** Probes that were made, and how many of them passed. */
function smokeOf(plan: Plan, state: ReleaseState): Measure["smoke"] {
  const probes = plan.steps.filter(({ kind }) => kind === "probe");
  const status = probes.map(({ id }) => state.steps[id]?.status);
  const passed = status.filter((one) => one === "done").length;
  return { passed, total: passed + status.filter((one) => one === "failed" || one === "skipped").length };
}

function between(from: Instant, to: Instant): number {
  return Math.max(0, toMillis(to) - toMillis(from));
}
