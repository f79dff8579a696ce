import type { Instant } from "../kit/instant.ts";
import type { ReleaseState } from "../release/state.ts";
import { isPhase, type Step } from "./schema.ts";

export type OneWayEvent = {
  readonly type: "OneWayApproved";
  readonly step: string;
  readonly role: string;
  readonly plan: string;
};

/** Who has said that a step may be taken from which there is no way back. */
export interface OneWayApproval {
  readonly by: string;
  readonly at: Instant;
  readonly plan: string;
}

/** The components that cannot go back once this step is taken: a phase's own, or those that it names. */
export function endangeredBy(step: Step): readonly string[] {
  if (step.oneWay === undefined) return [];
  const named = step.oneWay === true ? [] : step.oneWay.endangers;
  if (named.length > 0) return named;
  return isPhase(step) ? [step.component] : [];
}

export function whyOneWay(step: Step): string {
  return (step.oneWay === true ? undefined : step.oneWay?.why) ?? "it cannot be undone";
}

export function oneWayRoles(step: Step): readonly string[] {
  return step.oneWay === undefined || step.oneWay === true ? [] : step.oneWay.approvals;
}

/** The roles whose approval a one-way step still waits for; what was given counts for one plan only (S7). */
export function oneWayWaits(state: ReleaseState, step: Step): string[] {
  const given = state.oneWay?.[step.id] ?? {};
  return oneWayRoles(step).filter((role) => given[role]?.plan !== state.plan);
}

/** Whether a step has begun: from then on a one-way step has to be taken for done. */
export function hasBegun(state: ReleaseState, step: Step): boolean {
  const { status = "waiting", shiftedAt } = state.steps[step.id] ?? {};
  return shiftedAt !== undefined || !["waiting", "skipped"].includes(status);
}

export function evolveOneWay(
  state: ReleaseState,
  event: OneWayEvent,
  { by, at }: { readonly by: string; readonly at: Instant },
): ReleaseState {
  const given = { ...state.oneWay?.[event.step], [event.role]: { by, at, plan: event.plan } };
  return { ...state, oneWay: { ...state.oneWay, [event.step]: given } };
}
