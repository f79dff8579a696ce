import type { Draft } from "../release/draft.ts";
import type { ClosingAct } from "./schema.ts";

/** What a channel is told. The plan's own words are for a release that went well; another says what it was. */
export function toldBy(draft: Draft, { kind, text }: ClosingAct): string {
  const { plan, state, command } = draft;
  const wentWell = state.rollback === undefined;
  const said = wentWell && text !== undefined ? text : outcome(draft);
  if (kind !== "ticket") return said;
  const of = plan.change === undefined ? "" : `${plan.change}: `;
  const { head } = command;
  const record = head === undefined ? "" : ` Its record stands at number ${head.seq}, ${head.digest}.`;
  return `${of}${said}${record} Plan ${state.plan}, revision ${state.revision}.`;
}

function outcome({ plan, state }: Draft): string {
  const versions = Object.entries(state.components)
    .filter(([, { touched }]) => touched)
    .map(([id, { previous, next }]) => `${id} from ${previous} to ${next}`);
  const what = versions.length === 0 ? "" : ` (${versions.join("; ")})`;
  if (state.rollback !== undefined) {
    const isBack = state.status === "rolled-back";
    const how = isBack ? "was rolled back" : "is being rolled back, which is not confirmed yet";
    return `${state.id}, ${plan.title}, ${how} in ${plan.environment}${what}: ${state.rollback.cause}.`;
  }
  return `${state.id}, ${plan.title}, is rolled out in ${plan.environment}${what}.`;
}
