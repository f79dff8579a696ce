import { verifyUntil } from "../baseline/decide.ts";
import { openClosing } from "../closing/decide.ts";
import { tellOfStorm } from "../decision/causes.ts";
import type { Cause } from "../decision/events.ts";
import { openIncident } from "../incident/decide.ts";
import { oneOf } from "../kit/text.ts";
import { tell } from "../message/auto.ts";
import { dropMessages } from "../message/decide.ts";
import { oweAll } from "../obligation/owe.ts";
import { dependents, findComponent, findStep } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import { completeRehearsal, isRehearsal, REHEARSED } from "../rehearsal/decide.ts";
import type { MachineCommand, Seen } from "../release/commands.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import { describe } from "../release/drift.ts";
import type { RollbackItem } from "../release/events.ts";
import { spokenStatus } from "../release/spoken.ts";
import { canStop, hasEnded, type ReleaseState } from "../release/state.ts";
import { stepState } from "../step/evolve.ts";
import { rollbackRank } from "../target/pace.ts";
import { isBack } from "../target/port.ts";
import { keptIn } from "./reachable.ts";
import type { RollbackRule } from "./schema.ts";

/** What a rollback takes in: a component and what stands on it; without one, everything. */
export function scopeOf(plan: Plan, component: string | undefined): string[] {
  return component === undefined
    ? plan.components.map(({ id }) => id)
    : [component, ...dependents(plan, component)];
}

/**
 * Begins the rollback: from this event on nothing but it moves anything of this release (S2). `component`
 * narrows it to one component and what stands on it; else everything that was touched goes back. One that
 * is under way already is taken over, with all that it has in hand.
 */
export function startRollback(
  draft: Draft,
  cause: string,
  component?: string,
  given: readonly Cause[] = [],
): void {
  const { plan, state } = draft;
  const under = state.status === "rolling-back" ? state.rollback : undefined;
  const scope = [...new Set([...(under?.scope ?? []), ...scopeOf(plan, component), ...inMidway(state)])];
  const n = (state.rollback?.n ?? 0) + 1;
  const doneByHand = (state.rollback?.items ?? [])
    .filter((item) => item.kind === "manual" && item.status === "done")
    .map(({ id }) => id);
  const items = rollbackItems(plan, state, scope).filter(({ id }) => !doneByHand.includes(id));
  dropMessages(draft, `the release is being rolled back: ${cause}`);
  const kept = keptIn(plan, state, scope);
  const causes = [...(under?.causes ?? []), ...given];
  draft.emit({
    type: "RollbackStarted",
    n,
    cause,
    scope,
    items,
    ...(kept.length === 0 ? {} : { kept }),
    ...(causes.length === 0 ? {} : { causes }),
  });
  tell(draft, `rollback-${n}`, "status", `rolling back. ${cause}`);
  const byHand = items.flatMap((item) => (item.kind === "manual" ? [`${item.what} (${item.owner})`] : []));
  const asked = byHand.length === 0 ? "" : `. By hand: ${byHand.join("; ")}`;
  // A rehearsal that goes as it should wakes nobody.
  if (cause === REHEARSED && byHand.length === 0) return;
  tell(draft, `rollback-page-${n}`, "page", `rolling back. ${cause}${asked}`);
}

/** Components that have a share and not all of it: the release ends with this, and nobody would watch them. */
function inMidway(state: ReleaseState): string[] {
  return Object.entries(state.components)
    .filter(([, { touched, observed }]) => touched && observed.share < 100)
    .map(([id]) => id);
}

/** What has to be put back, in the order in which it is done: live traffic first, then in reverse. */
export function rollbackItems(plan: Plan, state: ReleaseState, scope: readonly string[]): RollbackItem[] {
  const stays = new Set(keptIn(plan, state, scope).flatMap(({ component }) => component ?? []));
  const touched = Object.entries(state.components)
    .filter(([id, component]) => component.touched && scope.includes(id) && !stays.has(id))
    .toSorted(([a, x], [b, y]) => {
      const rank = rollbackRank(kindOf(plan, a)) - rollbackRank(kindOf(plan, b));
      return rank !== 0 ? rank : (y.firstTouchedAt ?? "").localeCompare(x.firstTouchedAt ?? "");
    });
  const targets = touched.map(([id, component]): RollbackItem => {
    const rule = ruleFor(plan, id);
    return component.revert === undefined
      ? {
          id,
          kind: "manual",
          what: rule?.command ?? `put ${id} back on ${component.previous}`,
          owner: ownerOf(plan, id),
        }
      : { id, kind: "target", component: id, call: component.revert };
  });
  const steps = doneSteps(plan, state).flatMap((step): RollbackItem[] => {
    if (step.kind === "phase" || step.kind === "check" || step.oneWay !== undefined) return [];
    const undoneBy =
      step.kind === "manual" && step.undoneBy !== undefined ? findStep(plan, step.undoneBy) : undefined;
    if (undoneBy !== undefined && stepState(state, undoneBy.id).status === "done") return [];
    const what = step.undo ?? undoneBy?.do;
    return what === undefined ? [] : [{ id: `undo-${step.id}`, kind: "manual", what, owner: step.owner }];
  });
  const untouchedRules =
    touched.length === 0 ? [] : plan.rollback.filter((rule) => isForPeople(plan, state, rule));
  const asked = untouchedRules.map(
    (rule): RollbackItem => ({
      id: `asked-${rule.component}`,
      kind: "manual",
      what: `${rule.name ?? rule.component}: ${rule.command} (or say that it was not needed)`,
      owner: ownerOf(plan, rule.component),
    }),
  );
  return [...targets, ...steps, ...asked];
}

function kindOf(plan: Plan, component: string) {
  return findComponent(plan, component)?.target.kind ?? "manual";
}

function ruleFor(plan: Plan, component: string): RollbackRule | undefined {
  return plan.rollback.find((rule) => rule.component === component);
}

/** A rule about something that no phase moves, but that a step done by hand may have changed. */
function isForPeople(plan: Plan, state: ReleaseState, rule: RollbackRule): boolean {
  return kindOf(plan, rule.component) === "manual" && state.components[rule.component]?.touched !== true;
}

/** Who is asked: the owner of the component's last phase, or whoever manages the release. */
function ownerOf(plan: Plan, component: string): string {
  const phase = plan.steps.findLast((step) => step.kind === "phase" && step.component === component);
  return phase?.owner ?? plan.review.role;
}

/** Steps that were done, the last first. */
function doneSteps(plan: Plan, state: ReleaseState) {
  return plan.steps
    .filter((step) => stepState(state, step.id).status === "done")
    .toSorted((a, b) =>
      (stepState(state, b.id).endedAt ?? "").localeCompare(stepState(state, a.id).endedAt ?? ""),
    );
}

/** A person or a tool asks for it. It is never refused for being too early, and wins over everything. */
export function askRollback(draft: Draft): Decision {
  const { state, command } = draft;
  const cause = command.reason ?? "asked for";
  const isWhole = draft.plan.components.every(({ id }) => state.rollback?.scope.includes(id) === true);
  if (state.status === "rolling-back" && isWhole) {
    return reject(
      "conflict",
      "rollback.running",
      `rollback ${state.rollback?.n} is already under way: ${state.rollback?.cause}`,
    );
  }
  if (canStop(state.status) || ["rolling-back", "rollback-unconfirmed"].includes(state.status)) {
    startRollback(draft, cause);
    return draft.decided();
  }
  const how =
    state.status === "reviewing" ? "its rollout is complete and its targets are released" : "it has ended";
  return reject(
    "conflict",
    "rollback.too-late",
    `the release is ${spokenStatus(state.status)}: ${how}; a new release has to put it back`,
  );
}

/** Ends the release. What was touched is put back; where nothing was, there is nothing to put back. */
export function askAbort(draft: Draft): Decision {
  const { plan, state, command } = draft;
  const why = command.reason ?? "aborted";
  if (state.status === "rolling-back") {
    return reject("conflict", "abort.rolling-back", "it is being rolled back, which is how it ends");
  }
  if (!canStop(state.status))
    return reject("conflict", "abort.ended", `the release is ${spokenStatus(state.status)}`);
  if (
    rollbackItems(
      plan,
      state,
      plan.components.map(({ id }) => id),
    ).length > 0 ||
    Object.values(state.components).some(({ touched }) => touched)
  ) {
    startRollback(draft, `aborted: ${why}`);
  } else {
    dropMessages(draft, `the release was aborted: ${why}`);
    draft.emit({ type: "ReleaseAborted", why });
    tell(draft, "aborted", "status", `aborted before anything was shifted. ${why}`);
  }
  return draft.decided();
}

export function recordPutBack(
  draft: Draft,
  record: Extract<MachineCommand, { type: "RecordPutBack" }>,
): Decision {
  const { rollback, status } = draft.state;
  const item = rollback?.items.find(({ id }) => id === record.item);
  if (rollback === undefined || item === undefined) {
    return reject("not-found", "rollback.unknown-item", `this rollback does not put back "${record.item}"`);
  }
  if (item.status === "done" && record.ok) return draft.decided();
  if (status !== "rolling-back")
    return reject("conflict", "rollback.not-running", `the release is ${spokenStatus(status)}`);
  const { n } = rollback;
  if (record.ok) {
    const observed = record.observed === undefined ? {} : { observed: record.observed };
    draft.emit({ type: "RollbackItemDone", n, item: record.item, detail: record.detail, ...observed });
  } else {
    draft.emit({ type: "RollbackItemFailed", n, item: record.item, detail: record.detail });
    tell(
      draft,
      `putback-${n}-${record.item}`,
      "page",
      `${record.item} could not be put back: ${record.detail}`,
    );
  }
  return draft.decided();
}

/** What was put back and has been changed since, by another hand: it is on record, and put back again. */
export function settlePutBack(draft: Draft, targets: Seen["targets"]): void {
  const { rollback, status } = draft.state;
  if (status !== "rolling-back" || rollback === undefined) return;
  for (const item of rollback.items) {
    if (item.kind !== "target" || item.status !== "done") continue;
    const seen = targets.find(({ component }) => component === item.component)?.observed;
    if (seen === undefined || isBack(seen, item.call)) continue;
    const detail = `somebody else changed it after it was put back: ${describe(seen)}`;
    draft.emit({ type: "RollbackItemFailed", n: rollback.n, item: item.id, detail });
    tell(draft, `changed-${rollback.n}-${item.id}-${draft.now}`, "page", `${item.component}: ${detail}`);
  }
}

/** Ends the rollback by what the targets say now, not by what was asked of them (S3). */
export function endRollback(draft: Draft, targets: Seen["targets"]): Decision {
  const { state, plan } = draft;
  const { rollback } = state;
  if (rollback === undefined || state.status !== "rolling-back") {
    if (hasEnded(state.status)) return draft.decided();
    return reject("conflict", "rollback.not-running", `the release is ${spokenStatus(state.status)}`);
  }
  const left = rollback.items.flatMap((item) => {
    if (item.kind === "manual") return item.status === "done" ? [] : [`${item.what} (${item.owner})`];
    const seen = targets.find((target) => target.component === item.component)?.observed;
    if (seen === undefined) return [`${item.component}: could not be read; ${item.call.command}`];
    if (isBack(seen, item.call)) return [];
    return [`${item.component} is on ${seen.primary}, not ${item.call.previous}; ${item.call.command}`];
  });
  const outcome = left.length === 0 ? "rolled-back" : "rollback-unconfirmed";
  tellOfStorm(draft, `rollback:${rollback.n}`);
  const until = verifyUntil(draft);
  draft.emit({
    type: "RollbackEnded",
    n: rollback.n,
    outcome,
    left,
    ...(rollback.kept === undefined ? {} : { kept: rollback.kept }),
    ...(until === undefined ? {} : { verifyUntil: until }),
  });
  const touched = Object.values(state.components).some((component) => component.touched);
  completeRehearsal(draft, targets, left);
  if (touched && !isRehearsal(plan)) {
    openIncident(draft, { cause: rollback.cause, scope: rollback.scope });
    oweAll(draft, "rollback");
    oweAll(draft, "end");
    openClosing(draft);
  }
  const kept = rollback.kept ?? [];
  const versions = Object.entries(state.components)
    .filter(([id, component]) => component.touched && !kept.some((one) => one.component === id))
    .map(([, one]) => one.previous);
  const stays =
    kept.length === 0 ? "" : `. What stays: ${kept.map(({ what, why }) => `${what} (${why})`).join("; ")}`;
  if (outcome === "rolled-back") {
    const text = `rolled back${versions.length > 0 ? ` to ${oneOf([...new Set(versions)], "and")}` : ""}. ${rollback.cause}${stays}`;
    tell(draft, `rolled-back-${rollback.n}`, "status", text);
    if (touched) tell(draft, `rolled-back-${rollback.n}`, "customers", `${plan.title} has been rolled back.`);
  } else {
    tell(
      draft,
      `unconfirmed-${rollback.n}`,
      "page",
      `the rollback is not confirmed. Left: ${left.join("; ")}`,
    );
  }
  return draft.decided();
}

/** Takes into the log what was done while the store could not be reached (S15). */
export function recordAlone(
  draft: Draft,
  record: Extract<MachineCommand, { type: "RecordAlone" }>,
): Decision {
  const { state } = draft;
  if (state.aloneSince === record.at) return draft.decided();
  draft.emit({ type: "RolledBackAlone", at: record.at, cause: record.cause, results: record.results });
  if (canStop(draft.state.status)) startRollback(draft, record.cause);
  return draft.decided();
}
