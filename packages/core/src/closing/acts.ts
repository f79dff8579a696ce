import type { Plan } from "../plan/schema.ts";
import { type ClosingAct, type ClosingKind, LOAD_TEST_WITHIN } from "./schema.ts";

/** The acts that a release owes at its end: load tests only where its plan says that the architecture changes. */
export function closingActs(plan: Plan): readonly ClosingAct[] {
  const planned = plan.closing ?? [];
  if (plan.architectureChanged !== true) return planned.filter(({ kind }) => kind !== "load-test");
  if (planned.some(({ kind }) => kind === "load-test")) return planned;
  const added: ClosingAct = {
    id: "load-test",
    kind: "load-test",
    owner: plan.review.role,
    within: LOAD_TEST_WITHIN,
    required: false,
  };
  return [...planned, added];
}

const WHAT: Readonly<Record<ClosingKind, string>> = {
  changelog: "Write the change log entry",
  "status-page": "Bring the status page up to date",
  ticket: "Close the change ticket, with the record attached",
  message: "Tell the stakeholders how it went",
  "load-test": "Repeat the load test on the changed architecture",
};

export function whatOf(plan: Plan, { kind, what }: ClosingAct): string {
  if (what !== undefined) return what;
  return kind === "ticket" && plan.change !== undefined ? `${WHAT.ticket}: ${plan.change}` : WHAT[kind];
}

/** The message by which an act is done. */
export function actMessage(id: string): string {
  return `closing:${id}`;
}
