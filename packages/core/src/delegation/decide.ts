import { type Actor, hasRole, principal } from "../actor/schema.ts";
import { days, spoken, toMs } from "../kit/duration.ts";
import { type Instant, latest, since } from "../kit/instant.ts";
import { GOVERNANCE } from "../policy/schema.ts";
import type { Rejection } from "../release/commands.ts";
import type { DelegationCommand } from "./commands.ts";
import type { DelegationEvent } from "./events.ts";
import type { DelegationsState } from "./state.ts";

export type DelegationDecision =
  | { readonly ok: true; readonly events: readonly DelegationEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

/** Nobody is away longer; who is gives the role to somebody else. */
const LONGEST = days(90);
const MOST_OPEN = 300;

interface Asking {
  readonly at: Instant;
  readonly actor: Actor;
  readonly reason?: string | undefined;
}

/**
 * Lends a role that one holds oneself to somebody else, for every release and for a time, or ends that. Who
 * was lent a role does not hold it: it is not passed on, and it signs and votes and does nothing else.
 */
export function decideDelegation(
  state: DelegationsState,
  command: Asking,
  body: DelegationCommand,
): DelegationDecision {
  const { actor, reason } = command;
  const who = principal(actor);
  if (actor.kind !== "person" || who === undefined) {
    return refuse("forbidden", "delegation.not-a-person", "only a person can delegate a role");
  }
  if (reason === undefined || reason.trim() === "") {
    return refuse("invalid", "delegation.no-reason", "a delegation has to say why: give a reason");
  }
  return body.type === "LendRole" ? lend(state, command, who, body) : withdraw(state, command, who, body);
}

function lend(
  state: DelegationsState,
  { actor, at }: Asking,
  who: string,
  wish: Extract<DelegationCommand, { type: "LendRole" }>,
): DelegationDecision {
  const { role, to, until } = wish;
  if (!hasRole(actor, role)) {
    const message = `you do not hold the role ${role} yourself; what was delegated is not passed on`;
    return refuse("forbidden", "delegation.not-your-role", message);
  }
  if (to === who) return refuse("invalid", "delegation.to-self", "name somebody else to delegate to");
  const from = latest(at, wish.from ?? at);
  if (until <= from) {
    const message = `it would end at ${until}, before it begins; name a later end`;
    return refuse("invalid", "delegation.over", message);
  }
  if (toMs(since(at, until)) > toMs(LONGEST)) {
    const message = `a role is delegated for at most ${spoken(LONGEST)}; who is away longer gives it to somebody else`;
    return refuse("invalid", "delegation.too-long", message);
  }
  const open = state.open.filter((one) => one.until > at);
  const same = open.find((one) => one.role === role && one.from === who && one.to === to && one.until > from);
  if (same !== undefined) {
    const message = `you have delegated ${role} to them until ${same.until} (${same.id}); withdraw that first`;
    return refuse("conflict", "delegation.twice", message);
  }
  if (open.length >= MOST_OPEN) {
    return refuse(
      "conflict",
      "delegation.too-many",
      `${MOST_OPEN} delegations are open; withdraw some first`,
    );
  }
  const delegation = `delegation-${state.count + 1}`;
  return { ok: true, events: [{ type: "RoleLent", delegation, role, from: who, to, since: from, until }] };
}

function withdraw(
  state: DelegationsState,
  { actor, at }: Asking,
  who: string,
  { delegation }: Extract<DelegationCommand, { type: "WithdrawRole" }>,
): DelegationDecision {
  const found = state.open.find(({ id, until }) => id === delegation && until > at);
  if (found === undefined) {
    return refuse("not-found", "delegation.unknown", `there is no open delegation "${delegation}"`);
  }
  if (found.from !== who && found.to !== who && !hasRole(actor, GOVERNANCE)) {
    const message = `it is withdrawn by who gave it, who has it, or ${GOVERNANCE}`;
    return refuse("forbidden", "delegation.not-yours", message);
  }
  return { ok: true, events: [{ type: "RoleLendingWithdrawn", delegation }] };
}

function refuse(kind: Rejection["kind"], code: string, message: string): DelegationDecision {
  return { ok: false, rejection: { kind, code, message } };
}
