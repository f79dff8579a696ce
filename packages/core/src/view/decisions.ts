import { authorityOf } from "../decision/matrix.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { calmAt } from "../signal/flap.ts";
import type { DecisionView, QuarantineView } from "./schema.ts";
import { deciders } from "./waits.ts";

/** Every open question, with its causes, its deadline, and who answers it. */
export function decisionViews(plan: Plan, state: ReleaseState): DecisionView[] {
  const authority = authorityOf(plan);
  return Object.entries(state.decisions).map(([id, asked]): DecisionView => {
    const { about, question, askedAt, by, onSilence, causes = [], votes = {} } = asked;
    const step = about.kind === "step" || about.kind === "phase" ? about.step : undefined;
    const others = { roles: deciders(plan, step), alone: [], votes: "any" as const };
    return {
      id,
      question,
      askedAt,
      onSilence,
      causes,
      ...(about.kind === "trigger" ? authority : others),
      cast: Object.entries(votes).map(([role, vote]) => ({ role, ...vote })),
      ...(by === undefined ? {} : { by }),
    };
  });
}

/** Alarms in quarantine, with what they did. */
export function quarantineViews(plan: Plan, state: ReleaseState): QuarantineView[] {
  return Object.entries(state.flaps ?? {}).flatMap(([alarm, flap]): QuarantineView[] => {
    if (flap.quarantine === undefined) return [];
    const { since, changes: times } = flap.quarantine;
    const until = calmAt(plan, flap);
    const view = { alarm, since, times, changes: flap.changes };
    return [until === undefined ? view : { ...view, until }];
  });
}
