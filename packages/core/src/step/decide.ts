import { type Shown, shownBy } from "../evidence/decide.ts";
import { minutes } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { oneOf } from "../kit/text.ts";
import { tell } from "../message/auto.ts";
import { finite, judgeReading, type Reading } from "../metric/judge.ts";
import type { Metric } from "../metric/schema.ts";
import { findStep } from "../plan/graph.ts";
import { openPoll } from "../poll/decide.ts";
import { ask, settle } from "../release/ask.ts";
import type { MachineCommand } from "../release/commands.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { spokenStatus } from "../release/spoken.ts";
import { metricByHand, openReadings } from "./by-hand.ts";
import { stepState } from "./evolve.ts";
import { isManualTarget, notReady } from "./ready.ts";
import type { Step } from "./schema.ts";

/** A manual step that says nothing of it is reminded of after this long. */
const REMIND_AFTER = minutes(30);

/** When a running manual step is overdue. */
export function overdueAt(step: Step, startedAt: Instant): Instant {
  return plus(startedAt, step.kind === "manual" ? (step.within ?? REMIND_AFTER) : REMIND_AFTER);
}

/** The machine has come to a step that is not a phase. Asked twice, it is begun once. */
export function beginStep(draft: Draft, id: string): Decision {
  const { plan, state, now } = draft;
  const step = findStep(plan, id);
  if (step === undefined || step.kind === "phase") {
    return reject("not-found", "step.unknown", `"${id}" is no step that can be begun`);
  }
  if (stepState(state, id).status !== "waiting") return draft.decided();
  if (state.status !== "running")
    return reject("conflict", "step.not-running", `the release is ${spokenStatus(state.status)}`);
  const waits = notReady(plan, state, step, now);
  if (waits !== undefined) return reject("conflict", "step.not-ready", `"${step.do}" waits for ${waits.for}`);
  draft.emit({ type: "StepStarted", step: id, owner: step.owner });
  return draft.decided();
}

/** A person says that a manual step is done, or could not be done. */
export function completeStep(draft: Draft, wish: Extract<PersonCommand, { type: "CompleteStep" }>): Decision {
  const { plan, state } = draft;
  const step = findStep(plan, wish.step);
  if (step === undefined) return unknownStep(draft, wish.step);
  const before = stepState(state, step.id);
  const byHand = step.kind === "manual" || (step.kind === "phase" && isManualTarget(plan, step.component));
  const metric = metricByHand(plan, step);
  if (metric !== undefined) {
    const how = `give what you read: gonogo release read ${state.id} ${metric.id} VALUE`;
    return reject("invalid", "step.wants-reading", `"${step.do}" is answered by ${metric.name}; ${how}`);
  }
  if (!byHand) return reject("invalid", "step.not-manual", `"${step.do}" is done by gonogo, not by hand`);
  if (before.status === "done")
    return reject("conflict", "step.done", `"${step.do}" was done at ${before.endedAt}`);
  if (before.status !== "running" && before.status !== "failed" && before.status !== "shifting") {
    return reject("conflict", "step.not-started", `"${step.do}" has not started; it is due at ${step.at}`);
  }
  const found = shownBy(draft, wish.evidence);
  if (!found.ok) return found;
  if (!wish.ok) {
    failStep(draft, step, wish.output ?? "reported as failed", found.shown);
    return draft.decided();
  }
  const said = { ...(wish.output === undefined ? {} : { output: wish.output }), ...found.shown };
  if (step.kind === "phase") {
    const component = state.components[step.component];
    if (component === undefined) return unknownStep(draft, step.id);
    const observed = { primary: component.previous, secondary: component.next, share: step.percent };
    const all = { primary: component.next, share: 100 };
    draft.emit({
      type: "ShiftDone",
      step: step.id,
      component: step.component,
      percent: step.percent,
      observed: step.percent === 100 ? all : observed,
      why: "phase",
      ...said,
    });
  } else draft.emit({ type: "StepDone", step: step.id, ...said });
  settle(draft, { kind: "step", step: step.id }, "done");
  return draft.decided();
}

function failStep(draft: Draft, step: Step, detail: string, shown: Shown = {}): void {
  if (step.kind === "phase") {
    draft.emit({ type: "ShiftFailed", step: step.id, component: step.component, detail, ...shown });
  } else draft.emit({ type: "StepFailed", step: step.id, detail, ...shown });
  const question = `"${step.do}" failed: ${detail}. Retry, skip, or roll back?`;
  ask(draft, { kind: "step", step: step.id }, question, "rollback");
  tell(draft, `failed-${step.id}-${stepState(draft.state, step.id).attempts}`, "page", question);
}

/** Whether the outcome of a step is still waited for: it runs, and so does its release. */
function isOpen({ state }: Draft, step: string): boolean {
  return state.status === "running" && stepState(state, step).status === "running";
}

/** What a check's reading says: pass, or a question. */
export function recordCheck(
  draft: Draft,
  record: Extract<MachineCommand, { type: "RecordCheck" }>,
): Decision {
  const { plan } = draft;
  const step = findStep(plan, record.step);
  const metric = plan.metrics.find(({ id }) => step?.kind === "check" && id === step.metric);
  if (step?.kind !== "check" || metric === undefined) return unknownStep(draft, record.step);
  if (!isOpen(draft, step.id)) return draft.decided();
  answerCheck(draft, step, metric, finite(record.reading));
  return draft.decided();
}

/** What a person has read answers the checks that wait for it. What it stands on, they know. */
export function answerChecks(draft: Draft, id: string): void {
  const { reading } = draft.state.metrics[id] ?? {};
  for (const { step, metric } of openReadings(draft.plan, draft.state)) {
    if (metric.id === id) answerCheck(draft, step, { ...metric, minCount: 0 }, reading);
  }
}

function answerCheck(
  draft: Draft,
  step: Extract<Step, { kind: "check" }>,
  metric: Metric,
  reading: Reading | undefined,
): void {
  const baseline = draft.state.baseline?.readings[metric.id];
  const judged = judgeReading(metric, reading, draft.now, step.threshold, { baseline });
  if (judged.verdict === "pass") draft.emit({ type: "StepDone", step: step.id, output: judged.why });
  else failStep(draft, step, judged.why);
}

export function recordProbe(
  draft: Draft,
  record: Extract<MachineCommand, { type: "RecordProbe" }>,
): Decision {
  const step = findStep(draft.plan, record.step);
  if (step?.kind !== "probe") return unknownStep(draft, record.step);
  if (!isOpen(draft, step.id)) return draft.decided();
  if (record.ok) draft.emit({ type: "StepDone", step: step.id, output: record.detail });
  else failStep(draft, step, record.detail);
  return draft.decided();
}

/** Does a failed step again; or, without one, calls a new vote. */
export function retry(draft: Draft, id: string | undefined): Decision {
  const { plan, state } = draft;
  if (id === undefined || id === "poll") {
    if (state.poll?.result === "no-go" && state.status === "running") {
      settle(draft, { kind: "poll" }, "vote again");
      openPoll(draft);
      return draft.decided();
    }
    const failed = plan.steps.filter((step) => stepState(state, step.id).status === "failed");
    if (id === undefined && failed.length === 1 && failed[0] !== undefined) return retry(draft, failed[0].id);
    const which = oneOf(failed.map((step) => step.id));
    return reject(
      "conflict",
      "retry.nothing",
      which === "" ? "nothing has failed" : `name the step: ${which}`,
    );
  }
  const step = findStep(plan, id);
  if (step === undefined) return unknownStep(draft, id);
  const { status } = stepState(state, id);
  if (status !== "failed")
    return reject("conflict", "retry.not-failed", `"${step.do}" is ${status}, not failed`);
  draft.emit({ type: "StepRetried", step: id });
  settle(draft, { kind: "step", step: id }, "retry");
  return draft.decided();
}

/** Leaves a step out. A phase can only be left out before its share was shifted. */
export function skip(draft: Draft, id: string): Decision {
  const { plan, state } = draft;
  const step = findStep(plan, id);
  if (step === undefined) return unknownStep(draft, id);
  const before = stepState(state, id);
  if (before.status === "done" || before.status === "skipped") {
    return reject("conflict", "skip.finished", `"${step.do}" is ${before.status} already`);
  }
  if (before.shiftedAt !== undefined || before.status === "shifting") {
    return reject("conflict", "skip.shifted", `"${step.do}" has shifted its share: promote it, or roll back`);
  }
  draft.emit({ type: "StepSkipped", step: id });
  settle(draft, { kind: "step", step: id }, "skip");
  settle(draft, { kind: "phase", step: id }, "skip");
  return draft.decided();
}

/** Reminds of what takes longer than it should. */
export function settleOverdue(draft: Draft): void {
  for (const step of draft.plan.steps) {
    const state = stepState(draft.state, step.id);
    if (state.status !== "running" || state.overdue === true || state.startedAt === undefined) continue;
    if (draft.now < overdueAt(step, state.startedAt)) continue;
    draft.emit({ type: "StepOverdue", step: step.id, owner: step.owner });
    tell(draft, `overdue-${step.id}`, "page", `${step.owner}: "${step.do}" is overdue since ${draft.now}`);
  }
}

function unknownStep(draft: Draft, id: string): Decision {
  const known = oneOf(draft.plan.steps.map((step) => step.id));
  return reject("not-found", "step.unknown", `there is no step "${id}" to do that with; steps are ${known}`);
}
