import type { Shown } from "../evidence/decide.ts";
import { plus } from "../kit/instant.ts";
import { findStep } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { ShiftEvent, StepEvent } from "../release/events.ts";
import type { Meta } from "../release/evolve.ts";
import type { ComponentState, ReleaseState, StepState } from "../release/state.ts";
import { isPhase } from "./schema.ts";

const FRESH: StepState = { status: "waiting", attempts: 0 };

export function stepState(state: ReleaseState, step: string): StepState {
  return state.steps[step] ?? FRESH;
}

/** The state with one step changed. */
export function withStep(state: ReleaseState, step: string, change: Partial<StepState>): ReleaseState {
  return { ...state, steps: { ...state.steps, [step]: { ...stepState(state, step), ...change } } };
}

/** The state with one component changed; nothing happens to a component that was never started. */
export function withComponent(
  state: ReleaseState,
  component: string,
  change: (before: ComponentState) => ComponentState,
): ReleaseState {
  const before = state.components[component];
  if (before === undefined) return state;
  return { ...state, components: { ...state.components, [component]: change(before) } };
}

/** What somebody said and showed of a step that they did by hand. */
function saidIn({ output, evidence, file }: Shown & { readonly output?: string }): Partial<StepState> {
  return {
    ...(output === undefined ? {} : { output }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(file === undefined ? {} : { file }),
  };
}

export function evolveSteps(state: ReleaseState, event: StepEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "StepStarted":
      return withStep(state, event.step, {
        status: "running",
        startedAt: meta.at,
        attempts: stepState(state, event.step).attempts + 1,
      });
    case "StepDone":
      return withStep(state, event.step, {
        status: "done",
        endedAt: meta.at,
        by: meta.by,
        ...saidIn(event),
      });
    case "StepFailed":
      return withStep(state, event.step, { status: "failed", output: event.detail, ...saidIn(event) });
    case "StepSkipped":
      return withStep(state, event.step, { status: "skipped", endedAt: meta.at, by: meta.by });
    case "StepRetried":
      return withStep(state, event.step, { status: "waiting" });
    case "StepOverdue":
      return withStep(state, event.step, { overdue: true });
  }
}

export function evolveShifts(plan: Plan, state: ReleaseState, event: ShiftEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "ShiftIntended": {
      const next = withComponent(state, event.component, (before) => ({
        ...before,
        observed: event.expected,
        touched: true,
        firstTouchedAt: before.firstTouchedAt ?? meta.at,
        intended: { step: event.step, percent: event.percent, why: event.why },
      }));
      if (event.why === "reduce") return next;
      const attempts = stepState(state, event.step).attempts + 1;
      return withStep(next, event.step, { status: "shifting", startedAt: meta.at, attempts });
    }
    case "ShiftDone": {
      const next = withComponent(state, event.component, (before) => {
        const { intended: _, ...rest } = before;
        return { ...rest, observed: event.observed };
      });
      const step = findStep(plan, event.step);
      if (event.why === "reduce" || step === undefined || !isPhase(step)) return next;
      return withStep(next, event.step, {
        status: "watching",
        shiftedAt: meta.at,
        watchUntil: plus(meta.at, step.watch),
        ...saidIn(event),
      });
    }
    case "ShiftFailed": {
      const next = withComponent(state, event.component, (before) => {
        const { intended: _, ...rest } = before;
        return rest;
      });
      return stepState(state, event.step).status === "shifting"
        ? withStep(next, event.step, { status: "failed", output: event.detail, ...saidIn(event) })
        : next;
    }
    case "TargetObserved":
      return withComponent(state, event.component, ({ drift: _, ...before }) => ({
        ...before,
        observed: event.observed,
      }));
    case "DriftFound":
      return withComponent(state, event.component, (before) => ({ ...before, drift: event.seen }));
    case "TargetHeld":
    case "TargetFreed":
      return withComponent(state, event.component, (before) => ({
        ...before,
        observed: event.observed,
        held: event.type === "TargetHeld",
      }));
  }
}
