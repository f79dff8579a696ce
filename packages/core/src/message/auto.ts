import type { Plan } from "../plan/schema.ts";
import type { Draft } from "../release/draft.ts";
import type { Link } from "../release/events.ts";

/** Whom a message of gonogo's own is for. */
export type Purpose = "status" | "customers" | "page";

const PURPOSES: Record<Purpose, RegExp> = {
  status: /status|real.?time|blow.by.blow|updates? to the team|internal/i,
  customers: /customer|public|user/i,
  page: /escalat|page|pager|high alert|on.?call/i,
};

/** Where a deployment sends what no channel of the plan is for. */
export const DEFAULT_CHANNEL = "default";

/** The plan's channels for a purpose, by what the plan says they are for. */
export function channelsFor(plan: Plan, purpose: Purpose): string[] {
  const found = plan.channels
    .filter(
      (channel) =>
        PURPOSES[purpose].test(channel.purpose) &&
        !(purpose === "status" && PURPOSES.customers.test(channel.purpose)),
    )
    .map((channel) => channel.name);
  if (found.length > 0 || purpose === "customers") return found;
  return [DEFAULT_CHANNEL];
}

/**
 * Tells people what happened. `key` names the occasion: it is told once. A message never holds up what it
 * tells of: it is an event like others, and sent after.
 */
export function tell(
  draft: Draft,
  key: string,
  purpose: Purpose,
  text: string,
  links: readonly Link[] = [],
): void {
  for (const channel of channelsFor(draft.plan, purpose)) {
    const message = `auto:${key}:${channel}`;
    if (draft.state.messages[message] !== undefined) continue;
    draft.emit({
      type: "MessageDue",
      message,
      channel,
      audience: purpose,
      text: `${draft.state.id}: ${text}`,
      ...(links.length === 0 ? {} : { links }),
    });
  }
}
