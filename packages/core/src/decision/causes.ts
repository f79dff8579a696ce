import { plus } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import type { Draft } from "../release/draft.ts";
import type { ReleaseState } from "../release/state.ts";
import type { Trigger } from "../trigger/schema.ts";
import type { Cause } from "./events.ts";
import { alarmRule } from "./schema.ts";

/** Where the causes of the rollback that is under way are kept. */
export function rollbackKey(state: ReleaseState): string | undefined {
  return state.status === "rolling-back" && state.rollback !== undefined
    ? `rollback:${state.rollback.n}`
    : undefined;
}

export function causesOf(state: ReleaseState, key: string): readonly Cause[] {
  if (key.startsWith("rollback:")) {
    return `rollback:${state.rollback?.n}` === key ? (state.rollback?.causes ?? []) : [];
  }
  return state.decisions[key]?.causes ?? [];
}

/** The open question that a trigger's firing belongs to: one that is about it already, or about as much. */
export function questionFor(state: ReleaseState, trigger: Trigger): string | undefined {
  const open = Object.entries(state.decisions).filter(([, { about }]) => about.kind === "trigger");
  const own = open.find(
    ([key, { about, causes = [] }]) =>
      (about.kind === "trigger" && about.trigger === trigger.id) ||
      causes.some((cause) => cause.trigger === trigger.id) ||
      key === `trigger:${trigger.id}`,
  );
  if (own !== undefined) return own[0];
  // What is taken off traffic goes by its own question; silence must never come to mean less than it would.
  if (trigger.respond !== "evaluate" && trigger.respond !== "pause") return undefined;
  return open.find(([, asked]) => asked.onSilence === "rollback" || trigger.respond === "pause")?.[0];
}

function isSame(a: Cause, b: Cause): boolean {
  return a.alarm === undefined ? a.alarm === b.alarm && a.trigger === b.trigger : a.alarm === b.alarm;
}

/** Writes a further cause down where one is decided already; each once (S4). */
export function addCause(draft: Draft, key: string, cause: Cause, within?: Trigger["decideWithin"]): void {
  const known = causesOf(draft.state, key);
  if (known.some((one) => isSame(one, cause)) || known.length >= MOST_CAUSES) return;
  const by = draft.state.decisions[key]?.by;
  const sooner = within === undefined || by === undefined ? undefined : plus(draft.now, within);
  draft.emit({
    type: "CauseAdded",
    to: key,
    cause,
    ...(sooner !== undefined && by !== undefined && sooner < by ? { by: sooner } : {}),
  });
}

/** As many as any plan binds; so that a state stays small enough to be written. */
const MOST_CAUSES = 500;
const MOST_NAMED = 10;

/** Once the storm is over, or the rollback: that there were so many alarms, and what was made of them. */
export function tellOfStorm(draft: Draft, key: string): void {
  const causes = causesOf(draft.state, key);
  if (causes.length < 2) return;
  const named = causes.slice(0, MOST_NAMED).map((cause) => nameOf(cause));
  const more = causes.length > MOST_NAMED ? ` and ${causes.length - MOST_NAMED} more` : "";
  const one = key.startsWith("rollback:") ? "one rollback" : "one question";
  tell(draft, `storm-${key}`, "page", `${causes.length} alarms, ${one}: ${named.join(", ")}${more}`);
}

function nameOf({ alarm, text }: Cause): string {
  return alarm === undefined ? text : alarm.slice(alarm.indexOf(":") + 1);
}

/** When the storm around a question or a rollback is told of; undefined where there is none to tell of. */
export function stormsToTell(plan: Draft["plan"], state: ReleaseState) {
  const rollback = rollbackKey(state);
  return [...(rollback === undefined ? [] : [rollback]), ...Object.keys(state.decisions)].flatMap((key) => {
    const [first, second] = causesOf(state, key);
    const isTold = Object.keys(state.messages).some((id) => id.startsWith(`auto:storm-${key}:`));
    if (first === undefined || second === undefined || isTold) return [];
    return [{ key, at: plus(first.at, alarmRule(plan).storm) }];
  });
}

export function settleStorms(draft: Draft): void {
  for (const { key, at } of stormsToTell(draft.plan, draft.state)) {
    if (draft.now >= at) tellOfStorm(draft, key);
  }
}
