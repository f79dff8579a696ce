import { offsetMs } from "../kit/offset.ts";
import { endangeredBy } from "../step/one-way.ts";
import { isPhase, type PhaseStep, type Step } from "../step/schema.ts";
import { paceOf } from "../target/pace.ts";
import type { Component, Plan } from "./schema.ts";

/** Steps that run one after the other. Lanes run side by side. */
export interface Lane {
  readonly id: string;
  readonly component?: string;
  readonly steps: readonly string[];
}

/** What must have come about before a step may start. */
export interface Prerequisite {
  readonly step: string;
  /** `shifted`: its share has been asked for. `done`: completed, or passed its watch. */
  readonly until: "shifted" | "done";
}

/** The lane of everything that is not a phase. */
export const RUNBOOK_LANE = "runbook";

/** The timeline in the order in which it is read: by offset, and in the plan's order where offsets agree. */
export function timelineOrder(plan: Plan): Step[] {
  return plan.steps.toSorted((a, b) => offsetMs(a.at) - offsetMs(b.at));
}

export function findStep(plan: Plan, id: string): Step | undefined {
  return plan.steps.find((step) => step.id === id);
}

export function findComponent(plan: Plan, id: string): Component | undefined {
  return plan.components.find((component) => component.id === id);
}

/** The phases of a component, in order. */
export function phasesOf(plan: Plan, component: string): PhaseStep[] {
  return timelineOrder(plan)
    .filter(isPhase)
    .filter((phase) => phase.component === component);
}

function isPacedByCurve(plan: Plan, component: string): boolean {
  const target = findComponent(plan, component)?.target;
  return target !== undefined && paceOf(target.kind) === "curve";
}

/**
 * The lanes: one for the runbook's rows, and one for each component with its phases in order. A component
 * that goes its own pace (App Store) has a lane for each phase, since a later phase begins while an earlier
 * one still waits for its share.
 */
export function lanes(plan: Plan): Lane[] {
  const order = timelineOrder(plan);
  const result: Lane[] = [];
  const rows = order.filter((step) => !isPhase(step)).map((step) => step.id);
  if (rows.length > 0) result.push({ id: RUNBOOK_LANE, steps: rows });
  for (const { id } of plan.components) {
    const phases = phasesOf(plan, id).map((phase) => phase.id);
    if (phases.length === 0) continue;
    if (isPacedByCurve(plan, id)) {
      for (const phase of phases) result.push({ id: `${id}/${phase}`, component: id, steps: [phase] });
    } else {
      result.push({ id, component: id, steps: phases });
    }
  }
  return result;
}

/**
 * All that a step waits for besides its time: what it `needs`; the row or phase before it in its lane; and,
 * for a phase, every row of the runbook that stands before it, since a runbook is followed in order.
 */
export function prerequisites(plan: Plan, step: Step): Prerequisite[] {
  const order = timelineOrder(plan);
  const before = order.slice(
    0,
    order.findIndex((other) => other.id === step.id),
  );
  const found = new Map<string, Prerequisite>();
  const add = (prerequisite: Prerequisite) => {
    const known = found.get(prerequisite.step);
    if (known === undefined || known.until === "shifted") found.set(prerequisite.step, prerequisite);
  };
  if (isPhase(step)) {
    const earlier = before.filter(isPhase).findLast((phase) => phase.component === step.component);
    const until = isPacedByCurve(plan, step.component) ? "shifted" : "done";
    if (earlier !== undefined) add({ step: earlier.id, until });
    for (const row of before) if (!isPhase(row)) add({ step: row.id, until: "done" });
  } else {
    const row = before.findLast((other) => !isPhase(other));
    if (row !== undefined) add({ step: row.id, until: "done" });
    // Nothing is taken away that a phase under way may still need to go back to.
    const endangered = endangeredBy(step);
    for (const phase of before.filter(isPhase)) {
      if (endangered.includes(phase.component)) add({ step: phase.id, until: "done" });
    }
  }
  for (const text of step.needs) add(parseNeed(text));
  return [...found.values()];
}

export function parseNeed(text: string): Prerequisite {
  const [step = "", suffix] = text.split(":");
  return { step, until: suffix === "shifted" ? "shifted" : "done" };
}

/** A circle of steps that wait for one another, in order, or undefined. The first is named again at the end. */
export function findCircle(plan: Plan): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): string[] | undefined => {
    if (done.has(id)) return undefined;
    const loop = path.indexOf(id);
    if (loop >= 0) return [...path.slice(loop), id];
    const step = findStep(plan, id);
    if (step === undefined) return undefined;
    path.push(id);
    for (const { step: next } of prerequisites(plan, step)) {
      const circle = visit(next);
      if (circle !== undefined) return circle;
    }
    path.pop();
    done.add(id);
    return undefined;
  };
  for (const step of plan.steps) {
    const circle = visit(step.id);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/**
 * The components that stand on `component`, directly or through others: a rollback of it takes them along.
 * The graph is the one that the phases' `needs` draw.
 */
export function dependents(plan: Plan, component: string): Set<string> {
  const found = new Set<string>();
  const queue = [component];
  for (let base = queue.pop(); base !== undefined; base = queue.pop()) {
    for (const phase of plan.steps.filter(isPhase)) {
      const standsOn = phase.needs.some((text) => {
        const needed = findStep(plan, parseNeed(text).step);
        return needed !== undefined && isPhase(needed) && needed.component === base;
      });
      if (standsOn && phase.component !== component && !found.has(phase.component)) {
        found.add(phase.component);
        queue.push(phase.component);
      }
    }
  }
  return found;
}
