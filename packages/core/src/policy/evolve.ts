import type { Meta } from "../release/evolve.ts";
import type { PolicyEvent } from "./events.ts";
import type { PolicyState, PolicyVersion } from "./state.ts";

/** Of more than these the log alone tells. */
const MOST_REMEMBERED = 100;

export function evolvePolicy(state: PolicyState, event: PolicyEvent, meta: Meta): PolicyState {
  if (event.type === "PolicyWithdrawn") {
    const withdrawn = { at: meta.at, by: meta.by, reason: meta.reason ?? "" };
    const at = state.history.findLastIndex(({ digest }) => digest === event.digest);
    return { history: state.history.map((one, index) => (index === at ? { ...one, withdrawn } : one)) };
  }
  const { digest, policy } = event;
  const version: PolicyVersion = {
    digest,
    name: policy.name,
    at: meta.at,
    by: meta.by,
    reason: meta.reason ?? "",
  };
  return { current: { digest, policy }, history: [...state.history, version].slice(-MOST_REMEMBERED) };
}
