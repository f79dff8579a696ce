import { hours, minutes, ms, toMs } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { offset } from "../kit/offset.ts";
import { oneOf } from "../kit/text.ts";
import { planDigest } from "../plan/digest.ts";
import { parseNeed, timelineOrder } from "../plan/graph.ts";
import { Plan, type PlanInput } from "../plan/schema.ts";
import { isPhase, type PhaseStep } from "../step/schema.ts";
import { targetKey } from "../target/port.ts";
import type { Target } from "../target/schema.ts";

/** A watch in a rehearsal is no longer than this: what is tried is the way back, not the version. */
const LONGEST_WATCH = minutes(1);
/** From the submission to T. */
const LEAD = minutes(1);

export interface RehearsalRequest {
  readonly id: string;
  readonly now: Instant;
  /** The phase to go to; unset: the last. */
  readonly to?: string | undefined;
  /** Where; it must be the plan's own. */
  readonly environment?: string | undefined;
}

/**
 * The staging release that tries a plan's way back: its phases on the counterparts of its targets, with short
 * windows, up to a phase, and then put back. Or why there is none, and what to write.
 */
export function rehearsalPlan(
  plan: Plan,
  { id, now, to, environment }: RehearsalRequest,
): { ok: true; plan: Plan } | { ok: false; message: string } {
  const { rehearse } = plan;
  if (rehearse === undefined) {
    const example = "rehearse: { environment: staging, targets: { <component>: { kind: lambda-alias, … } } }";
    return { ok: false, message: `the plan does not say where its way back is tried; write ${example}` };
  }
  if (environment !== undefined && environment.toLowerCase() !== rehearse.environment.toLowerCase()) {
    const message = `the plan is rehearsed in ${rehearse.environment}, not in ${environment}; change rehearse.environment`;
    return { ok: false, message };
  }
  const same = sharedTarget(plan);
  if (same !== undefined) {
    return { ok: false, message: `${same} would be rehearsed on its own target; give it a counterpart` };
  }
  const phases = timelineOrder(plan)
    .filter(isPhase)
    .filter(({ component }) => rehearse.targets[component] !== undefined);
  const last = to === undefined ? phases.at(-1) : phases.find((phase) => phase.id === to);
  if (last === undefined) {
    const known = oneOf(phases.map((phase) => phase.id)) || "none";
    const message =
      to === undefined
        ? "none of its phases has a component with a counterpart in rehearse.targets"
        : `"${to}" is no phase that can be rehearsed; those are ${known}`;
    return { ok: false, message };
  }
  const kept = phases.slice(0, phases.indexOf(last) + 1);
  return { ok: true, plan: made(plan, kept, last, { id, now }) };
}

function made(
  plan: Plan,
  kept: readonly PhaseStep[],
  last: PhaseStep,
  { id, now }: { id: string; now: Instant },
): Plan {
  const ids = kept.map((phase) => phase.id);
  const watch = (phase: PhaseStep) => ms(Math.min(toMs(phase.watch), toMs(LONGEST_WATCH)));
  const starts = kept.map((_, index) =>
    kept.slice(0, index).reduce((sum, phase) => sum + toMs(watch(phase)), 0),
  );
  const components = plan.components.flatMap((component) => {
    const target = plan.rehearse?.targets[component.id];
    const isKept = kept.some((phase) => phase.component === component.id);
    return target === undefined || !isKept
      ? []
      : [{ ...component, target: sameVersion(target, component.target) }];
  });
  const names = components.map((component) => component.id);
  const environment = plan.rehearse?.environment ?? "staging";
  const input: PlanInput = {
    gonogo: 1,
    id,
    title: `Rehearsal of ${plan.title}`.slice(0, 500),
    description: `Tries the way back of ${plan.id} in ${environment}.`,
    start: plus(now, LEAD),
    environment,
    roles: plan.roles,
    components,
    steps: kept.map((phase, index) => ({
      ...phase,
      at: offset(starts[index] ?? 0),
      watch: watch(phase),
      judge: [],
      needs: phase.needs.filter((need) => ids.includes(parseNeed(need).step)),
    })),
    rollback: plan.rollback.filter(({ component }) => names.includes(component)),
    review: { role: plan.review.role },
    limits: { maxDuration: hours(4), decideWithin: minutes(10), gatesWithin: hours(1) },
    rehearsalOf: { release: plan.id, plan: planDigest(plan), to: last.id },
  };
  return Plan.parse(input);
}

/** The version that will be released, where the counterpart is another alias or track of the same thing. */
function sameVersion(target: Target, ours: Target): Target {
  if (target.kind === "lambda-alias" && ours.kind === "lambda-alias") {
    const isSame = target.function === ours.function && target.region === ours.region;
    return isSame && target.version === "newest" ? { ...target, version: ours.version } : target;
  }
  if (target.kind === "google-play" && ours.kind === "google-play") {
    const isSame = target.package === ours.package;
    return isSame && target.version === "newest" ? { ...target, version: ours.version } : target;
  }
  return target;
}

/** A component whose counterpart is a target that the plan itself moves. */
export function sharedTarget(plan: Plan): string | undefined {
  const own = new Set(plan.components.map(({ id, target }) => placeOf(target, id)));
  return Object.entries(plan.rehearse?.targets ?? {}).find(
    ([component, target]) => target.kind !== "manual" && own.has(placeOf(target, component)),
  )?.[0];
}

/** A target by its name alone: the same function and alias of another region is none to try things on either. */
export function placeOf(target: Target, component: string): string {
  return targetKey(target.kind === "lambda-alias" ? { ...target, region: undefined } : target, component);
}
