import { hasRole } from "../actor/schema.ts";
import { openClosing } from "../closing/decide.ts";
import { shownBy } from "../evidence/decide.ts";
import { startHypercare } from "../hypercare/decide.ts";
import { minutes, toMs } from "../kit/duration.ts";
import { plus, stamped } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import { judgeReading, thresholdOf } from "../metric/judge.ts";
import { judgeCounted, unitOf } from "../metric/relative.ts";
import { isReadByPerson, type Metric } from "../metric/schema.ts";
import { formatValue } from "../metric/threshold.ts";
import { completeByReview } from "../obligation/decide.ts";
import { owe, oweAction, oweAll, reviewRule } from "../obligation/owe.ts";
import { lanes } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import { isRehearsal, REHEARSED } from "../rehearsal/decide.ts";
import { ask, settle } from "../release/ask.ts";
import type { Seen } from "../release/commands.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { spokenStatus } from "../release/spoken.ts";
import { hasEnded, type ReleaseState } from "../release/state.ts";
import { startRollback } from "../rollback/decide.ts";
import { openReadings } from "../step/by-hand.ts";
import { answerChecks } from "../step/decide.ts";
import { isFinished } from "../step/ready.ts";
import { ACCEPTED } from "./accepted.ts";
import { PERSON_ID, type ReviewAnswers } from "./answers.ts";
import type { Validation } from "./schema.ts";

/** How long a machine's validation may fail to pass before people are asked. */
const VALIDATE_WITHIN = minutes(5);

/** What has to be validated after the rollout: the plan's list, and the metrics that only people can read. */
export function validationsOf(plan: Plan): (Validation & { person: boolean })[] {
  const listed = plan.validations.map((validation) => ({
    ...validation,
    person: !isMachineRead(plan, validation),
  }));
  const covered = new Set(plan.validations.map(({ metric }) => metric));
  const asked = plan.metrics
    .filter((metric) => isReadByPerson(metric) && !covered.has(metric.id))
    .map((metric) => ({
      id: `metric-${metric.id}`,
      check: metric.name,
      threshold: metric.threshold,
      metric: metric.id,
      owner: metric.owner,
      person: true,
      ...(metric.tool === undefined ? {} : { tool: metric.tool }),
    }));
  return [...listed, ...asked];
}

function metricOf(plan: Plan, validation: { metric?: string | undefined }): Metric | undefined {
  return plan.metrics.find(({ id }) => id === validation.metric);
}

function isMachineRead(plan: Plan, validation: Validation): boolean {
  const metric = metricOf(plan, validation);
  return metric !== undefined && !isReadByPerson(metric);
}

export function openValidations(plan: Plan, state: ReleaseState): (Validation & { person: boolean })[] {
  return validationsOf(plan).filter(({ id }) => state.validations[id]?.verdict !== "pass");
}

/** From the last lane's end to the review: validation, then the bake, with every alarm still armed. */
export function settleTail(draft: Draft, seen?: Seen): void {
  const { plan } = draft;
  if (draft.state.paused !== undefined) return;
  if (isRehearsal(plan)) {
    if (draft.state.status === "running" && allDone(plan, draft.state)) startRollback(draft, REHEARSED);
    return;
  }
  if (draft.state.status === "running" && allDone(plan, draft.state)) {
    draft.emit({ type: "RolledOut" });
    for (const validation of openValidations(plan, draft.state).filter(({ person }) => person)) {
      const whom = validation.owner ?? plan.review.role;
      tell(
        draft,
        `validate-${validation.id}`,
        "status",
        `${whom}: please validate "${validation.check}" (${validation.threshold})`,
      );
    }
  }
  if (draft.state.status === "validating") {
    if (seen !== undefined) validateByMachine(draft, seen);
    if (openValidations(plan, draft.state).length > 0) return;
    settle(draft, { kind: "validation", validation: "all" }, "all pass");
    if (toMs(plan.limits.bake) > 0) {
      draft.emit({ type: "BakeStarted", until: plus(draft.now, plan.limits.bake) });
    } else openReview(draft);
  }
  const { status, bakeUntil } = draft.state;
  if (status === "baking" && bakeUntil !== undefined && draft.now >= bakeUntil) openReview(draft);
}

function openReview(draft: Draft): void {
  draft.emit({ type: "ReviewOpened" });
  owe(draft, reviewRule(draft.plan));
  oweAll(draft, "end");
  openClosing(draft);
  startHypercare(draft);
  tell(
    draft,
    "review",
    "status",
    `rolled out and validated; ${draft.plan.review.role} is asked for the review`,
  );
}

export function allDone(plan: Plan, state: ReleaseState): boolean {
  return lanes(plan).every((lane) => lane.steps.every((step) => isFinished(state, step)));
}

function validateByMachine(draft: Draft, seen: Seen): void {
  const { plan, now } = draft;
  for (const validation of openValidations(plan, draft.state).filter(({ person }) => !person)) {
    const metric = metricOf(plan, validation);
    if (metric === undefined) continue;
    const reading = seen.readings.find((one) => one.metric === metric.id);
    const baseline = draft.state.baseline?.readings[metric.id];
    const judged = judgeReading(metric, reading, now, stated(validation, metric), { baseline });
    const result = reading?.value === undefined ? "no value" : formatValue(reading.value, reading.unit);
    const late =
      draft.state.rolledOutAt !== undefined && now >= plus(draft.state.rolledOutAt, VALIDATE_WITHIN);
    if (judged.verdict === "pass") {
      draft.emit({ type: "ValidationRecorded", validation: validation.id, verdict: "pass", result });
    } else if (late) {
      if (draft.state.validations[validation.id]?.verdict !== judged.verdict) {
        draft.emit({
          type: "ValidationRecorded",
          validation: validation.id,
          verdict: judged.verdict,
          result,
        });
      }
      askAbout(draft, judged.why);
    }
  }
}

/** The validation's own threshold where it is a comparison, else the metric's. */
function stated(validation: Validation, metric: Metric): string {
  try {
    thresholdOf(validation.threshold);
    return validation.threshold;
  } catch {
    return metric.threshold;
  }
}

function askAbout(draft: Draft, why: string): void {
  const question = `Validation does not pass: ${why}. Promote all the same, or roll back?`;
  ask(draft, { kind: "validation", validation: "all" }, question, "rollback");
  tell(draft, "validation", "page", question);
}

export function recordValidation(
  draft: Draft,
  wish: Extract<PersonCommand, { type: "RecordValidation" }>,
): Decision {
  const { plan, state, command } = draft;
  const validation = validationsOf(plan).find(({ id }) => id === wish.validation);
  if (validation === undefined)
    return reject("not-found", "validation.unknown", `there is no validation "${wish.validation}"`);
  if (state.status !== "validating") {
    return reject(
      "conflict",
      "validation.not-open",
      `validation is asked for after the rollout; the release is ${spokenStatus(state.status)}`,
    );
  }
  if (!validation.person) {
    return reject(
      "invalid",
      "validation.by-machine",
      `"${validation.check}" is read by gonogo; promote it to step over it`,
    );
  }
  if (
    validation.owner !== undefined &&
    !hasRole(command.actor, validation.owner) &&
    !hasRole(command.actor, plan.review.role)
  ) {
    return reject(
      "forbidden",
      "validation.not-your-role",
      `"${validation.check}" is for ${validation.owner} to answer`,
    );
  }
  const counted = judgeCounted(validation.threshold, wish.result);
  if (wish.pass && counted !== undefined && counted.kind !== "met") {
    const why = counted.kind === "unknown" ? counted.why : `${wish.result} is not ${counted.limit}`;
    const way = "record it as it is (fail), or promote the validation and say why";
    return reject("invalid", "validation.count", `"${validation.check}": ${why}; ${way}`);
  }
  const found = shownBy(draft, wish.evidence);
  if (!found.ok) return found;
  draft.emit({
    type: "ValidationRecorded",
    validation: validation.id,
    verdict: wish.pass ? "pass" : "fail",
    result: wish.result,
    ...found.shown,
  });
  if (!wish.pass) askAbout(draft, `${validation.check}: ${wish.result}`);
  settleTail(draft);
  return draft.decided();
}

/** A person reports what they read; where it is asked for, that is the validation. */
export function giveReading(draft: Draft, wish: Extract<PersonCommand, { type: "GiveReading" }>): Decision {
  const { plan, state, command } = draft;
  const metric = metricOf(plan, wish);
  if (metric === undefined)
    return reject("not-found", "metric.unknown", `there is no metric "${wish.metric}"`);
  if (!isReadByPerson(metric))
    return reject("invalid", "metric.by-machine", `${metric.name} is read by gonogo`);
  const asking = openReadings(plan, state).filter((one) => one.metric.id === metric.id);
  const readers = [metric.owner, plan.review.role, ...asking.map(({ step }) => step.owner)];
  if (!readers.some((role) => hasRole(command.actor, role))) {
    return reject("forbidden", "metric.not-your-role", `${metric.name} is for ${metric.owner} to read`);
  }
  if (hasEnded(state.status))
    return reject("conflict", "metric.ended", `the release is ${spokenStatus(state.status)}`);
  const count = wish.count ?? thresholdOf(metric.threshold).of;
  if (count !== undefined && wish.value > count) {
    const message = `${wish.value} of ${count} is more than there were`;
    return reject("invalid", "metric.more-than-all", message);
  }
  draft.emit({
    type: "ReadingGiven",
    metric: metric.id,
    value: wish.value,
    ...(count === undefined ? {} : { count }),
    ...(wish.note === undefined ? {} : { note: wish.note }),
  });
  answerChecks(draft, metric.id);
  const asked = openValidations(plan, draft.state).find((one) => one.metric === metric.id && one.person);
  if (asked !== undefined && state.status === "validating") {
    const verdict = draft.state.metrics[metric.id]?.verdict === "pass" ? "pass" : "fail";
    const unit = unitOf(metric);
    draft.emit({
      type: "ValidationRecorded",
      validation: asked.id,
      verdict,
      result: formatValue(wish.value, unit),
    });
    if (verdict === "fail")
      askAbout(draft, `${metric.name} is ${formatValue(wish.value, unit)}, not ${metric.threshold}`);
    settleTail(draft);
  }
  return draft.decided();
}

/** Goes on although a validation does not pass. */
export function promoteValidation(draft: Draft): Decision {
  for (const { id, check } of openValidations(draft.plan, draft.state)) {
    const result = `${ACCEPTED} (${check})`;
    draft.emit({ type: "ValidationRecorded", validation: id, verdict: "pass", result });
  }
  settleTail(draft);
  return draft.decided();
}

/** Someone is asked for it: the release was rolled out, or an incident wants its postmortem. */
export function isReviewOpen({ review, incident }: ReleaseState): boolean {
  const isAsked = review.openedAt !== undefined || incident !== undefined;
  return isAsked && review.signedAt === undefined;
}

export function saveReview(
  draft: Draft,
  wish: Extract<PersonCommand, { type: "SaveReview" | "SignReview" }>,
): Decision {
  const { plan, state, command } = draft;
  if (state.status !== "reviewing" && !hasEnded(state.status)) {
    return reject(
      "conflict",
      "review.not-open",
      `the review comes after the release; it is ${spokenStatus(state.status)}`,
    );
  }
  if (state.review.signedAt !== undefined) {
    return reject("conflict", "review.signed", `the review was signed ${stamped(state.review.signedAt)}`);
  }
  const wrong = wish.answers === undefined ? undefined : wrongAnswers(draft, wish.answers);
  if (wrong !== undefined) return wrong;
  const answers = wish.answers === undefined ? {} : { answers: wish.answers };
  if (wish.type === "SaveReview") {
    draft.emit({ type: "ReviewSaved", entries: wish.entries, ...answers });
    return draft.decided();
  }
  if (wish.role !== plan.review.role) {
    return reject("invalid", "review.role", `the review is signed by ${plan.review.role}`);
  }
  if (!hasRole(command.actor, wish.role)) {
    return reject("forbidden", "review.not-your-role", `you do not hold the role ${wish.role}`);
  }
  draft.emit({ type: "ReviewSigned", role: wish.role, entries: wish.entries, ...answers });
  for (const item of draft.state.review.answers?.actions ?? []) oweAction(draft, item);
  completeByReview(draft);
  return draft.decided();
}

/** A name never gets into the log (S16), and an action is owed by somebody, once, in time to come. */
function wrongAnswers(draft: Draft, { attendees = [], actions = [] }: ReviewAnswers): Decision | undefined {
  if (attendees.some((id) => !PERSON_ID.test(id))) {
    return reject(
      "invalid",
      "review.attendee",
      "attendees are named to the log by their ids, not by their names",
    );
  }
  const twice = actions.find(({ id }, at) => actions.findIndex((one) => one.id === id) < at);
  if (twice !== undefined)
    return reject("invalid", "review.action-twice", `two actions are called "${twice.id}"`);
  const past = actions.find(({ due }) => due <= draft.now);
  if (past !== undefined) {
    const message = `the action "${past.id}" is due ${past.due}, which is over; give it a time to come`;
    return reject("invalid", "review.action-past", message);
  }
  return undefined;
}
