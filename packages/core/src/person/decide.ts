import { hasRole, principal } from "../actor/schema.ts";
import { RELEASE_MANAGER } from "../authority/authority.ts";
import type { Asking } from "../calendar/decide.ts";
import { oneOf } from "../kit/text.ts";
import type { Rejection } from "../release/commands.ts";
import type { ForgetName } from "./commands.ts";
import type { PersonEvent } from "./events.ts";

/** Who has the name of somebody else erased. Everyone may have their own. */
export const NAME_KEEPERS = [RELEASE_MANAGER, "Data Protection Officer", "Privacy Officer"];

export type PersonDecision =
  | { readonly ok: true; readonly events: readonly PersonEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

/** Whether a person's name is erased. In the logs there is none: only that it was asked for, of which id. */
export function decidePerson({ actor, reason }: Asking, { person }: ForgetName): PersonDecision {
  const isOwn = actor.kind === "person" && principal(actor) === person;
  if (!isOwn && !NAME_KEEPERS.some((role) => hasRole(actor, role))) {
    const message = `only ${oneOf(NAME_KEEPERS)} can have the name of somebody else erased`;
    return { ok: false, rejection: { kind: "forbidden", code: "person.not-your-role", message } };
  }
  if (reason === undefined || reason.trim() === "") {
    const message = "say why, such as the number of the request; and no name, for this stays on record";
    return { ok: false, rejection: { kind: "invalid", code: "person.no-reason", message } };
  }
  return { ok: true, events: [{ type: "NameForgotten", person }] };
}
