import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { HypercareEvent } from "./events.ts";
import type { HypercareState } from "./state.ts";

export function evolveHypercare(state: ReleaseState, event: HypercareEvent, meta: Meta): ReleaseState {
  const put = (hypercare: HypercareState): ReleaseState => ({ ...state, hypercare });
  if (event.type === "HypercareStarted") {
    const none = { passed: 0, failed: 0, held: 0, missed: 0 };
    return put({ startedAt: meta.at, until: event.until, round: 0, results: {}, ...none });
  }
  const before = state.hypercare;
  if (before === undefined) return state;
  switch (event.type) {
    case "HypercareRoundOpened":
      return put({ ...before, round: event.round });
    case "HypercareChecked": {
      const { round, check, verdict, result } = event;
      const results = { ...before.results, [check]: { round, verdict, result, at: meta.at, by: meta.by } };
      const count = verdict === "pass" ? "passed" : verdict === "fail" ? "failed" : "held";
      return put({ ...before, results, [count]: before[count] + 1 });
    }
    case "HypercareMissed":
      return put({ ...before, missed: before.missed + event.checks.length });
    case "HypercareEnded":
      return put({ ...before, endedAt: meta.at });
  }
}
