import { toMs } from "../kit/duration.ts";
import { stamped } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { stepState } from "../step/evolve.ts";
import { isPhase } from "../step/schema.ts";
import { ACCEPTED } from "./accepted.ts";
import { validationsOf } from "./decide.ts";

/** One of the criteria by which a release passes. Undefined: that cannot be said yet. */
export interface Criterion {
  readonly criterion: "phases" | "metrics" | "no-rollback" | "review";
  readonly what: string;
  readonly met?: boolean;
  readonly why: string;
}

/** A metric at the end of the release, against its threshold. */
export interface MetricMet {
  readonly metric: string;
  readonly name: string;
  readonly threshold: string;
  readonly value?: number;
  readonly unit?: string;
  readonly met?: boolean;
}

/** Whether each metric was met, filled in from the record. */
export function metricsMet(plan: Plan, state: ReleaseState): MetricMet[] {
  return plan.metrics.map(({ id, name, threshold }) => {
    const known = state.metrics[id];
    return {
      metric: id,
      name,
      threshold,
      ...(known?.reading.value === undefined ? {} : { value: known.reading.value, unit: known.reading.unit }),
      ...(known === undefined ? {} : { met: known.verdict === "pass" }),
    };
  });
}

/** What did not stay within its thresholds, in the order of the plan. Empty where all did. */
export function breachesOf(plan: Plan, state: ReleaseState): string[] {
  const promoted = plan.steps
    .filter(isPhase)
    .filter(({ id }) => stepState(state, id).promoted === true)
    .map(({ id }) => `${id} was promoted by hand`);
  const fired = plan.triggers.flatMap(({ id }) => {
    const known = state.triggers[id];
    return known?.firedAt === undefined ? [] : [`${id} fired: ${known.cause ?? ""}`];
  });
  const failed = metricsMet(plan, state)
    .filter(({ met }) => met === false)
    .map(({ name, threshold, value, unit }) => {
      return `${name} was ${value === undefined ? "not known" : `${value} ${unit ?? ""}`.trim()}, not ${threshold}`;
    });
  const accepted = validationsOf(plan).flatMap(({ id, check }) => {
    const known = state.validations[id];
    if (known === undefined || (known.verdict === "pass" && !known.result.startsWith(ACCEPTED))) return [];
    return [`${check}: ${known.result}`];
  });
  return [...promoted, ...fired, ...failed, ...accepted];
}

/** The pass criteria, computed: nobody ticks them. */
export function passCriteria(plan: Plan, state: ReleaseState): Criterion[] {
  const phases = plan.steps.filter(isPhase);
  const open = phases.filter(({ id }) => stepState(state, id).status !== "done").map(({ id }) => id);
  const isOver = state.rolledOutAt !== undefined || state.endedAt !== undefined;
  const breaches = breachesOf(plan, state);
  const { rollback } = state;
  return [
    criterion("phases", "Every phase was executed", isOver ? open.length === 0 : undefined, {
      yes: `all ${phases.length}`,
      no: `not ${open.join(", ")}`,
    }),
    criterion(
      "metrics",
      "Every metric stayed within its threshold",
      isOver ? breaches.length === 0 : undefined,
      {
        yes: toMs(plan.limits.bake) > 0 ? "through the rollout and the bake" : "through the rollout",
        no: breaches.join("; "),
      },
    ),
    criterion(
      "no-rollback",
      "Nothing was rolled back",
      rollback !== undefined ? false : isOver || undefined,
      {
        yes: "no rollback was begun",
        no: rollback?.cause ?? "",
      },
    ),
    reviewed(isOver, state),
  ];
}

/** Signed, and in the archive: until it is there, nobody can say that the release passes. */
function reviewed(isOver: boolean, { review, archive }: ReleaseState): Criterion {
  const what = "The review was completed and archived";
  const signed = review.signedAt === undefined ? undefined : `signed ${stamped(review.signedAt)}`;
  if (isOver && signed !== undefined && archive?.archivedAt === undefined) {
    return { criterion: "review", what, why: `${signed}; its archive is not written yet` };
  }
  const archived = archive?.archivedAt === undefined ? "" : `, archived ${stamped(archive.archivedAt)}`;
  return criterion("review", what, isOver ? signed !== undefined : undefined, {
    yes: `${signed}${archived}`,
    no: "it is not signed",
  });
}

/** Whether a release passes: every criterion is met. Undefined while that cannot be said of one of them. */
export function passes(criteria: readonly Criterion[]): boolean | undefined {
  if (criteria.some(({ met }) => met === false)) return false;
  return criteria.every(({ met }) => met === true) ? true : undefined;
}

function criterion(
  id: Criterion["criterion"],
  what: string,
  met: boolean | undefined,
  why: { readonly yes: string; readonly no: string },
): Criterion {
  if (met === undefined) return { criterion: id, what, why: "the release is not over" };
  return { criterion: id, what, met, why: met ? why.yes : why.no };
}
