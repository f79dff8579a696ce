import { hasRole } from "../actor/schema.ts";
import { closingActs } from "../closing/acts.ts";
import { days, ms, toMs } from "../kit/duration.ts";
import { type Instant, latest, minus, plus, since } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { spokenStatus } from "../release/spoken.ts";
import type { ReleaseState } from "../release/state.ts";
import type { ObligationEvent } from "./events.ts";
import { obligationRules } from "./owe.ts";
import { type ObligationState, openIn } from "./state.ts";

/** Reminded of a day before its time, or halfway where that is later. */
export function remindAt({ createdAt, due }: Pick<ObligationState, "createdAt" | "due">): Instant {
  const half = ms(Math.floor(toMs(since(createdAt, due)) / 2));
  return latest(plus(createdAt, half), minus(due, days(1)));
}

/** The clock's part: a reminder, and once its time is over, that it is. Each is said once. */
export function settleObligations(draft: Draft): void {
  for (const one of openIn(draft.state)) {
    const { id, what, role, due } = one;
    if (draft.now >= due && one.overdueAt === undefined) {
      draft.emit({ type: "ObligationOverdue", obligation: id, role });
      const blocked = one.blocks ? "; no other release of its components starts until it is done" : "";
      tell(draft, `obligation-${id}-overdue`, "status", `${role}: overdue since ${due}: ${what}${blocked}`);
    } else if (draft.now >= remindAt(one) && draft.now < due && one.remindedAt === undefined) {
      draft.emit({ type: "ObligationReminded", obligation: id, due });
      tell(draft, `obligation-${id}-reminder`, "status", `${role}: due ${due}: ${what}`);
    }
  }
}

/** When the clock has something to say of what is open. Empty once all has been said (S10: it ends). */
export function obligationMoments(state: ReleaseState): Instant[] {
  return openIn(state).flatMap((one) => {
    if (one.overdueAt !== undefined) return [];
    return one.remindedAt === undefined ? [remindAt(one), one.due] : [one.due];
  });
}

/** A person says that it is done, and how that can be seen. */
export function completeObligation(
  draft: Draft,
  wish: Extract<PersonCommand, { type: "CompleteObligation" }>,
): Decision {
  const { plan, state, command } = draft;
  const id = wish.obligation;
  const one = state.obligations?.[id];
  if (one === undefined) {
    const isPlanned = [...obligationRules(plan), ...closingActs(plan)].some((rule) => rule.id === id);
    return isPlanned
      ? reject(
          "conflict",
          "obligation.not-yet",
          `"${id}" is not owed yet; the release is ${spokenStatus(state.status)}`,
        )
      : reject("not-found", "obligation.unknown", `this release owes nothing that is called "${id}"`);
  }
  if (one.completedAt !== undefined) {
    return reject("conflict", "obligation.completed", `"${one.what}" was completed at ${one.completedAt}`);
  }
  if (!hasRole(command.actor, one.role) && !hasRole(command.actor, plan.review.role)) {
    return reject("forbidden", "obligation.not-your-role", `"${one.what}" is for ${one.role} to complete`);
  }
  if (one.closedBy === "review") {
    return reject(
      "conflict",
      "obligation.by-review",
      `"${one.what}" is completed by the review's signature; sign the review`,
    );
  }
  if (wish.note === undefined && wish.evidence === undefined) {
    return reject(
      "invalid",
      "obligation.no-proof",
      "say what was done (note), or where it can be seen (evidence)",
    );
  }
  if (one.act !== undefined && wish.evidence === undefined) {
    const message = `"${one.what}" is on the record with its evidence: say where it can be seen (evidence)`;
    return reject("invalid", "obligation.no-evidence", message);
  }
  const { head } = command;
  completed(draft, id, wish, one.act === "ticket" && head !== undefined ? { record: head } : {});
  return draft.decided();
}

/** The review was signed: what was owed with it is done. */
export function completeByReview(draft: Draft): void {
  for (const { id, closedBy } of openIn(draft.state)) {
    if (closedBy === "review") completed(draft, id, { note: "the review was signed" });
  }
}

export function completed(
  draft: Draft,
  id: string,
  proof: { readonly note?: string | undefined; readonly evidence?: string | undefined },
  more: Pick<Extract<ObligationEvent, { type: "ObligationCompleted" }>, "record"> = {},
): void {
  const due = draft.state.obligations?.[id]?.due ?? draft.now;
  draft.emit({
    type: "ObligationCompleted",
    obligation: id,
    ...(proof.note === undefined ? {} : { note: proof.note }),
    ...(proof.evidence === undefined ? {} : { evidence: proof.evidence }),
    ...(draft.now > due ? { late: since(due, draft.now) } : {}),
    ...more,
  });
}
