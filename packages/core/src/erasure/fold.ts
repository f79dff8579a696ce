import type { AuditRecord } from "../audit/schema.ts";
import type { Plan } from "../plan/schema.ts";
import { evolve, initialState, metaOf } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import { readable } from "./readable.ts";

/**
 * The state that a release's log leads to, with words in the place of texts that are erased. `planOf` has its
 * revisions. Throws where the log does not begin with a submission.
 */
export async function foldRelease(
  records: readonly AuditRecord[],
  planOf: (revision: number) => Promise<Plan>,
): Promise<ReleaseState> {
  let state: ReleaseState | undefined;
  let plan: Plan | undefined;
  let command = "";
  for (const record of readable(records)) {
    const { event } = record;
    if (record.command !== command) {
      // The records of one command are folded by the plan that they lead to, as when they were written.
      command = record.command;
      const revised = records.find(
        (one) => one.command === command && one.event.type === "PlanRevised",
      )?.event;
      if (revised?.type === "PlanRevised") plan = await planOf(revised.revision);
    }
    const meta = metaOf(record);
    if (event.type === "ReleaseSubmitted") {
      plan = await planOf(event.revision);
      state = initialState(record.release, event, meta);
    } else if (state !== undefined && plan !== undefined) state = evolve(plan, state, event, meta);
  }
  if (state === undefined) throw new Error("a release begins with its submission");
  return state;
}
