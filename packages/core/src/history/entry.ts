import { changeClassOf } from "../change/schema.ts";
import { since } from "../kit/instant.ts";
import type { Component, Plan } from "../plan/schema.ts";
import type { ReleaseEvent } from "../release/events.ts";
import type { ReleaseState, RollbackState } from "../release/state.ts";
import { validationsOf } from "../review/decide.ts";
import { isPhase } from "../step/schema.ts";
import type { DeployedBack, DeployedComponent, DeploymentEntry } from "./schema.ts";

/** Events that change what the log of deployments says of a release. */
const CHANGES: readonly ReleaseEvent["type"][] = [
  "ReleaseStarted",
  "RolledOut",
  "ValidationRecorded",
  "ReviewOpened",
  "ReleaseCompleted",
  "RollbackStarted",
  "RollbackEnded",
  "BaselineVerified",
  "ReleaseAborted",
  // What a rollback was begun for stands in the entry as well.
  "TextsErased",
];

/** The release's entry, where one of the events has changed it; undefined also before its start. */
export function changedEntry(
  plan: Plan,
  after: ReleaseState,
  records: readonly { readonly event: ReleaseEvent }[],
): DeploymentEntry | undefined {
  return records.some(({ event }) => CHANGES.includes(event.type)) ? entryOf(plan, after) : undefined;
}

/** What the log of deployments says of a release; undefined for one that has not started: it deployed nothing. */
export function entryOf(plan: Plan, state: ReleaseState): DeploymentEntry | undefined {
  const { startedAt, rollback } = state;
  if (startedAt === undefined) return undefined;
  const verdicts = validationsOf(plan).map(({ id }) => state.validations[id]?.verdict);
  const signed = Object.entries(state.approvals).flatMap(([role, given]) =>
    given.flatMap(({ verdict, by, at }) => (verdict === "given" ? [{ role, by, at }] : [])),
  );
  return {
    release: state.id,
    title: state.title,
    environment: state.environment,
    outcome: outcomeOf(state),
    status: state.status,
    startedAt,
    ...(state.rolledOutAt === undefined ? {} : { rolledOutAt: state.rolledOutAt }),
    ...(state.endedAt === undefined ? {} : { endedAt: state.endedAt }),
    plan: state.plan,
    revision: state.revision,
    ...(plan.change === undefined ? {} : { change: plan.change }),
    changeClass: changeClassOf(plan),
    components: plan.components.map((component) => componentOf(plan, state, component)),
    ...(state.requester === undefined ? {} : { operator: state.requester }),
    approvals: signed,
    validations: {
      passed: verdicts.filter((verdict) => verdict === "pass").length,
      failed: verdicts.filter((verdict) => verdict === "fail").length,
      open: verdicts.filter((verdict) => verdict !== "pass" && verdict !== "fail").length,
    },
    ...(rollback === undefined ? {} : { rollback: backOf(rollback) }),
  };
}

function backOf({ startedAt, endedAt, cause, by, scope, left, verification }: RollbackState): DeployedBack {
  const count = (wanted: string) =>
    verification?.results.filter(({ verdict }) => verdict === wanted).length ?? 0;
  return {
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt, took: since(startedAt, endedAt) }),
    cause,
    by,
    scope,
    left,
    ...(verification === undefined || verification.results.length === 0
      ? {}
      : { metrics: { back: count("back"), off: count("off"), unknown: count("unknown") } }),
  };
}

function outcomeOf({ status, rolledOutAt }: ReleaseState): DeploymentEntry["outcome"] {
  if (status === "rolling-back" || status === "rolled-back" || status === "rollback-unconfirmed")
    return status;
  return rolledOutAt === undefined ? "rolling-out" : "deployed";
}

function componentOf(plan: Plan, state: ReleaseState, component: Component): DeployedComponent {
  const { id, name, target, commit, artifacts } = component;
  const known = state.components[id];
  const shares = plan.steps.filter(isPhase).flatMap((step) => (step.component === id ? [step.percent] : []));
  return {
    id,
    name,
    target: target.kind,
    ...(known === undefined ? {} : { previous: known.previous, version: known.next }),
    percent: known?.observed.share ?? 0,
    ...(commit === undefined ? {} : { commit }),
    ...(artifacts === undefined ? {} : { artifacts }),
    shares,
    strategy: target.kind === "manual" ? "by-hand" : shares.length > 1 ? "phased" : "all-at-once",
  };
}
