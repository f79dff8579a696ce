import { alarmRule } from "../decision/schema.ts";
import { toMs } from "../kit/duration.ts";
import { type Instant, plus, toMillis } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { bindingKey, type Signal } from "./schema.ts";

/** How an alarm has behaved, by its own clock. */
export interface FlapState {
  /** What it said, the oldest first, by its own clock. */
  readonly changes: readonly { readonly state: Signal["state"]; readonly at: Instant }[];
  /** The triggers that it has fired: quarantine never hides a trigger's first alarm. */
  readonly fired: readonly string[];
  readonly quarantine?: { readonly since: Instant; readonly changes: number };
}

export type FlapEvent =
  | {
      readonly type: "AlarmQuarantined";
      readonly source: Signal["source"];
      readonly name: string;
      readonly changes: number;
    }
  | {
      readonly type: "QuarantineLifted";
      readonly source: Signal["source"];
      readonly name: string;
      readonly why: "calm" | "person";
    };

/** More than any rule asks for; what is older says nothing of the last minutes. */
const MOST_CHANGES = 40;

export function flapOf(state: ReleaseState, signal: Pick<Signal, "source" | "name">): FlapState {
  return state.flaps?.[bindingKey(signal)] ?? { changes: [], fired: [] };
}

export function isQuarantined(state: ReleaseState, signal: Pick<Signal, "source" | "name">): boolean {
  return flapOf(state, signal).quarantine !== undefined;
}

/** The history with one more change in its place: the same whatever order they are told in, and how often. */
export function withChange(before: FlapState, signal: Pick<Signal, "state" | "at">): FlapState {
  const { state, at } = signal;
  if (before.changes.some((one) => one.at === at && one.state === state)) return before;
  const all = [...before.changes, { state, at }].toSorted(
    (a, b) => a.at.localeCompare(b.at) || a.state.localeCompare(b.state),
  );
  return { ...before, changes: all.slice(-MOST_CHANGES) };
}

/** The most changes that fell into one stretch of the rule's length; to red from nothing known is one. */
export function mostChanges(plan: Plan, { changes }: FlapState): number {
  const within = toMs(alarmRule(plan).within);
  const times = changes
    .filter(({ state }, index) => (index === 0 ? state === "alarm" : state !== changes[index - 1]?.state))
    .map(({ at }) => toMillis(at));
  let [most, from] = [0, 0];
  for (const [index, time] of times.entries()) {
    while (time - (times[from] ?? time) > within) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

/** When a quarantined alarm will have stood still for long enough. */
export function calmAt(plan: Plan, flap: FlapState): Instant | undefined {
  const last = flap.changes.at(-1);
  if (flap.quarantine === undefined || last === undefined) return undefined;
  return plus(last.at > flap.quarantine.since ? last.at : flap.quarantine.since, alarmRule(plan).calm);
}

export function evolveFlaps(state: ReleaseState, event: FlapEvent, at: Instant): ReleaseState {
  const key = bindingKey(event);
  const before = flapOf(state, event);
  if (event.type === "AlarmQuarantined") {
    const quarantine = { since: at, changes: event.changes };
    return { ...state, flaps: { ...state.flaps, [key]: { ...before, quarantine } } };
  }
  // What it did before it was believed again does not count a second time.
  const { quarantine: _, ...rest } = before;
  return { ...state, flaps: { ...state.flaps, [key]: { ...rest, changes: rest.changes.slice(-1) } } };
}
