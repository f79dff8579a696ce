import type { Instant } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { actMessage, closingActs, whatOf } from "./acts.ts";
import type { ClosingKind } from "./schema.ts";

/** An act of closing as people see it. */
export interface ClosingView {
  readonly id: string;
  readonly kind: ClosingKind;
  readonly what: string;
  readonly owner: string;
  /** The channel that does it; a person where there is none. */
  readonly channel?: string;
  /** The release is not closed without it. */
  readonly required: boolean;
  /** `planned` before the end; `failed`: the channel could not, and a person has to. */
  readonly status: "planned" | "open" | "failed" | "overdue" | "done";
  readonly due?: Instant;
  readonly doneAt?: Instant;
  readonly by?: string;
  readonly evidence?: string;
  /** Up to where the log stood when a ticket was closed. */
  readonly record?: { readonly seq: number; readonly digest: string };
  /** Why the channel could not. */
  readonly detail?: string;
}

export function closingViews(plan: Plan, state: ReleaseState, now: Instant): ClosingView[] {
  return closingActs(plan).map((act) => {
    const { id, kind, owner, channel, required } = act;
    const owed = state.obligations?.[id];
    const message = state.messages[actMessage(id)];
    const hasFailed = message?.status === "failed" && owed?.completedAt === undefined;
    const done = owed?.evidence ?? owed?.note;
    return {
      id,
      kind,
      what: whatOf(plan, act),
      owner,
      ...(channel === undefined ? {} : { channel }),
      required,
      status: statusOf(owed, hasFailed, now),
      ...(owed === undefined ? {} : { due: owed.due }),
      ...(owed?.completedAt === undefined ? {} : { doneAt: owed.completedAt }),
      ...(owed?.completedBy === undefined ? {} : { by: owed.completedBy }),
      ...(done === undefined ? {} : { evidence: done }),
      ...(owed?.record === undefined ? {} : { record: owed.record }),
      ...(hasFailed && message.detail !== undefined ? { detail: message.detail } : {}),
    };
  });
}

function statusOf(
  owed: { readonly due: Instant; readonly completedAt?: Instant } | undefined,
  hasFailed: boolean,
  now: Instant,
): ClosingView["status"] {
  if (owed === undefined) return "planned";
  if (owed.completedAt !== undefined) return "done";
  if (hasFailed) return "failed";
  return now >= owed.due ? "overdue" : "open";
}
