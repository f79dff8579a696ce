import { ms } from "../kit/duration.ts";
import { since } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { Seen } from "../release/commands.ts";
import type { Draft } from "../release/draft.ts";
import { describe } from "../release/drift.ts";
import type { ReleaseState } from "../release/state.ts";
import type { RehearsedComponent } from "./events.ts";

/** The cause by which a rehearsal is put back when it has got as far as it should. */
export const REHEARSED = "rehearsal: the last phase has passed, and the way back is tried";

export function isRehearsal(plan: Plan): boolean {
  return plan.rehearsalOf !== undefined;
}

/** Writes down what came of it. Once: a second try that works does not make the first one have worked. */
export function completeRehearsal(draft: Draft, targets: Seen["targets"], left: readonly string[]): void {
  const { plan, state, now } = draft;
  const { rollback, rehearsal } = state;
  if (plan.rehearsalOf === undefined || rollback === undefined || rehearsal !== undefined) return;
  const reached = rollback.cause === REHEARSED;
  const { release: of, plan: digest, to } = plan.rehearsalOf;
  draft.emit({
    type: "RehearsalCompleted",
    of,
    plan: digest,
    to,
    outcome: left.length > 0 ? "unconfirmed" : reached ? "confirmed" : "incomplete",
    components: componentsOf(state),
    took: since(rollback.startedAt, now),
    forward: state.startedAt === undefined ? ms(0) : since(state.startedAt, rollback.startedAt),
    verified: targets.map(({ component, observed }) => `${component}: ${describe(observed)}`),
    left,
  });
}

function componentsOf({ components, rollback }: ReleaseState): RehearsedComponent[] {
  return Object.entries(components)
    .filter(([, { touched }]) => touched)
    .map(([component, { previous, next }]) => {
      const item = rollback?.items.find((one) => one.kind === "target" && one.component === component);
      const isDone = item?.status === "done" && item.at !== undefined && rollback !== undefined;
      const back = isDone && item.at !== undefined ? { back: since(rollback.startedAt, item.at) } : {};
      return { component, previous, next, ...back };
    });
}
