import { hasRole } from "../actor/schema.ts";
import { settleApprovals } from "../approval/decide.ts";
import { approvalBlockers } from "../approval/standing.ts";
import { isAsked } from "../check/due.ts";
import { checkBlockers } from "../check/standing.ts";
import { shownBy } from "../evidence/decide.ts";
import { settleStart } from "../freeze/decide.ts";
import { fromMillis, type Instant, latest, since, toMillis } from "../kit/instant.ts";
import { offsetMs } from "../kit/offset.ts";
import { oneOf } from "../kit/text.ts";
import type { Plan } from "../plan/schema.ts";
import { leadOffset } from "../plan/timeline.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import type { ReleaseState } from "../release/state.ts";
import { taggedBlockers } from "../signal/tagged.ts";
import { readinessBlockers } from "./readiness.ts";

type Ask<T extends PersonCommand["type"]> = Extract<PersonCommand, { type: T }>;

/** What still keeps the gates closed, in sentences that name who is waited for. */
export function gateBlockers(plan: Plan, state: ReleaseState, now: Instant): string[] {
  return [
    ...checkBlockers(plan, state, now),
    ...approvalBlockers(plan, state, now),
    ...taggedBlockers(plan, state),
    ...readinessBlockers(state),
  ];
}

/** Opens the gates as soon as nothing keeps them closed; closes them again when something does. */
export function settleGates(draft: Draft): void {
  settleApprovals(draft);
  const { plan, state, now } = draft;
  const blockers = gateBlockers(plan, state, now);
  if (state.status === "gates" && blockers.length === 0) {
    const lead = Math.max(0, -offsetMs(leadOffset(plan)));
    const t = latest(state.plannedT, fromMillis(toMillis(now) + lead));
    const slipped = since(state.plannedT, t);
    draft.emit({ type: "GatesOpened", t, ...(t > state.plannedT ? { slippedBy: slipped } : {}) });
    settleStart(draft);
  } else if (state.status === "ready" && blockers.length > 0) {
    draft.emit({ type: "GatesClosed", why: blockers.join("; ") });
  }
}

export function answerCheck(draft: Draft, wish: Ask<"AnswerCheck">): Decision {
  const { plan, state, command } = draft;
  const check = plan.checklist.find(({ id }) => id === wish.check);
  if (check === undefined) {
    const known = oneOf(plan.checklist.map(({ id }) => id));
    return reject(
      "not-found",
      "check.unknown",
      `there is no check "${wish.check}"; the checklist has ${known || "none"}`,
    );
  }
  if (!hasRole(command.actor, check.role)) {
    return reject("forbidden", "check.not-your-role", `"${check.check}" is for ${check.role} to answer`);
  }
  const isOpen = state.status === "gates" || state.status === "ready";
  const isRenewed = isAsked(state) && (check.within !== undefined || check.probe !== undefined);
  if (!isOpen && !isRenewed) {
    return reject("conflict", "check.closed", "the release has started; its checklist stands as it was");
  }
  // A person's No goes before a probe's yes; a person's Yes only takes that No back.
  if (check.probe !== undefined && wish.answer === "yes" && state.checks[check.id]?.answer !== "no") {
    const how = check.override === undefined ? "" : "; two people can step over it (override)";
    return reject(
      "forbidden",
      "check.answered-by-probe",
      `"${check.check}" is answered by its probe, ${check.probe.kind}, not by people${how}`,
    );
  }
  const found = shownBy(draft, wish.evidence);
  if (!found.ok) return found;
  draft.emit({
    type: "CheckAnswered",
    check: wish.check,
    answer: wish.answer,
    ...(wish.note === undefined ? {} : { note: wish.note }),
    ...found.shown,
  });
  settleGates(draft);
  return draft.decided();
}
