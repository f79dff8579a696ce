import { alarmRule } from "../decision/schema.ts";
import { spoken } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";
import { type Judged, judgeReading } from "../metric/judge.ts";
import { isReadByPerson, type Metric } from "../metric/schema.ts";
import { findComponent, phasesOf } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { Seen, SeenAlarm } from "../release/commands.ts";
import type { ReleaseState } from "../release/state.ts";
import { bindingKey } from "../signal/schema.ts";
import { namedSignals } from "../signal/tagged.ts";
import { stepState } from "../step/evolve.ts";
import { isManualTarget } from "../step/ready.ts";
import type { PhaseStep } from "../step/schema.ts";
import { paceOf } from "../target/pace.ts";
import { componentOf, conditionMet } from "../trigger/decide.ts";

/**
 * The metrics that a phase has to pass: those the plan names, or the component's own that a machine can
 * read. What only a person reads is asked after the rollout, lest traffic wait for a report.
 */
export function metricsOf(plan: Plan, phase: PhaseStep): Metric[] {
  if (phase.judge !== undefined) return plan.metrics.filter(({ id }) => phase.judge?.includes(id));
  return plan.metrics.filter(
    (metric) =>
      !isReadByPerson(metric) && (metric.component === undefined || metric.component === phase.component),
  );
}

/** What each of a phase's grounds says now: its metrics, and the alarms bound to it. */
export function judgePhase(
  plan: Plan,
  state: ReleaseState,
  phase: PhaseStep,
  seen: Seen,
  now: Instant,
): Judged[] {
  const metrics = metricsOf(plan, phase).map((metric): Judged => {
    const reading = seen.readings.find((one) => one.metric === metric.id);
    const against = { baseline: state.baseline?.readings[metric.id] };
    const judged = judgeReading(metric, reading, now, undefined, against);
    const own = plan.triggers.filter((trigger) => trigger.metric === metric.id);
    const breached = own.find((trigger) => conditionMet(plan, state, trigger, reading)?.kind === "met");
    if (breached === undefined) {
      // A limit that cannot be worked out is no limit that was kept (S14).
      const open = own.map((trigger) => conditionMet(plan, state, trigger, reading));
      const unknown = open.find((met) => met?.kind === "unknown");
      if (judged.verdict !== "pass" || unknown?.kind !== "unknown") return judged;
      return { ...judged, verdict: "hold", why: unknown.why, grounds: "no-data" };
    }
    return { ...judged, verdict: "fail", why: `${judged.why}; it is past the limit of "${breached.when}"` };
  });
  return [...metrics, ...judgeAlarms(plan, state, phase, seen.alarms)];
}

/** INSUFFICIENT_DATA is neither good nor bad: hold. An alarm that cannot be found says nothing good either. */
function judgeAlarms(
  plan: Plan,
  state: ReleaseState,
  phase: PhaseStep,
  alarms: readonly SeenAlarm[],
): Judged[] {
  const names = new Set(
    plan.triggers
      .filter((trigger) => [undefined, phase.component].includes(componentOf(plan, trigger)))
      .flatMap((trigger) => namedSignals(state, trigger))
      .filter(({ from }) => from === "cloudwatch")
      .map(({ name }) => name),
  );
  return [
    ...restless(plan, state, phase),
    ...[...names].map((name) => judgeAlarm(plan, state, name, alarms)),
  ];
}

/** An alarm in quarantine is neither good nor bad, whatever it says at the moment. */
function restless(plan: Plan, state: ReleaseState, phase: PhaseStep): Judged[] {
  const within = spoken(alarmRule(plan).within);
  return quarantinedFor(plan, state, phase).map(({ name, changes }) => ({
    metric: `alarm:${name}`,
    grounds: "alarm",
    verdict: "hold",
    why: `${name} is in quarantine: it changed its state ${changes} times in ${within}`,
  }));
}

/** The quarantined alarms that a phase has to wait for. */
export function quarantinedFor(
  plan: Plan,
  state: ReleaseState,
  phase: PhaseStep,
): { readonly name: string; readonly changes: number }[] {
  const bound = plan.triggers
    .filter((trigger) => [undefined, phase.component].includes(componentOf(plan, trigger)))
    .flatMap((trigger) => namedSignals(state, trigger));
  const known = new Map(bound.map((binding) => [bindingKey(binding), binding.name]));
  return [...known].flatMap(([key, name]) => {
    const quarantine = state.flaps?.[key]?.quarantine;
    return quarantine === undefined ? [] : [{ name, changes: quarantine.changes }];
  });
}

function judgeAlarm(plan: Plan, state: ReleaseState, name: string, alarms: readonly SeenAlarm[]): Judged {
  const ground = { metric: `alarm:${name}`, grounds: "alarm" } as const;
  const alarm = alarms.find((one) => one.name === name);
  if (alarm === undefined) return { ...ground, verdict: "hold", why: `${name} was not read` };
  if (state.red.includes(name) && plan.onRed.choice !== "block") {
    return { ...ground, verdict: "pass", why: `${name} was accepted as it stood at the start` };
  }
  switch (alarm.state) {
    case "ok":
      return { ...ground, verdict: "pass", why: `${name} is OK` };
    case "alarm":
      return { ...ground, verdict: "fail", why: `${name} is in ALARM` };
    case "unknown":
      return { ...ground, verdict: "hold", why: `${name} has insufficient data` };
    case "missing":
      return { ...ground, verdict: "hold", why: `${name} does not exist` };
  }
}

/** Whether the share that the phase asked for is there. A curve takes days. */
export function hasReached(plan: Plan, state: ReleaseState, phase: PhaseStep): boolean {
  const component = state.components[phase.component];
  if (component === undefined) return false;
  return isManualTarget(plan, phase.component) || component.observed.share >= phase.percent - 1e-6;
}

export function isPacedByCurve(plan: Plan, phase: PhaseStep): boolean {
  const target = findComponent(plan, phase.component)?.target;
  return target !== undefined && paceOf(target.kind) === "curve";
}

/** Phases whose share was asked for and whose watch has not ended. */
export function openWatches(plan: Plan, state: ReleaseState): PhaseStep[] {
  return plan.components.flatMap(({ id }) =>
    phasesOf(plan, id).filter((phase) => {
      const { status, heldFrom } = stepState(state, phase.id);
      return status === "watching" || (status === "held" && heldFrom === "watching");
    }),
  );
}
