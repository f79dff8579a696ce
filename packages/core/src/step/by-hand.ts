import { isReadByPerson, type Metric } from "../metric/schema.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { stepState } from "./evolve.ts";
import type { Step } from "./schema.ts";

type Check = Extract<Step, { kind: "check" }>;

/** The metric of a check that a person reads; undefined of every other step. */
export function metricByHand(plan: Plan, step: Step): Metric | undefined {
  if (step.kind !== "check") return undefined;
  return plan.metrics.find((metric) => metric.id === step.metric && isReadByPerson(metric));
}

/** The checks that wait for what somebody reads, each with its metric. */
export function openReadings(plan: Plan, state: ReleaseState): { step: Check; metric: Metric }[] {
  return plan.steps.flatMap((step) => {
    const metric = metricByHand(plan, step);
    if (step.kind !== "check" || metric === undefined) return [];
    const isOpen = state.status === "running" && stepState(state, step.id).status === "running";
    return isOpen ? [{ step, metric }] : [];
  });
}
