import { hasRole, principal } from "../actor/schema.ts";
import type { Asking } from "../calendar/decide.ts";
import { shortDigest } from "../kit/digest.ts";
import { days, toMs } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { GOVERNANCE } from "../policy/schema.ts";
import type { Rejection } from "../release/commands.ts";
import type { KeyCommand } from "./commands.ts";
import type { KeyEvent } from "./events.ts";
import { isGood, type KeyState, MOST_KEYS } from "./state.ts";

export type KeyDecision =
  | { readonly ok: true; readonly events: readonly KeyEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

/** The longest that a key is good. */
export const LONGEST_LIFE = days(366);

/** Makes and withdraws the keys of tools. A person does, with a reason: no key can make another. */
export function decideKey(
  state: KeyState,
  asking: Asking & { readonly at: Instant },
  command: KeyCommand,
): KeyDecision {
  const { actor, reason } = asking;
  const isOwn =
    command.type === "RevokeKey" &&
    state.entries.some(({ id, by }) => id === command.key && by === principal(actor));
  if (actor.kind !== "person" || !(hasRole(actor, GOVERNANCE) || isOwn)) {
    return refuse(
      "forbidden",
      "key.not-your-role",
      `keys are for people of ${GOVERNANCE} to give and withdraw`,
    );
  }
  if (reason === undefined || reason.trim() === "") {
    return refuse(
      "invalid",
      "key.no-reason",
      "say what the key is for, or why it is withdrawn: give a reason",
    );
  }
  return command.type === "CreateKey" ? create(state, asking.at, command) : revoke(state, command.key);
}

function create(
  { entries }: KeyState,
  now: Instant,
  { name, digest, scopes, roles, expiresAt }: Extract<KeyCommand, { type: "CreateKey" }>,
): KeyDecision {
  if (expiresAt <= now) return refuse("invalid", "key.expired", `it would have expired at ${expiresAt}`);
  const latest = plus(now, LONGEST_LIFE);
  if (expiresAt > latest) {
    const most = toMs(LONGEST_LIFE) / 86_400_000;
    return refuse("invalid", "key.too-long", `a key is good for ${most} days at most, until ${latest}`);
  }
  if (entries.some((one) => one.digest === digest)) {
    return refuse("conflict", "key.known", "there was such a key before: make a new one");
  }
  const good = entries.filter((one) => isGood(one, now));
  if (good.length >= MOST_KEYS) {
    return refuse("conflict", "key.too-many", `there are ${good.length} keys: withdraw one that nobody uses`);
  }
  const event: KeyEvent = {
    type: "KeyCreated",
    key: `key_${shortDigest(digest)}`,
    name,
    digest,
    scopes: [...new Set(scopes)].toSorted(),
    roles: [...new Set(roles)].toSorted(),
    expiresAt,
  };
  return { ok: true, events: [event] };
}

function revoke({ entries }: KeyState, key: string): KeyDecision {
  const found = entries.find(({ id }) => id === key);
  if (found === undefined) return refuse("not-found", "key.unknown", `there is no key ${key}`);
  if (found.revoked !== undefined) return { ok: true, events: [] };
  return { ok: true, events: [{ type: "KeyRevoked", key, name: found.name }] };
}

function refuse(kind: Rejection["kind"], code: string, message: string): KeyDecision {
  return { ok: false, rejection: { kind, code, message } };
}
