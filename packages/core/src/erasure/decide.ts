import { type Actor, hasRole } from "../actor/schema.ts";
import { oneOf } from "../kit/text.ts";
import { NAME_KEEPERS } from "../person/decide.ts";
import type { Rejection } from "../release/commands.ts";
import type { EraseTexts, RecordErasure } from "./commands.ts";
import type { ErasureEvent } from "./events.ts";
import type { ErasuresOf } from "./state.ts";

export type ErasureDecision =
  | { readonly ok: true; readonly events: readonly ErasureEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

interface Asking {
  readonly actor: Actor;
  readonly reason?: string | undefined;
}

/** Who has texts erased: those who have names erased. The clock has what was copied meanwhile erased as well. */
export function mayErase(actor: Actor): boolean {
  return actor.kind === "clock" || NAME_KEEPERS.some((role) => hasRole(actor, role));
}

/** What was asked for is on record first; that it is done is recorded with the texts' going. */
export function decideErasure(
  { erasures }: ErasuresOf,
  { actor, reason }: Asking,
  body: EraseTexts | RecordErasure,
): ErasureDecision {
  if (body.type === "RecordErasure") {
    const isWaiting = Object.hasOwn(erasures?.waiting ?? {}, body.erasure);
    return { ok: true, events: isWaiting ? [{ type: "TextsErased", erasure: body.erasure }] : [] };
  }
  const reject = (kind: Rejection["kind"], code: string, message: string): ErasureDecision => ({
    ok: false,
    rejection: { kind, code, message },
  });
  if (!mayErase(actor)) {
    return reject("forbidden", "erasure.not-your-role", `only ${oneOf(NAME_KEEPERS)} can have a text erased`);
  }
  if (reason === undefined || reason.trim() === "") {
    const message = "say why, such as the number of the request; and nothing of the text, for this stays";
    return reject("invalid", "erasure.no-reason", message);
  }
  if (body.texts.length === 0) return reject("invalid", "erasure.nothing", "there is no text to erase");
  return {
    ok: true,
    events: [{ type: "ErasureAsked", erasure: (erasures?.count ?? 0) + 1, texts: body.texts }],
  };
}
