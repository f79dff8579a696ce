import { signaturesOf } from "../approval/standing.ts";
import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { PlanRevised } from "./events.ts";
import type { RevisionState } from "./state.ts";

/** The release waits at its gates again, with the new plan; what fell is kept with the revision it fell by. */
export function evolveRevision(state: ReleaseState, event: PlanRevised, meta: Meta): ReleaseState {
  const { plan, before, approved, changes, more, voided } = event;
  const revision: RevisionState = {
    n: event.revision,
    plan,
    before,
    approved,
    changes,
    ...(more === undefined ? {} : { more }),
    by: meta.by,
    at: meta.at,
    ...(meta.reason === undefined ? {} : { reason: meta.reason }),
    voided: {
      ...voided,
      approvals: Object.keys(state.approvals).flatMap((role) =>
        signaturesOf(state, role).map((signature) => ({ ...signature, role })),
      ),
    },
  };
  const {
    t: _,
    movedFrom: __,
    readiness: ___,
    quotas: ______,
    exempted: ____,
    oneWay: _____,
    poll,
    policy,
    ...rest
  } = state;
  const kept = event.policy ?? policy;
  const formerAuthors = [...(state.formerAuthors ?? []), ...(event.authors ?? [])];
  return {
    ...rest,
    ...(kept === undefined ? {} : { policy: kept }),
    ...(poll === undefined ? {} : { earlierPolls: [...(state.earlierPolls ?? []), poll] }),
    ...(formerAuthors.length === 0 ? {} : { formerAuthors }),
    plan,
    revision: event.revision,
    title: event.title,
    plannedT: event.plannedT,
    status: "gates",
    startHeld: [],
    approvals: {},
    checks: without(state.checks, voided.checks),
    probes: {},
    overrides: {},
    revisions: [...(state.revisions ?? []), revision],
  };
}

function without<T>(all: Readonly<Record<string, T>>, gone: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !gone.includes(key)));
}
