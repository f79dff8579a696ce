import type { AuditRecord } from "../audit/schema.ts";
import { changedEntry } from "../history/entry.ts";
import type { DeploymentEntry } from "../history/schema.ts";
import type { Instant } from "../kit/instant.ts";
import { type Measure, measureOf } from "../measure/measure.ts";
import { blockingIn, openIn, owedIn } from "../obligation/state.ts";
import type { Plan } from "../plan/schema.ts";
import { bindingsOf } from "../signal/decide.ts";
import { bindingKey } from "../signal/schema.ts";
import type { ReleaseEvent } from "./events.ts";
import { hasEnded, type ReleaseState } from "./state.ts";
import { nextVisit } from "./tick.ts";

/** What else an event claims or gives back: targets, and the alarms it listens to. */
export interface Claims {
  /** Held from now on; refused if another holds it or the fence has moved. */
  readonly acquire: readonly { readonly lock: string; readonly fence: number }[];
  readonly release: readonly string[];
  readonly bind: readonly string[];
  /** No longer listened to; the last listener is remembered, for signals that come late. */
  readonly unbind: readonly string[];
  /** What the log of deployments says of it from now on; absent where nothing of that has changed. */
  readonly deployed?: DeploymentEntry;
  /** What is kept of it for measuring, from its end on. */
  readonly measure?: Measure;
  /** What is left to be found once the release is out of sight; absent where nothing of it has changed. */
  readonly afterwards?: Afterwards;
}

/** By what a release is found after its end, and by those that come after it. */
export interface Afterwards {
  /** `none`: it never owed anything. */
  readonly obligations: "none" | "open" | "closed";
  /** It has ended, and the clock still has to visit it. */
  readonly visits: boolean;
  /** Targets of which no other standard release starts until something is done. */
  readonly blocks: readonly string[];
  readonly frees: readonly string[];
}

/** After these there is something to measure, or something else. */
const MEASURED: readonly ReleaseEvent["type"][] = [
  "ReviewOpened",
  "RollbackEnded",
  "ReleaseAborted",
  "IncidentOpened",
  "IncidentResolved",
];

const NONE: Claims = { acquire: [], release: [], bind: [], unbind: [] };

/** Follows from the events alone, so that a lock cannot be held by a release whose log does not say so. */
export function claimsOf(
  plan: Plan,
  after: ReleaseState,
  records: readonly AuditRecord[],
  /** The plan before, where these records revise it. */
  before: Plan = plan,
): Claims {
  let claims = NONE;
  for (const { event } of records) {
    switch (event.type) {
      case "ReleaseSubmitted":
        claims = { ...claims, bind: bindingsOf(plan, after) };
        break;
      case "PlanRevised": {
        const bindings = bindingsOf(plan, after);
        const gone = bindingsOf(before, after).filter((binding) => !bindings.includes(binding));
        claims = { ...claims, bind: bindings, unbind: gone };
        break;
      }
      case "AlarmsResolved": {
        const gone = (event.gone ?? []).map((name) => bindingKey({ from: "cloudwatch", name }));
        const bound = bindingsOf(plan, after);
        claims = { ...claims, bind: bound, unbind: gone.filter((one) => !bound.includes(one)) };
        break;
      }
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
  const deployed = changedEntry(plan, after, records);
  if (deployed !== undefined) claims = { ...claims, deployed };
  const isTouched = records.some(({ event }) => event.type.startsWith("Obligation"));
  const isOver = records.some(({ event }) => MEASURED.includes(event.type));
  const measure = isOver ? measureOf(plan, after) : undefined;
  if (measure !== undefined) claims = { ...claims, measure };
  const last = records.at(-1);
  if (last === undefined || !(isTouched || hasEnded(after.status))) return claims;
  return { ...claims, afterwards: afterwardsOf(plan, after, last.at) };
}

function afterwardsOf(plan: Plan, after: ReleaseState, now: Instant): Afterwards {
  const owed = owedIn(after);
  const locks = Object.values(after.components).map(({ lock }) => lock);
  const isBlocked = blockingIn(after).length > 0;
  return {
    obligations: owed.length === 0 ? "none" : openIn(after).length > 0 ? "open" : "closed",
    visits: hasEnded(after.status) && nextVisit(plan, after, now) !== undefined,
    blocks: isBlocked ? locks : [],
    frees: !isBlocked && owed.some(({ blocks }) => blocks) ? locks : [],
  };
}

function givenBack(plan: Plan, after: ReleaseState): Pick<Claims, "release" | "unbind"> {
  return {
    release: Object.values(after.components).map(({ lock }) => lock),
    unbind: bindingsOf(plan, after),
  };
}
