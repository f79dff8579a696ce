import { principal } from "../actor/schema.ts";
import type { AuditRecord } from "../audit/schema.ts";
import { readable } from "../erasure/readable.ts";
import type { Duration } from "../kit/duration.ts";
import { earliest, type Instant, since } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import { whatHappened } from "./tell.ts";

/** An incident as the log tells it. Nothing of it is filled in by hand. */
export interface IncidentRecord {
  readonly id: string;
  readonly release: string;
  readonly title: string;
  readonly environment: string;
  readonly change?: string;
  readonly cause: string;
  /** The components that it is about. */
  readonly scope: readonly {
    readonly component: string;
    readonly released?: string;
    readonly previous?: string;
  }[];
  readonly declared: boolean;
  readonly moments: Moments;
  readonly durations: Durations;
  readonly outcome: "open" | "rolled-back" | "rollback-unconfirmed" | "resolved";
  readonly how?: string;
  readonly left: readonly string[];
  readonly timeline: readonly TimelineRow[];
  /** Who had a part in it, by the roles that they held. Ids; names are kept apart. */
  readonly people: readonly { readonly role: string; readonly ids: readonly string[] }[];
  readonly postmortemDue: Instant;
  readonly postmortemAt?: Instant;
}

export interface Moments {
  readonly detected: Instant;
  /** The rollback was begun, or the incident was declared. */
  readonly decided: Instant;
  /** The last target was put back. */
  readonly trafficBack?: Instant;
  /** It was read back and found to be so, or said to be mended. */
  readonly verified?: Instant;
}

/** Each from one moment to the next; `whole` is from detection to verification. */
export interface Durations {
  readonly toDecide: Duration;
  readonly toTrafficBack?: Duration;
  readonly toVerify?: Duration;
  readonly whole?: Duration;
}

export interface TimelineRow {
  readonly at: Instant;
  readonly what: string;
  readonly by?: string;
}

/** The record of a release's incident; undefined where it has none. `records` is the whole log. */
export function incidentRecord(
  plan: Plan,
  state: ReleaseState,
  records: readonly AuditRecord[],
): IncidentRecord | undefined {
  const { incident, rollback } = state;
  if (incident === undefined) return undefined;
  const moments = momentsOf(state, records);
  const components = incident.scope ?? rollback?.scope ?? plan.components.map(({ id }) => id);
  const { resolvedAt, how } = incident;
  return {
    id: incident.id,
    release: state.id,
    title: state.title,
    environment: state.environment,
    ...(plan.change === undefined ? {} : { change: plan.change }),
    cause: incident.cause ?? rollback?.cause ?? "",
    scope: components.map((component) => {
      const known = state.components[component];
      return known === undefined
        ? { component }
        : { component, released: known.next, previous: known.previous };
    }),
    declared: incident.declared === true,
    moments,
    durations: durationsOf(moments),
    outcome: rollback?.outcome ?? (resolvedAt === undefined ? "open" : "resolved"),
    ...(how === undefined ? {} : { how }),
    left: rollback?.left ?? [],
    timeline: timelineOf(readable(records)),
    people: peopleOf(records, moments.detected),
    postmortemDue: incident.postmortemDue,
    ...(state.review.signedAt === undefined ? {} : { postmortemAt: state.review.signedAt }),
  };
}

function momentsOf(state: ReleaseState, records: readonly AuditRecord[]): Moments {
  const { incident, rollback } = state;
  const begun = records.find(({ event }) => event.type === "RollbackStarted");
  const opened = incident?.openedAt ?? state.submittedAt;
  const decided = earliest(begun?.at ?? opened, opened);
  const detected = incident?.detectedAt ?? detectedBefore(records, decided) ?? decided;
  const targets = (rollback?.items ?? []).flatMap((item) => (item.kind === "target" ? [item] : []));
  const back = targets.every(({ status }) => status === "done")
    ? targets
        .flatMap(({ at }) => at ?? [])
        .sort()
        .at(-1)
    : undefined;
  const verified = rollback?.outcome === "rolled-back" ? rollback.endedAt : incident?.resolvedAt;
  return {
    detected: earliest(detected, decided),
    decided,
    ...(back === undefined ? {} : { trafficBack: back }),
    ...(verified === undefined ? {} : { verified }),
  };
}

/** The first sign of it: since the last share was shifted, and before it was decided what to do. */
function detectedBefore(records: readonly AuditRecord[], decided: Instant): Instant | undefined {
  const before = records.filter(({ at }) => at <= decided);
  const shifted = before.findLastIndex(({ event }) => event.type === "ShiftDone");
  for (const { at, event } of before.slice(shifted + 1)) {
    switch (event.type) {
      case "SignalReceived":
        if (event.signal.state === "alarm" && event.triggers.length > 0) return earliest(event.signal.at, at);
        break;
      case "TriggerBreached":
      case "TriggerFired":
      case "PhaseHeld":
      case "DriftFound":
      case "StepFailed":
        return at;
      case "VerdictChanged":
        if (event.verdict === "fail") return at;
        break;
      default:
    }
  }
  return undefined;
}

function durationsOf({ detected, decided, trafficBack, verified }: Moments): Durations {
  return {
    toDecide: since(detected, decided),
    ...(trafficBack === undefined ? {} : { toTrafficBack: since(decided, trafficBack) }),
    ...(verified === undefined
      ? {}
      : { toVerify: since(trafficBack ?? decided, verified), whole: since(detected, verified) }),
  };
}

function timelineOf(records: readonly AuditRecord[]): TimelineRow[] {
  return records.flatMap(({ at, actor, event }) => {
    const what = whatHappened(event);
    if (what === undefined) return [];
    const by = principal(actor);
    return [{ at, what, ...(by === undefined ? {} : { by }) }];
  });
}

/** Everybody who did something from its detection on, under each role that they held then. */
function peopleOf(records: readonly AuditRecord[], from: Instant): IncidentRecord["people"] {
  const byRole = new Map<string, Set<string>>();
  for (const { at, actor } of records) {
    if (at < from || (actor.kind !== "person" && actor.kind !== "tool")) continue;
    for (const role of actor.roles) byRole.set(role, (byRole.get(role) ?? new Set()).add(actor.id));
  }
  return [...byRole].toSorted().map(([role, ids]) => ({ role, ids: [...ids] }));
}
