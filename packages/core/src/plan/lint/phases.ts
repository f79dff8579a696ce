import { spoken, toMs } from "../../kit/duration.ts";
import { later, offset, offsetMs, spokenOffset } from "../../kit/offset.ts";
import { pointer } from "../../kit/problem.ts";
import { oneOf } from "../../kit/text.ts";
import { neededCount, thresholdOf } from "../../metric/judge.ts";
import { isManualTarget } from "../../step/ready.ts";
import { isPhase, type PhaseStep } from "../../step/schema.ts";
import { APP_STORE_CURVE, isOnCurve, reachedAfter } from "../../target/app-store-curve.ts";
import { paceOf } from "../../target/pace.ts";
import { metricsOf } from "../../watch/judge.ts";
import { findComponent, phasesOf } from "../graph.ts";
import type { Plan } from "../schema.ts";
import { error, indexed, info, type Rule, warning } from "./rule.ts";

/** Each phase of a component beside the one after it. */
function neighbours(plan: Plan): { phase: PhaseStep; next: PhaseStep }[] {
  return plan.components.flatMap(({ id }) => {
    const phases = phasesOf(plan, id);
    return phases.slice(1).flatMap((next, index) => {
      const phase = phases[index];
      return phase === undefined ? [] : [{ phase, next }];
    });
  });
}

function at(plan: Plan, step: { id: string }, ...field: string[]): string {
  return pointer(
    "steps",
    plan.steps.findIndex(({ id }) => id === step.id),
    ...field,
  );
}

/** Two phases of a component at the same moment: neither can be watched. */
export const overlappingPhases: Rule = (plan) =>
  neighbours(plan)
    .filter(({ phase, next }) => phase.at === next.at)
    .map(({ phase, next }) =>
      error("phases-overlap", {
        pointer: at(plan, next, "at"),
        message: `${phase.id} and ${next.id} both shift ${next.component} at ${spokenOffset(next.at)}`,
        fix: `start ${next.id} at ${spokenOffset(later(phase.at, phase.watch))} or after`,
      }),
    );

/** A later phase with a smaller share would take traffic back in the middle of a rollout. */
export const fallingPercent: Rule = (plan) =>
  neighbours(plan)
    .filter(({ phase, next }) => next.percent < phase.percent)
    .map(({ phase, next }) =>
      error("percent-falls", {
        pointer: at(plan, next, "percent"),
        message: `${next.component} falls from ${phase.percent} % (${phase.id}) to ${next.percent} % (${next.id})`,
        fix: `write ${phase.percent} or more; taking traffic back is for a trigger with respond: reduce`,
      }),
    );

/** A window that is not over when the next phase should start: that phase will start late. */
export const watchBeyondNext: Rule = (plan) =>
  neighbours(plan).flatMap(({ phase, next }) => {
    const gap = offsetMs(next.at) - offsetMs(phase.at);
    const target = findComponent(plan, phase.component)?.target;
    if (gap <= 0 || toMs(phase.watch) <= gap || (target !== undefined && paceOf(target.kind) === "curve"))
      return [];
    const over = spokenOffset(later(phase.at, phase.watch));
    return [
      warning("watch-too-long", {
        pointer: at(plan, phase, "watch"),
        message: `${phase.id} is watched for ${spoken(phase.watch)}, until ${over}, and ${next.id} should start at ${spokenOffset(next.at)}; it will wait`,
        fix: `start ${next.id} at ${over}, or watch ${phase.id} for ${spoken(gapDuration(gap))} at most`,
      }),
    ];
  });

function gapDuration(millis: number) {
  return offset(millis).slice(2) as PhaseStep["watch"];
}

/** Shares and times that the App Store does not offer. */
export const appStoreShares: Rule = (plan) =>
  plan.components
    .filter(({ target }) => target.kind === "app-store")
    .flatMap(({ id }) => {
      const phases = phasesOf(plan, id);
      const [first] = phases;
      return phases.flatMap((phase) => {
        if (!isOnCurve(phase.percent)) {
          const above = APP_STORE_CURVE.find((share) => share >= phase.percent) ?? 100;
          return [
            warning("app-store-share", {
              pointer: at(plan, phase, "percent"),
              message: `the App Store never has just ${phase.percent} % of users: its phased release goes ${APP_STORE_CURVE.join(", ")} %; the phase waits for ${above} %`,
              fix: `write ${oneOf(APP_STORE_CURVE.map(String))}`,
            }),
          ];
        }
        const reached = later(first?.at ?? phase.at, reachedAfter(phase.percent));
        if (offsetMs(reached) <= offsetMs(phase.at)) return [];
        return [
          warning("app-store-time", {
            pointer: at(plan, phase, "at"),
            message: `${phase.id} asks for ${phase.percent} % at ${spokenOffset(phase.at)}, which the App Store reaches at ${spokenOffset(reached)}; the phase waits for that`,
            fix: `write at: ${spokenOffset(reached)}`,
          }),
        ];
      });
    });

/** A window in which too few requests come to show that a rate is within its threshold. */
export const watchTooShort: Rule = (plan, { perMinute = {} }) =>
  plan.components.flatMap(({ id }) =>
    phasesOf(plan, id).flatMap((phase) =>
      metricsOf(plan, phase).flatMap((metric) => {
        const needed = neededCount(metric, thresholdOf(metric.threshold));
        const minutes = toMs(phase.watch) / 60_000;
        if (needed === 0 || minutes === 0) return [];
        const rate = perMinute[id];
        const least = Math.ceil(needed / (minutes * (phase.percent / 100)));
        const where = at(plan, phase, "watch");
        const claim = `${metric.name} needs ${needed} events to show ${metric.threshold}`;
        if (rate === undefined) {
          // Busier than this most services are, and a phase that sees too few holds and says so.
          if (least < 10) return [];
          const message = `${claim}: in ${spoken(phase.watch)} at ${phase.percent} % that takes ${least} a minute in all`;
          return [info("watch-count", { pointer: where, message })];
        }
        const seen = Math.floor(rate * minutes * (phase.percent / 100));
        if (seen >= needed) return [];
        const longer = Math.ceil(needed / (rate * (phase.percent / 100)));
        return [
          warning("watch-too-short", {
            pointer: where,
            message: `${claim}; ${phase.id} will see about ${seen} in ${spoken(phase.watch)}, and hold`,
            fix: Number.isFinite(longer)
              ? `watch for ${longer} min, or shift more`
              : "set minCount, or shift more",
          }),
        ];
      }),
    ),
  );

/** Phases that nothing can judge: each is held when its window is over, until somebody promotes it. */
export const unwatchedPhases: Rule = (plan) =>
  indexed(plan.steps).flatMap(({ item, index }) => {
    if (!isPhase(item) || isManualTarget(plan, item.component)) return [];
    const alarms = plan.triggers.filter(
      (trigger) =>
        [undefined, item.component].includes(trigger.component) &&
        trigger.signals.some(({ from }) => from === "cloudwatch"),
    );
    if (metricsOf(plan, item).length > 0 || alarms.length > 0) return [];
    return [
      warning("unwatched", {
        pointer: pointer("steps", index),
        message: `${item.id} has nothing to be judged by: it is held when its window is over, until somebody promotes it`,
        fix: "add a metric of its component that a machine can read, or a trigger on a CloudWatch alarm",
      }),
    ];
  });
