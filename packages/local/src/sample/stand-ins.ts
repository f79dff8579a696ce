import { DEMO_ISSUER, type DemoPerson } from "@gonogo/adapters/identity/demo";
import { type Actor, personId } from "@gonogo/core/actor/schema";
import { wellValue } from "@gonogo/core/metric/well";
import { findStep } from "@gonogo/core/plan/graph";
import type { Plan } from "@gonogo/core/plan/schema";
import type { PersonCommand } from "@gonogo/core/release/person-commands";
import type { ReleaseState } from "@gonogo/core/release/state";
import { openReadings } from "@gonogo/core/step/by-hand";
import { actionsFor } from "@gonogo/core/view/actions";
import type { Action } from "@gonogo/core/view/schema";
import { execute } from "@gonogo/functions/execute";
import type { Runtime } from "@gonogo/functions/runtime";

/**
 * Does what a release asks of its people: each looks at it and does what is theirs to do. They answer as
 * people do who find everything in order; what needs judgment they leave alone. Returns how much was done.
 */
export async function answerAll(
  runtime: Runtime,
  people: readonly DemoPerson[],
  release: string,
): Promise<number> {
  let done = 0;
  for (const person of people) {
    const loaded = await runtime.store.load(release);
    if (loaded === undefined) return done;
    const { plan, state } = loaded;
    const actor = standIn(person);
    const actions = actionsFor(plan, state, actor, runtime.clock.now());
    const answers = actions
      .filter((each) => isTheirs(plan, state, person, each))
      .map((action) => withAnswer(plan, state, action, runtime.clock.now()));
    for (const body of [...answers, ...readingsOf(plan, state, person)]) {
      const outcome = await execute(runtime, { release, id: runtime.newId(), actor, body });
      if (!outcome.ok) continue;
      if (actor.kind === "person") await runtime.store.rememberName(actor.id, person.name);
      done += 1;
    }
  }
  return done;
}

/** What they read is well. */
function readingsOf(plan: Plan, state: ReleaseState, { roles }: DemoPerson): PersonCommand[] {
  return openReadings(plan, state)
    .filter(({ metric }) => roles.includes(metric.owner))
    .map(({ metric }) => ({ type: "GiveReading", metric: metric.id, value: wellValue(metric).value }));
}

export function standIn({ id, roles }: DemoPerson): Actor {
  return { kind: "person", id: personId(DEMO_ISSUER, id), roles: [...roles], standIn: true };
}

function isTheirs(plan: Plan, state: ReleaseState, { roles }: DemoPerson, { command }: Action): boolean {
  switch (command.type) {
    case "AnswerCheck":
      return command.answer === "yes";
    case "Approve":
    case "ApproveStep":
      return true;
    case "Vote":
      return command.vote === "go" && state.poll?.votes[command.role] === undefined;
    case "CompleteStep": {
      const step = findStep(plan, command.step);
      return command.ok && step !== undefined && step.kind !== "check" && roles.includes(step.owner);
    }
    case "CompletePutBack": {
      const item = state.rollback?.items.find(({ id }) => id === command.item);
      return item?.kind === "manual" && roles.includes(item.owner);
    }
    case "RecordValidation":
      return command.pass;
    case "SignReview":
      return roles.includes(plan.review.role);
    // Without it the release would never be closed.
    case "CompleteObligation": {
      const owed = state.obligations?.[command.obligation];
      return owed?.closes === true && roles.includes(owed.role);
    }
    default:
      return false;
  }
}

function withAnswer(plan: Plan, state: ReleaseState, { command }: Action, now: string): Action["command"] {
  switch (command.type) {
    case "CompleteStep":
      return { ...command, output: findStep(plan, command.step)?.expect ?? "done" };
    case "SignReview": {
      const open = plan.review.fields.filter(({ field }) => (state.review.entries[field] ?? "") === "");
      const entries = Object.fromEntries(open.map(({ field }) => [field, entryFor(plan, state, field, now)]));
      return { ...command, entries };
    }
    case "CompleteObligation":
      return { ...command, evidence: "a stand-in says so" };
    default:
      return command;
  }
}

function entryFor(plan: Plan, state: ReleaseState, field: string, now: string): string {
  if (/date/i.test(field)) return now.slice(0, 10);
  if (/attend/i.test(field)) return plan.review.attendees.join(", ") || plan.review.role;
  if (/met/i.test(field)) return state.rollback === undefined ? "Yes" : "No: it was rolled back";
  return "None";
}
