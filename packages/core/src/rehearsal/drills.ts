import type { Past } from "../check/history.ts";
import type { Duration } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import type { RehearsalState } from "./state.ts";

/** When the way back of a component was tried last, and by when it is to be tried again. */
export interface Drill {
  readonly component: string;
  readonly environment: string;
  readonly every: Duration;
  /** The plan that asks for it. */
  readonly askedBy: string;
  readonly last?: { readonly release: string; readonly at: Instant; readonly took: Duration };
  /** Unset: it never was tried, and is due. */
  readonly due?: Instant;
  readonly overdue: boolean;
}

/** A rehearsal, as it is listed. */
export interface RehearsalEntry extends RehearsalState {
  readonly release: string;
  readonly environment: string;
}

/** Rehearsals that are over, the newest first. */
export function rehearsalsIn(past: readonly Past[]): RehearsalEntry[] {
  return past
    .flatMap(({ plan, state }) =>
      state.rehearsal === undefined
        ? []
        : [{ ...state.rehearsal, release: state.id, environment: plan.environment }],
    )
    .toSorted((a, b) => b.at.localeCompare(a.at));
}

/** What the newest plan of each component asks to be drilled. */
export function drillsOf(past: readonly Past[], now: Instant): Drill[] {
  const done = rehearsalsIn(past).filter(({ outcome }) => outcome === "confirmed");
  const newest = past.toSorted((a, b) => b.state.submittedAt.localeCompare(a.state.submittedAt));
  const drills = new Map<string, Drill>();
  for (const { plan } of newest) {
    const { rehearse } = plan;
    if (rehearse === undefined) continue;
    for (const component of Object.keys(rehearse.targets)) {
      const key = `${component}\n${rehearse.environment}`;
      if (drills.has(key)) continue;
      const entry = done.find(
        (one) =>
          one.environment === rehearse.environment &&
          one.components.some((each) => each.component === component && each.back !== undefined),
      );
      const base = { component, environment: rehearse.environment, every: rehearse.every, askedBy: plan.id };
      if (entry === undefined) {
        drills.set(key, { ...base, overdue: true });
        continue;
      }
      const due = plus(entry.at, rehearse.every);
      const last = { release: entry.release, at: entry.at, took: entry.took };
      drills.set(key, { ...base, last, due, overdue: due <= now });
    }
  }
  return [...drills.values()].toSorted((a, b) => (a.due ?? "").localeCompare(b.due ?? ""));
}

/** How long a rollback of these components takes, as it was measured last: the longest of them. */
export function measuredRollback(
  past: readonly Past[],
  components: readonly string[],
): { readonly took: Duration; readonly release: string; readonly at: Instant } | undefined {
  const entry = rehearsalsIn(past).find(
    ({ outcome, components: tried }) =>
      outcome === "confirmed" && components.every((id) => tried.some(({ component }) => component === id)),
  );
  return entry === undefined ? undefined : { took: entry.took, release: entry.release, at: entry.at };
}
