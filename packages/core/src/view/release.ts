import type { Actor } from "../actor/schema.ts";
import { archiveView } from "../archive/view.ts";
import { changeClassOf } from "../change/schema.ts";
import { checkViews } from "../check/view.ts";
import { closingViews } from "../closing/view.ts";
import { hypercareView } from "../hypercare/view.ts";
import { incidentView } from "../incident/view.ts";
import type { Instant } from "../kit/instant.ts";
import { at } from "../kit/offset.ts";
import { isReadByPerson } from "../metric/schema.ts";
import { obligationViews } from "../obligation/view.ts";
import type { Plan } from "../plan/schema.ts";
import { plannedEnd, plannedTimeline } from "../plan/timeline.ts";
import type { ReleaseState } from "../release/state.ts";
import { breachesOf, metricsMet, passCriteria, passes } from "../review/criteria.ts";
import { isReviewOpen, validationsOf } from "../review/decide.ts";
import { lastApproved } from "../revision/standing.ts";
import { revisionViews } from "../revision/view.ts";
import { reachable } from "../rollback/reachable.ts";
import { bindingKey } from "../signal/schema.ts";
import { namedSignals, tagsIn, tagsKey } from "../signal/tagged.ts";
import { stepState } from "../step/evolve.ts";
import { isPhase } from "../step/schema.ts";
import { describeTrigger } from "../trigger/decide.ts";
import { actionsFor } from "./actions.ts";
import { approvalViews } from "./approvals.ts";
import { besideBaseline } from "./baseline.ts";
import { decisionViews, quarantineViews } from "./decisions.ts";
import { freezeViews, windowView } from "./freezes.ts";
import { oneWayViews } from "./one-way.ts";
import { pollView } from "./poll.ts";
import type { ComponentView, MessageView, ReleaseView, StepView, TriggerView } from "./schema.ts";
import { upNext, waitsOf } from "./waits.ts";

/** A release as `actor` sees it at `now`. */
export function releaseView(plan: Plan, state: ReleaseState, actor: Actor, now: Instant): ReleaseView {
  const next = upNext(plan, state, now);
  const poll = pollView(plan, state);
  return {
    ...defined({
      requester: state.requester,
      approvedRevision: lastApproved(state),
      policy: state.policy,
      hotfix: plan.hotfix,
      authors: plan.authors,
      architectureChanged: plan.architectureChanged,
      t: state.t,
      startedAt: state.startedAt,
      endedAt: state.endedAt,
      why: state.why,
      paused: state.paused,
      baseline: state.baseline,
      rollback: state.rollback,
      incident: incidentView(state),
      archive: archiveView(state),
      hypercare: hypercareView(plan, state),
      bakeUntil: state.bakeUntil,
      movedFrom: state.movedFrom,
      window: windowView(plan, state, now),
      upNext: next,
      poll,
    }),
    id: state.id,
    title: state.title,
    environment: state.environment,
    status: state.status,
    now,
    revision: state.revision,
    planDigest: state.plan,
    revisions: revisionViews(state),
    submittedAt: state.submittedAt,
    plannedT: state.plannedT,
    endsAbout: at(state.t ?? state.plannedT, plannedEnd(plan)),
    waitsFor: waitsOf(plan, state, now),
    freezes: freezeViews(plan, state, now),
    checklist: checkViews(plan, state, now),
    changeClass: changeClassOf(plan),
    approvals: approvalViews(plan, state, now),
    delegations: (state.delegations ?? []).map((lent) => ({ ...lent, over: lent.until <= now })),
    steps: stepViews(plan, state),
    components: componentViews(plan, state),
    metrics: plan.metrics.map((metric) => ({
      id: metric.id,
      name: metric.name,
      threshold: metric.threshold,
      owner: metric.owner,
      byPerson: isReadByPerson(metric),
      ...defined({
        component: metric.component,
        ...state.metrics[metric.id],
        ...besideBaseline(metric, state),
      }),
    })),
    triggers: triggerViews(plan, state),
    reachable: reachable(plan, state),
    oneWay: oneWayViews(plan, state),
    decisions: decisionViews(plan, state),
    quarantine: quarantineViews(plan, state),
    fixForwards: state.fixForwards ?? [],
    validations: validationsOf(plan).map(({ id, check, threshold, owner, person }) => ({
      id,
      check,
      threshold,
      byPerson: person,
      ...defined({ owner, ...state.validations[id] }),
    })),
    messages: messageViews(plan, state),
    review: {
      role: plan.review.role,
      attendees: plan.review.attendees,
      fields: plan.review.fields.map(({ field, hint }) => ({
        field,
        entry: state.review.entries[field] ?? "",
        ...defined({ hint }),
      })),
      open: isReviewOpen(state),
      metricsMet: metricsMet(plan, state),
      breaches: breachesOf(plan, state),
      passCriteria: passCriteria(plan, state),
      ...defined({
        passes: passes(passCriteria(plan, state)),
        signedAt: state.review.signedAt,
        signedBy: state.review.signedBy,
        answers: state.review.answers,
      }),
    },
    obligations: obligationViews(state, now),
    closing: closingViews(plan, state, now),
    actions: actionsFor(plan, state, actor, now),
  };
}

function stepViews(plan: Plan, state: ReleaseState): StepView[] {
  const t = state.t ?? state.plannedT;
  return plannedTimeline(plan).map(({ step, starts, ends }) => {
    const { status, judged = [], attempts: _, heldFrom: __, ...rest } = stepState(state, step.id);
    return {
      id: step.id,
      kind: step.kind,
      offset: step.at,
      what: step.do,
      owner: step.owner,
      plannedStart: at(t, starts),
      plannedEnd: at(t, ends),
      status,
      judged,
      ...defined({ command: step.command, expect: step.expect, ...rest }),
      ...(isPhase(step)
        ? { phase: { name: step.phase, component: step.component, percent: step.percent, of: step.of } }
        : {}),
    };
  });
}

function componentViews(plan: Plan, state: ReleaseState): ComponentView[] {
  return plan.components.map(({ id, name, target }) => {
    const known = state.components[id];
    return {
      id,
      name,
      kind: target.kind,
      share: known?.observed.share ?? 0,
      held: known?.held ?? false,
      ...defined({
        previous: known?.previous,
        next: known?.next ?? ("version" in target ? target.version : undefined),
        observed: known?.observed,
        drift: known?.drift,
        revertCommand: known?.revert?.command,
      }),
    };
  });
}

function triggerViews(plan: Plan, state: ReleaseState): TriggerView[] {
  return plan.triggers.map((trigger) => ({
    id: trigger.id,
    when: describeTrigger(trigger),
    respond: trigger.respond,
    owner: trigger.owner,
    signals: namedSignals(state, trigger).map(bindingKey),
    ...taggedOf(state, trigger),
    ...defined({ ...state.triggers[trigger.id] }),
  }));
}

/** By which tags a trigger is bound, and what they stand for now. */
function taggedOf({ tagged }: ReleaseState, trigger: Plan["triggers"][number]): Pick<TriggerView, "tagged"> {
  const sets = tagsIn(trigger).map(tagsKey);
  return sets.length === 0 ? {} : { tagged: sets.map((tags) => ({ tags, ...tagged?.[tags] })) };
}

function messageViews(plan: Plan, state: ReleaseState): MessageView[] {
  const t = state.t ?? state.plannedT;
  const planned = plan.messages.map((message): MessageView => {
    const known = state.messages[message.id];
    // What was dropped before it was due has no words of its own.
    const { channel, audience, text } = known === undefined || known.text === "" ? message : known;
    const base = { id: message.id, plannedAt: at(t, message.at), channel, audience, text };
    return {
      ...base,
      status: known?.status ?? "planned",
      ...defined({ at: known?.at, detail: known?.detail }),
    };
  });
  const byItself = Object.entries(state.messages)
    .filter(([id]) => !plan.messages.some((message) => message.id === id))
    .map(([id, { status, channel, audience, text, at: when, detail }]): MessageView => {
      return { id, channel, audience, text, status, at: when, ...defined({ detail }) };
    });
  return [...planned, ...byItself];
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined, so that a view has no fields that mean nothing. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
