import { hours, ms, roundedUp, spoken, toMs } from "../kit/duration.ts";
import { since } from "../kit/instant.ts";
import { at, offsetMs } from "../kit/offset.ts";
import { parseNeed } from "../plan/graph.ts";
import type { MachineCommand } from "../release/commands.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import { hasEnded } from "../release/state.ts";
import { isMet } from "../step/ready.ts";

/** A message this long overdue says so in the log. */
const LATE = ms(60_000);

/** What was to be told before T is no longer news this long after its time. */
const STALE = hours(1);

/**
 * Sends what the communication timeline says is due, once what it claims is true. Nothing is announced
 * before the gates are open, for until then nobody has said that there will be a release.
 */
export function settleMessages(draft: Draft): void {
  const { plan, state, now } = draft;
  if (state.status === "gates" || (hasEnded(state.status) && state.status !== "completed")) return;
  const t = state.t ?? state.plannedT;
  for (const message of plan.messages) {
    if (draft.state.messages[message.id] !== undefined) continue;
    const due = at(t, message.at);
    if (now < due) continue;
    if (!message.needs.every((need) => isMet(draft.state, parseNeed(need)))) continue;
    const late = since(due, now);
    if (offsetMs(message.at) < 0 && toMs(late) > toMs(STALE)) {
      draft.emit({
        type: "MessageDropped",
        message: message.id,
        why: `its time was ${spoken(roundedUp(late))} ago`,
      });
      continue;
    }
    draft.emit({
      type: "MessageDue",
      message: message.id,
      channel: message.channel,
      audience: message.audience,
      text: message.text,
      ...(toMs(late) > toMs(LATE) ? { late } : {}),
    });
  }
}

/** What was still to be told is no longer true. */
export function dropMessages(draft: Draft, why: string): void {
  for (const message of draft.plan.messages) {
    const state = draft.state.messages[message.id];
    if (state === undefined) draft.emit({ type: "MessageDropped", message: message.id, why });
  }
}

export function recordMessage(
  draft: Draft,
  record: Extract<MachineCommand, { type: "RecordMessage" }>,
): Decision {
  const before = draft.state.messages[record.message];
  if (before === undefined)
    return reject("not-found", "message.unknown", `no message "${record.message}" is due`);
  if (before.status === "sent") return draft.decided();
  if (record.sent) draft.emit({ type: "MessageSent", message: record.message, via: record.detail });
  else draft.emit({ type: "MessageFailed", message: record.message, detail: record.detail });
  return draft.decided();
}
