import type { RecordAuditKey } from "./commands.ts";
import type { AuditKeyEvent } from "./events.ts";
import type { AuditKeyState } from "./state.ts";

/** What a succession brings about in the deployment's log. Told twice it has happened once. */
export function recordAuditKey(
  state: AuditKeyState,
  { from, to, size }: RecordAuditKey,
): readonly AuditKeyEvent[] {
  return state.heirs.includes(to) ? [] : [{ type: "AuditKeyChanged", from, to, size }];
}
