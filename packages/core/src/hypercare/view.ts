import type { Instant } from "../kit/instant.ts";
import type { Verdict } from "../metric/judge.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { openChecks } from "./decide.ts";
import { hypercareMoments } from "./rounds.ts";
import type { HypercareState } from "./state.ts";
import { machineMetric } from "./wanted.ts";

/** The hypercare, as people see it. */
export interface HypercareView extends Omit<HypercareState, "results"> {
  /** The next round, or the end. */
  readonly next?: Instant;
  readonly checks: readonly {
    readonly id: string;
    readonly check: string;
    readonly owner: string;
    readonly byPerson: boolean;
    /** It is asked in this round, and not answered. */
    readonly open: boolean;
    readonly verdict?: Verdict;
    readonly result?: string;
    readonly at?: Instant;
  }[];
}

/** Undefined before it begins, and where the plan has none. */
export function hypercareView(plan: Plan, state: ReleaseState): HypercareView | undefined {
  if (state.hypercare === undefined) return undefined;
  const { results, ...rest } = state.hypercare;
  const [next] = hypercareMoments(state);
  const open = openChecks(plan, state);
  return {
    ...rest,
    ...(next === undefined ? {} : { next }),
    checks: (plan.hypercare?.checks ?? []).map((check) => {
      const { id, owner } = check;
      const known = results[id];
      const last = known === undefined ? {} : { verdict: known.verdict, result: known.result, at: known.at };
      const byPerson = machineMetric(plan, check) === undefined;
      return { id, check: check.check, owner, byPerson, open: open.includes(check), ...last };
    }),
  };
}
