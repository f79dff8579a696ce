import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { ApprovalEvent } from "./events.ts";
import { signaturesOf } from "./standing.ts";
import type { ApprovalState, Delegation } from "./state.ts";

export function evolveApprovals(state: ReleaseState, event: ApprovalEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "ApprovalGiven": {
      const { type: _, role, ...given } = event;
      const signature: ApprovalState = { ...given, verdict: "given", by: meta.by, at: meta.at };
      return withSignatures(state, role, [...othersOf(state, role, meta.by), signature]);
    }
    case "ApprovalDeclined": {
      const { type: _, role, ...given } = event;
      const signature: ApprovalState = { ...given, verdict: "declined", by: meta.by, at: meta.at };
      // What others have given falls with it, so that it makes no difference who was first.
      const declined = othersOf(state, role, meta.by).filter(({ verdict }) => verdict === "declined");
      return withSignatures(state, role, [...declined, signature]);
    }
    case "ApprovalWithdrawn":
      return withSignatures(
        state,
        event.role,
        event.by === undefined ? [] : othersOf(state, event.role, event.by),
      );
    case "ApprovalVoided":
      return withSignatures(state, event.role, othersOf(state, event.role, event.by));
    case "ApprovalExpired": {
      const signatures = signaturesOf(state, event.role).map((one): ApprovalState => {
        return one.by === event.by && one.verdict === "given" ? { ...one, verdict: "expired" } : one;
      });
      return withSignatures(state, event.role, signatures);
    }
    case "RoleDelegated": {
      const { type: _, ...lent } = event;
      const reason = meta.reason === undefined ? {} : { reason: meta.reason };
      const delegation: Delegation = { ...lent, at: meta.at, ...reason };
      return { ...state, delegations: [...without(state, event), delegation] };
    }
    case "DelegationEnded":
      return { ...state, delegations: without(state, event) };
  }
}

function othersOf(state: ReleaseState, role: string, by: string): ApprovalState[] {
  return signaturesOf(state, role).filter((one) => one.by !== by);
}

function withSignatures(
  state: ReleaseState,
  role: string,
  signatures: readonly ApprovalState[],
): ReleaseState {
  const { [role]: _, ...approvals } = state.approvals;
  return { ...state, approvals: signatures.length === 0 ? approvals : { ...approvals, [role]: signatures } };
}

function without(
  state: ReleaseState,
  gone: Pick<Delegation, "role" | "from" | "to" | "everywhere">,
): Delegation[] {
  return (state.delegations ?? []).filter(
    ({ role, from, to, everywhere }) =>
      role !== gone.role || from !== gone.from || to !== gone.to || everywhere !== gone.everywhere,
  );
}
