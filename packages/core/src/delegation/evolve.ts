import type { Meta } from "../release/evolve.ts";
import type { DelegationEvent } from "./events.ts";
import type { DelegationsState } from "./state.ts";

export function evolveDelegations(
  { count, open }: DelegationsState,
  event: DelegationEvent,
  meta: Meta,
): DelegationsState {
  const left = open.filter(({ id, until }) => until > meta.at && id !== event.delegation);
  if (event.type === "RoleLendingWithdrawn") return { count, open: left };
  const { type: _, delegation: id, ...lent } = event;
  return { count: count + 1, open: [...left, { id, ...lent, at: meta.at, reason: meta.reason ?? "" }] };
}
