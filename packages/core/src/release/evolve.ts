import { type Actor, describeActor, principal } from "../actor/schema.ts";
import { evolveApprovals } from "../approval/evolve.ts";
import { evolveArchive } from "../archive/evolve.ts";
import { evolveBaseline } from "../baseline/evolve.ts";
import { evolveChecks } from "../check/evolve.ts";
import { evolveDecisions, evolveMatrix } from "../decision/evolve.ts";
import { evolveErasures } from "../erasure/evolve.ts";
import { evolveFreezes } from "../freeze/evolve.ts";
import { evolveGates } from "../gate/evolve.ts";
import { evolveReadiness } from "../gate/readiness.ts";
import { evolveHypercare } from "../hypercare/evolve.ts";
import { evolveIncident } from "../incident/evolve.ts";
import { type Instant, latest, plus, since } from "../kit/instant.ts";
import { evolveMessages } from "../message/evolve.ts";
import { judgeReading } from "../metric/judge.ts";
import { unitOf } from "../metric/relative.ts";
import { evolveObligations } from "../obligation/evolve.ts";
import type { Plan } from "../plan/schema.ts";
import { evolvePoll } from "../poll/evolve.ts";
import { evolveQuotas } from "../quota/evolve.ts";
import { evolveRehearsal } from "../rehearsal/evolve.ts";
import { evolveRevision } from "../revision/evolve.ts";
import { evolveRollback } from "../rollback/evolve.ts";
import { evolveAlarms } from "../signal/evolve.ts";
import { evolveFlaps } from "../signal/flap.ts";
import { evolveTagged } from "../signal/tagged.ts";
import { evolveShifts, evolveSteps } from "../step/evolve.ts";
import { evolveOneWay } from "../step/one-way.ts";
import { shortOf } from "../step/short.ts";
import { evolveWatch } from "../watch/evolve.ts";
import type { EndEvent, ReleaseEvent, RunEvent } from "./events.ts";
import type { ReleaseState, StepState } from "./state.ts";

/** What stands around an event in its record. */
export interface Meta {
  readonly at: Instant;
  readonly actor: Actor;
  readonly by: string;
  readonly reason?: string | undefined;
}

export function metaOf(record: { at: Instant; actor: Actor; reason?: string | undefined }): Meta {
  const by = principal(record.actor) ?? describeActor(record.actor);
  return { at: record.at, actor: record.actor, by, reason: record.reason };
}

/** The state before anything has happened. */
export function initialState(
  release: string,
  event: Extract<ReleaseEvent, { type: "ReleaseSubmitted" }>,
  meta: Meta,
): ReleaseState {
  return {
    id: release,
    revision: event.revision,
    plan: event.plan,
    ...(event.policy === undefined ? {} : { policy: event.policy }),
    title: event.title,
    environment: event.environment,
    requester: principal(meta.actor),
    submittedAt: meta.at,
    plannedT: event.plannedT,
    status: "gates",
    checks: {},
    approvals: {},
    red: [],
    startHeld: [],
    steps: {},
    components: {},
    metrics: {},
    triggers: {},
    signals: {},
    alarms: {},
    decisions: {},
    validations: {},
    messages: {},
    review: { entries: {} },
  };
}

/** The state after an event. A fold of this over the audit log is the release. */
export function evolve(plan: Plan, state: ReleaseState, event: ReleaseEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "ReleaseSubmitted":
    case "CheckAnswered":
    case "GatesOpened":
    case "GatesClosed":
      return evolveGates(state, event, meta);
    case "PollOpened":
    case "VoteCast":
    case "PollClosed":
      return evolvePoll(state, event, meta);
    case "ApprovalGiven":
    case "ApprovalDeclined":
    case "ApprovalWithdrawn":
    case "ApprovalExpired":
    case "ApprovalVoided":
    case "RoleDelegated":
    case "DelegationEnded":
      return evolveApprovals(state, event, meta);
    case "ErasureAsked":
    case "TextsErased":
      return evolveErasures(state, event, meta.at);
    case "PlanRevised":
      return evolveRevision(state, event, meta);
    case "RehearsalCompleted":
      return evolveRehearsal(state, event, meta);
    case "CheckProbed":
    case "CheckOverrideAsked":
    case "CheckOverridden":
      return evolveChecks(state, event, meta);
    case "StartHeld":
    case "ReleaseStarted":
    case "ReleasePaused":
    case "ReleaseResumed":
    case "LimitReached":
    case "RolledOut":
    case "BakeStarted":
    case "ReadingGiven":
    case "ValidationRecorded":
      return evolveRun(plan, state, event, meta);
    case "BaselineTaken":
    case "BaselineVerified":
      return evolveBaseline(state, event, meta);
    case "StepStarted":
    case "StepDone":
    case "StepFailed":
    case "StepSkipped":
    case "StepRetried":
    case "StepOverdue":
      return evolveSteps(state, event, meta);
    case "ShiftIntended":
    case "ShiftDone":
    case "ShiftFailed":
    case "TargetObserved":
    case "DriftFound":
    case "TargetHeld":
    case "TargetFreed":
      return evolveShifts(plan, state, event, meta);
    case "PhasePassed":
    case "PhaseHeld":
    case "PhaseReleased":
    case "VerdictChanged":
      return evolveWatch(state, event, meta);
    case "SignalReceived":
    case "SignalIgnored":
    case "AlarmChanged":
    case "TriggerBreached":
    case "TriggerCleared":
    case "TriggerFired":
      return evolveAlarms(plan, state, event, meta);
    case "OneWayApproved":
      return evolveOneWay(state, event, meta);
    case "CauseAdded":
    case "DecisionVoted":
    case "FixForwardChosen":
      return evolveMatrix(state, event, meta);
    case "AlarmQuarantined":
    case "QuarantineLifted":
      return evolveFlaps(state, event, meta.at);
    case "DecisionAsked":
    case "DecisionTaken":
      return evolveDecisions(state, event, meta);
    case "RollbackStarted":
    case "RollbackItemDone":
    case "RollbackItemFailed":
    case "RolledBackAlone":
    case "RollbackEnded":
      return evolveRollback(state, event, meta);
    case "MessageDue":
    case "MessageSent":
    case "MessageFailed":
    case "MessageDropped":
      return evolveMessages(state, event, meta);
    case "AlarmsResolved":
      return evolveTagged(state, event);
    case "QuotasSeen":
      return evolveQuotas(state, event, meta.at);
    case "ReadinessLost":
    case "ReadinessRegained":
      return evolveReadiness(state, event, meta.at);
    case "FreezeDeclared":
    case "FreezeLifted":
    case "WindowsChanged":
    case "FreezeExempted":
    case "StartMoved":
      return evolveFreezes(state, event, meta);
    case "ArchiveAsked":
    case "ReleaseArchived":
    case "ArchiveCopyAsked":
    case "ArchiveCopied":
    case "ArchiveCopyFailed":
      return evolveArchive(state, event, meta);
    case "ReviewOpened":
    case "ReviewSaved":
    case "ReviewSigned":
    case "ReleaseCompleted":
    case "ReleaseAborted":
      return evolveEnd(state, event, meta);
    case "ObligationCreated":
    case "ObligationReminded":
    case "ObligationOverdue":
    case "ObligationCompleted":
      return evolveObligations(state, event, meta);
    case "HypercareStarted":
    case "HypercareRoundOpened":
    case "HypercareChecked":
    case "HypercareMissed":
    case "HypercareEnded":
      return evolveHypercare(state, event, meta);
    case "IncidentOpened":
    case "IncidentResolved":
      return evolveIncident(state, event, meta);
    case "CommandRefused":
      return state;
  }
}

function evolveRun(plan: Plan, state: ReleaseState, event: RunEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "StartHeld":
      return { ...state, startHeld: event.reasons };
    case "ReleaseStarted":
      return {
        ...state,
        status: "running",
        startedAt: meta.at,
        startHeld: [],
        red: event.red,
        components: Object.fromEntries(
          event.components.map(({ component, ...started }) => [
            component,
            { ...started, touched: false, held: false },
          ]),
        ),
        alarms: Object.fromEntries(event.alarms.map(({ name, digest, muted }) => [name, { digest, muted }])),
      };
    case "ReleasePaused":
      return state.paused === undefined
        ? { ...state, paused: { since: meta.at, cause: event.cause } }
        : state;
    case "ReleaseResumed":
      return reopen(plan, resume(state, meta.at));
    case "LimitReached":
      return { ...state, limitReachedAt: meta.at };
    case "RolledOut":
      return { ...state, status: "validating", rolledOutAt: meta.at };
    case "BakeStarted":
      return { ...state, status: "baking", bakeUntil: event.until };
    case "ReadingGiven": {
      const metric = plan.metrics.find(({ id }) => id === event.metric);
      if (metric === undefined) return state;
      const reading = {
        metric: metric.id,
        value: event.value,
        ...(event.count === undefined ? {} : { count: event.count }),
        unit: unitOf(metric),
        from: meta.at,
        to: meta.at,
      };
      const { verdict } = judgeReading({ ...metric, minCount: 0 }, reading, meta.at);
      return { ...state, metrics: { ...state.metrics, [metric.id]: { verdict, reading, at: meta.at } } };
    }
    case "ValidationRecorded": {
      const { type: _, validation: __, ...said } = event;
      const recorded = { ...said, at: meta.at, by: meta.by };
      return { ...state, validations: { ...state.validations, [event.validation]: recorded } };
    }
  }
}

/** What lost its share while the release stood is shifted again, and watched anew. */
function reopen(plan: Plan, state: ReleaseState): ReleaseState {
  const again = shortOf(plan, state).map(({ id }): [string, StepState] => {
    return [id, { status: "waiting", attempts: state.steps[id]?.attempts ?? 0 }];
  });
  return { ...state, steps: { ...state.steps, ...Object.fromEntries(again) } };
}

/** Pausing never shortens a watch (S9): what was paused is added to what is left of it. */
function resume(state: ReleaseState, at: Instant): ReleaseState {
  if (state.paused === undefined) return state;
  const { paused, ...rest } = state;
  const lengthened = (opened: Instant | undefined, until: Instant): Instant =>
    plus(until, since(latest(paused.since, opened ?? paused.since), at));
  const steps = Object.fromEntries(
    Object.entries(state.steps).map(([id, step]): [string, StepState] => {
      const watching = step.status === "watching" || (step.status === "held" && step.heldFrom === "watching");
      if (!watching || step.watchUntil === undefined) return [id, step];
      return [id, { ...step, watchUntil: lengthened(step.shiftedAt, step.watchUntil) }];
    }),
  );
  const components = Object.fromEntries(
    Object.entries(state.components).map(([id, component]) => {
      const { drift, ...kept } = component;
      return [id, drift === undefined ? component : { ...kept, observed: drift }];
    }),
  );
  return {
    ...rest,
    steps,
    components,
    ...(state.bakeUntil === undefined ? {} : { bakeUntil: lengthened(undefined, state.bakeUntil) }),
  };
}

function evolveEnd(state: ReleaseState, event: EndEvent, meta: Meta): ReleaseState {
  switch (event.type) {
    case "ReviewOpened":
      return { ...state, status: "reviewing", review: { ...state.review, openedAt: meta.at } };
    case "ReviewSaved":
      return {
        ...state,
        review: withAnswers(state, event),
      };
    case "ReviewSigned":
      return {
        ...state,
        review: {
          ...withAnswers(state, event),
          signedAt: meta.at,
          signedBy: meta.by,
        },
      };
    case "ReleaseCompleted":
      return { ...state, status: "completed", endedAt: meta.at };
    case "ReleaseAborted":
      return { ...state, status: "aborted", endedAt: meta.at, why: event.why, decisions: {} };
  }
}

/** What is said again takes the place of what was said before; the rest stands. */
function withAnswers(
  { review }: ReleaseState,
  { entries, answers }: Extract<EndEvent, { type: "ReviewSaved" | "ReviewSigned" }>,
): ReleaseState["review"] {
  return {
    ...review,
    entries: { ...review.entries, ...entries },
    ...(answers === undefined ? {} : { answers: { ...review.answers, ...answers } }),
  };
}
