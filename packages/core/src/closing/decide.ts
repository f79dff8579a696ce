import { completed } from "../obligation/decide.ts";
import { owe } from "../obligation/owe.ts";
import type { Draft } from "../release/draft.ts";
import type { Link } from "../release/events.ts";
import { actMessage, closingActs, whatOf } from "./acts.ts";
import type { ClosingAct } from "./schema.ts";
import { openRequired } from "./state.ts";
import { toldBy } from "./text.ts";

/** The traffic has its last word: what closes the release falls due, and what a channel does is asked of it. */
export function openClosing(draft: Draft): void {
  for (const act of closingActs(draft.plan)) {
    const { id, kind, owner, within, required } = act;
    const rule = { id, what: whatOf(draft.plan, act), role: owner, within, blocks: false };
    owe(draft, rule, { act: kind, ...(required ? { closes: true } : {}) });
    if (kind !== "ticket") askChannel(draft, act);
  }
}

/**
 * What a channel has done is done. A ticket comes last, for it takes the record with it. Once the review is signed
 * and nothing is left that the plan demands, the release is completed.
 */
export function settleClosing(draft: Draft): void {
  const acts = closingActs(draft.plan).filter(({ id }) => draft.state.obligations?.[id]?.act !== undefined);
  for (const { id, kind } of acts) {
    const message = draft.state.messages[actMessage(id)];
    if (message?.status !== "sent" || draft.state.obligations?.[id]?.completedAt !== undefined) continue;
    completed(
      draft,
      id,
      { evidence: `told by ${message.detail ?? message.channel}` },
      recordFor(draft, kind),
    );
  }
  if (draft.state.review.signedAt === undefined) return;
  const tickets = acts.filter(({ kind }) => kind === "ticket");
  const open = openRequired(draft.state).filter(({ act }) => act !== "ticket");
  if (open.length === 0) for (const ticket of tickets) askChannel(draft, ticket);
  if (draft.state.status === "reviewing" && openRequired(draft.state).length === 0) {
    draft.emit({ type: "ReleaseCompleted" });
  }
}

/** Up to where the log stood when a ticket was closed, so that it can be held against what was attached. */
export function recordFor(draft: Draft, kind: ClosingAct["kind"]) {
  const { head } = draft.command;
  return kind === "ticket" && head !== undefined ? { record: head } : {};
}

function askChannel(draft: Draft, act: ClosingAct): void {
  const { id, kind, channel } = act;
  const message = actMessage(id);
  if (channel === undefined || draft.state.messages[message] !== undefined) return;
  if (draft.state.obligations?.[id]?.completedAt !== undefined) return;
  const links = kind === "ticket" ? recordLinks(draft.state.id) : [];
  draft.emit({
    type: "MessageDue",
    message,
    channel,
    audience: kind,
    text: toldBy(draft, act),
    ...(links.length === 0 ? {} : { links }),
  });
}

function recordLinks(release: string): Link[] {
  return ["records", "documents", "verification"].map((rel) => ({
    rel,
    path: `/v1/releases/${encodeURIComponent(release)}/${rel}`,
  }));
}
