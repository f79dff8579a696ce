import { adapterFor, BY_HAND } from "@gonogo/adapters/targets";
import { findComponent, findStep } from "@gonogo/core/plan/graph";
import type { MachineCommand } from "@gonogo/core/release/commands";
import type { Loaded } from "@gonogo/core/release/ports";
import { isPhase } from "@gonogo/core/step/schema";
import { byMachine, CALENDAR_CHANGED, type Outcome } from "../execute.ts";
import type { Using, Writing } from "../runtime.ts";
import { readAlarms, readCalendar } from "./look.ts";

type ShiftRecord = Extract<MachineCommand, { type: "RecordShift" }>["outcome"];

/** What it takes to move a target. */
export type Shifting = Writing & Using<"targets" | "alarms">;

export interface ShiftInput {
  readonly release: string;
  readonly step: string;
  /** For taking traffic off: to how many percent. Unset, the phase's own share. */
  readonly reduceTo?: number;
}

/**
 * Shifts a share. The order is what makes it safe: the target is read first, then the intent is recorded on
 * the release's newest state, then the target is written with the revision that was read. A rollback that is
 * recorded before the intent refuses it; one that is recorded after it moves the revision on (S1, S2).
 */
export async function shift(runtime: Shifting, input: ShiftInput): Promise<void> {
  const before = await runtime.store.load(input.release);
  const step = before === undefined ? undefined : findStep(before.plan, input.step);
  if (before === undefined || step === undefined || !isPhase(step)) return;
  const { plan } = before;
  const target = findComponent(plan, step.component)?.target;
  const known = before.state.components[step.component];
  if (target === undefined || known === undefined) return;
  const adapter = adapterFor(runtime.targets, target);
  const versions = { previous: known.previous, next: known.next };
  const observed = adapter === undefined ? BY_HAND : await adapter.read(target, versions);
  const why = input.reduceTo === undefined ? "phase" : "reduce";
  const percent = input.reduceTo ?? step.percent;

  const intent = await intend(runtime, before, {
    type: "IntendShift",
    step: step.id,
    observed,
    alarms: await readAlarms(runtime, plan, before.state),
    why,
    percent,
  });
  if (!intent.ok) return;
  const component = intent.state.components[step.component];
  if (component?.intended?.step !== step.id || component.intended.why !== why) return;
  // People move what has no adapter; they say when it is done.
  if (adapter === undefined) return;

  // One that was begun before and never recorded is asked for again as it was then: a target that has it
  // says so, one that another hand has changed since refuses it, and else it is done now (S5).
  const expected = component.observed;
  const outcome: ShiftRecord = await adapter.shift(target, versions, percent, expected, noteOf(input));
  const recorded = await byMachine(runtime, input.release, "rollout", {
    type: "RecordShift",
    step: step.id,
    percent,
    why,
    outcome,
  });
  if (outcome.kind === "shifted" && recorded.ok && recorded.state.status === "rolling-back") {
    // A store has no revision to refuse a write that a rollback has overtaken; so it is taken back (S2).
    if (known.revert !== undefined) await adapter.revert(known.revert, noteOf(input));
  }
}

/** Calendars that change in the moment of the write this often are left to the machine's next turn. */
const MOST_CALENDARS = 5;

/**
 * Records the intent, on the calendar as it stands at the write: a freeze that is declared in between is read
 * and decided on, and not found out about after (S8). Traffic is taken off whatever the calendar says.
 */
async function intend(
  runtime: Shifting,
  { plan, state }: Loaded,
  body: Extract<MachineCommand, { type: "IntendShift" }>,
): Promise<Outcome> {
  if (body.why === "reduce") return await byMachine(runtime, state.id, "rollout", body);
  for (let attempt = 1; ; attempt++) {
    const { calendar, deploymentAt } = await readCalendar(runtime, plan, state);
    const outcome = await byMachine(runtime, state.id, "rollout", { ...body, calendar }, deploymentAt);
    const isChanged = !outcome.ok && outcome.rejection.code === CALENDAR_CHANGED;
    if (!isChanged || attempt === MOST_CALENDARS) return outcome;
  }
}

function noteOf({ release, step }: ShiftInput): string {
  return `${release} ${step}`;
}
