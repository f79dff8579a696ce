import { hasRole } from "../actor/schema.ts";
import { RELEASE_MANAGER } from "../authority/authority.ts";
import type { Asking } from "../calendar/decide.ts";
import { oneOf } from "../kit/text.ts";
import type { Rejection } from "../release/commands.ts";
import type { AuditKeyCommand } from "./commands.ts";
import type { AuditKeyEvent } from "./events.ts";
import { recordAuditKey } from "./record.ts";
import type { AuditKeyState } from "./state.ts";

/** Who has the audit's key changed. */
export const KEY_KEEPERS = [RELEASE_MANAGER, "Security Officer"];

export type AuditKeyDecision =
  | { readonly ok: true; readonly events: readonly AuditKeyEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

export function decideAuditKey(
  state: AuditKeyState,
  { actor, reason }: Asking,
  body: AuditKeyCommand,
): AuditKeyDecision {
  if (body.type === "RecordAuditKey") return { ok: true, events: recordAuditKey(state, body) };
  if (!KEY_KEEPERS.some((role) => hasRole(actor, role))) {
    const message = `only ${oneOf(KEY_KEEPERS)} can have the key of the audit log changed`;
    return { ok: false, rejection: { kind: "forbidden", code: "audit-key.not-your-role", message } };
  }
  if (reason === undefined || reason.trim() === "") {
    const message = "say why the key is changed: it stays on record";
    return { ok: false, rejection: { kind: "invalid", code: "audit-key.no-reason", message } };
  }
  if (state.isAsked) {
    const message = "the key is being changed already: `gonogo audit status` says what keeps it";
    return { ok: false, rejection: { kind: "conflict", code: "audit-key.under-way", message } };
  }
  return { ok: true, events: [{ type: "AuditKeyChangeAsked" }] };
}
