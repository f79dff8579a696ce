import type { RollbackEvent } from "../release/events.ts";
import type { Meta } from "../release/evolve.ts";
import type { ReleaseState, RollbackState } from "../release/state.ts";
import { withComponent } from "../step/evolve.ts";

export function evolveRollback(state: ReleaseState, event: RollbackEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "RollbackStarted": {
      const { paused: _, ...rest } = state;
      return {
        ...rest,
        status: "rolling-back",
        decisions: {},
        rollback: {
          n: event.n,
          cause: event.cause,
          ...(event.kept === undefined ? {} : { kept: event.kept }),
          ...(event.causes === undefined ? {} : { causes: event.causes }),
          by: meta.by,
          scope: event.scope,
          startedAt: meta.at,
          items: event.items.map((item) => ({ ...item, status: "waiting" as const })),
          left: [],
        },
      };
    }
    case "RollbackItemDone":
    case "RollbackItemFailed":
      return withItem(state, event, meta);
    case "RolledBackAlone":
      return { ...state, aloneSince: event.at };
    case "RollbackEnded":
      if (state.rollback === undefined) return state;
      return {
        ...state,
        status: event.outcome,
        endedAt: meta.at,
        rollback: {
          ...state.rollback,
          endedAt: meta.at,
          outcome: event.outcome,
          left: event.left,
          ...(event.verifyUntil === undefined
            ? {}
            : { verification: { until: event.verifyUntil, results: [] } }),
        },
      };
  }
}

function withItem(
  state: ReleaseState,
  event: Extract<RollbackEvent, { type: "RollbackItemDone" | "RollbackItemFailed" }>,
  meta: Meta,
): ReleaseState {
  if (state.rollback === undefined) return state;
  const observed = event.type === "RollbackItemDone" ? event.observed : undefined;
  const items: RollbackState["items"] = state.rollback.items.map((item) =>
    item.id !== event.item
      ? item
      : {
          ...item,
          status: event.type === "RollbackItemDone" ? ("done" as const) : ("failed" as const),
          detail: event.detail,
          at: meta.at,
          ...(observed === undefined ? {} : { observed }),
        },
  );
  const next = { ...state, rollback: { ...state.rollback, items } };
  const item = items.find(({ id }) => id === event.item);
  if (observed === undefined || item?.kind !== "target") return next;
  return withComponent(next, item.component, (before) => {
    const { intended: _, drift: __, ...rest } = before;
    return { ...rest, observed };
  });
}
