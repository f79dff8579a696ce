import type { Place, Problem } from "../../kit/problem.ts";
import type { Plan } from "../schema.ts";
import { approvalOrder, hotfixQuorum, shortApprovals, unsatisfiableApprovals } from "./approvals.ts";
import { throughCalendar } from "./calendar.ts";
import { closingActsFit } from "./closing.ts";
import { matrixOrder, questionBeyondLimit, unknownAuthority } from "./decisions.ts";
import { hypercareTimes } from "./hypercare.ts";
import {
  circularNeeds,
  duplicateIds,
  unknownChannels,
  unknownNeeds,
  unknownReferences,
  unknownRoles,
} from "./names.ts";
import { obligationTimes } from "./obligations.ts";
import { oneWayEarly, oneWayUnapproved, oneWayUnknown } from "./one-way.ts";
import {
  appStoreShares,
  fallingPercent,
  overlappingPhases,
  unwatchedPhases,
  watchBeyondNext,
  watchTooShort,
} from "./phases.ts";
import { checkProbes, rehearseTargets } from "./rehearse.ts";
import { missingReference, unknownReference } from "./relative.ts";
import type { Around, Rule } from "./rule.ts";
import { beyondLimit, intoFreeze, messageBeforeClaim, pollTimes } from "./times.ts";
import {
  contradictoryThresholds,
  deafTriggers,
  noWayBack,
  reservedAlarms,
  unknownAlarms,
} from "./triggers.ts";

export type { Around } from "./rule.ts";

export const RULES: readonly Rule[] = [
  duplicateIds,
  unknownRoles,
  unknownReferences,
  rehearseTargets,
  checkProbes,
  unknownNeeds,
  circularNeeds,
  overlappingPhases,
  fallingPercent,
  watchBeyondNext,
  appStoreShares,
  watchTooShort,
  unwatchedPhases,
  deafTriggers,
  unknownAlarms,
  reservedAlarms,
  contradictoryThresholds,
  matrixOrder,
  missingReference,
  unknownReference,
  unknownAuthority,
  oneWayUnapproved,
  oneWayEarly,
  oneWayUnknown,
  questionBeyondLimit,
  noWayBack,
  beyondLimit,
  intoFreeze,
  throughCalendar,
  pollTimes,
  messageBeforeClaim,
  unknownChannels,
  unsatisfiableApprovals,
  approvalOrder,
  shortApprovals,
  hotfixQuorum,
  obligationTimes,
  closingActsFit,
  hypercareTimes,
];

/**
 * What is wrong with a plan that is well formed, and what to write instead. An error keeps a plan from being
 * submitted; a warning says what will happen otherwise than written. `locate` finds the place in the text
 * that the plan was read from (`readPlan` gives it).
 */
export function lintPlan(plan: Plan, locate?: (pointer: string) => Place, around: Around = {}): Problem[] {
  const found = RULES.flatMap((rule) => rule(plan, around));
  if (locate === undefined) return found;
  return found.map((problem) =>
    problem.pointer === undefined ? problem : { ...problem, place: locate(problem.pointer) },
  );
}
