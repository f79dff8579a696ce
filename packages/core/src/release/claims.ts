import type { AuditRecord } from "../audit/schema.ts";
import type { Plan } from "../plan/schema.ts";
import { bindingsOf } from "../signal/decide.ts";
import type { ReleaseState } from "./state.ts";

/** What else an event claims or gives back: targets, and the alarms it listens to. */
export interface Claims {
  /** Held from now on; refused if another holds it or the fence has moved. */
  readonly acquire: readonly { readonly lock: string; readonly fence: number }[];
  readonly release: readonly string[];
  readonly bind: readonly string[];
  /** No longer listened to; the last listener is remembered, for signals that come late. */
  readonly unbind: readonly string[];
}

const NONE: Claims = { acquire: [], release: [], bind: [], unbind: [] };

/** Follows from the events alone, so that a lock cannot be held by a release whose log does not say so. */
export function claimsOf(plan: Plan, after: ReleaseState, records: readonly AuditRecord[]): Claims {
  let claims = NONE;
  for (const { event } of records) {
    switch (event.type) {
      case "ReleaseSubmitted":
        claims = { ...claims, bind: bindingsOf(plan) };
        break;
      case "ReleaseStarted":
        claims = { ...claims, acquire: event.components.map(({ lock, fence }) => ({ lock, fence })) };
        break;
      case "ReviewOpened":
      case "ReleaseAborted":
        claims = { ...claims, ...givenBack(plan, after) };
        break;
      case "RollbackEnded":
        // What is not confirmed to be back stays locked: nobody builds on it.
        if (event.outcome === "rolled-back") claims = { ...claims, ...givenBack(plan, after) };
        break;
      default:
    }
  }
  return claims;
}

function givenBack(plan: Plan, after: ReleaseState): Pick<Claims, "release" | "unbind"> {
  return { release: Object.values(after.components).map(({ lock }) => lock), unbind: bindingsOf(plan) };
}
