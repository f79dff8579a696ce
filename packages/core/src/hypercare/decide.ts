import { hasRole } from "../actor/schema.ts";
import { plus } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import { judgeReading, type Reading } from "../metric/judge.ts";
import { formatValue } from "../metric/threshold.ts";
import type { Plan } from "../plan/schema.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import type { ReleaseState } from "../release/state.ts";
import { isCared, roundAt } from "./rounds.ts";
import type { HypercareCheck } from "./schema.ts";
import { machineMetric } from "./wanted.ts";

/** Begins with the release's review: the rollout is over, and its alarms are no longer armed. */
export function startHypercare(draft: Draft): void {
  const rule = draft.plan.hypercare;
  if (rule === undefined || draft.state.hypercare !== undefined) return;
  draft.emit({ type: "HypercareStarted", until: plus(draft.now, rule.for) });
}

/** What is not answered yet in the round that is open. */
export function openChecks(plan: Plan, { hypercare }: ReleaseState): HypercareCheck[] {
  if (hypercare === undefined || hypercare.endedAt !== undefined || hypercare.round === 0) return [];
  return (plan.hypercare?.checks ?? []).filter(({ id }) => hypercare.results[id]?.round !== hypercare.round);
}

/** The clock's part: rounds open when they are due, and the care ends by itself, with a report of it. */
export function settleHypercare(draft: Draft, readings: readonly Reading[]): void {
  for (;;) {
    const { hypercare } = draft.state;
    if (hypercare === undefined || !isCared(draft.state)) return;
    const due = roundAt(hypercare, hypercare.round + 1);
    if ((due ?? hypercare.until) > draft.now) return;
    closeRound(draft);
    if (due === undefined) {
      end(draft);
      return;
    }
    draft.emit({ type: "HypercareRoundOpened", round: hypercare.round + 1, due });
    const next = roundAt(hypercare, hypercare.round + 2) ?? hypercare.until;
    // A round that the clock slept through is not answered by what is read after the next one.
    if (next > draft.now || next === due) lookAt(draft, readings);
  }
}

function lookAt(draft: Draft, readings: readonly Reading[]): void {
  const { plan } = draft;
  for (const check of openChecks(plan, draft.state)) {
    const metric = machineMetric(plan, check);
    if (metric === undefined) {
      const round = draft.state.hypercare?.round;
      tell(
        draft,
        `hypercare-${round}-${check.id}`,
        "status",
        `${check.owner}: hypercare, please look: ${check.check}`,
      );
      continue;
    }
    const reading = readings.find((one) => one.metric === metric.id);
    const baseline = draft.state.baseline?.readings[metric.id];
    const against = baseline === undefined ? {} : { baseline };
    const judged = judgeReading(metric, reading, draft.now, check.threshold, against);
    const value = reading?.value === undefined ? "no value" : formatValue(reading.value, reading.unit);
    const result = judged.verdict === "pass" ? value : `${value}: ${judged.why}`;
    // Nothing is rolled back from here: a value that does not pass has failed. Without one nobody can say.
    const isFailure = judged.verdict === "hold" && judged.grounds === "value";
    record(draft, check, isFailure ? "fail" : judged.verdict, result);
  }
}

function record(
  draft: Draft,
  check: HypercareCheck,
  verdict: "pass" | "fail" | "hold",
  result: string,
): void {
  const round = draft.state.hypercare?.round ?? 0;
  draft.emit({ type: "HypercareChecked", round, check: check.id, verdict, result });
  if (verdict === "pass") return;
  const said = `${check.owner}: hypercare, ${check.check} ${verdict === "fail" ? "fails" : "cannot be judged"}: ${result}`;
  tell(draft, `hypercare-${round}-${check.id}-${verdict}`, verdict === "fail" ? "page" : "status", said);
}

function closeRound(draft: Draft): void {
  const open = openChecks(draft.plan, draft.state);
  if (open.length === 0) return;
  const round = draft.state.hypercare?.round ?? 0;
  draft.emit({ type: "HypercareMissed", round, checks: open.map(({ id }) => id) });
  for (const { id, check, owner } of open) {
    const text = `${owner}: hypercare, round ${round} was not answered: ${check}`;
    tell(draft, `hypercare-${round}-${id}-missed`, "status", text);
  }
}

function end(draft: Draft): void {
  const { hypercare } = draft.state;
  if (hypercare === undefined) return;
  const { round: rounds, passed, failed, held, missed } = hypercare;
  draft.emit({ type: "HypercareEnded", rounds, passed, failed, held, missed });
  const text = `hypercare is over after ${rounds} rounds: ${passed} passed, ${failed} failed, ${held} could not be judged, ${missed} not answered`;
  tell(draft, "hypercare-ended", "status", text, [
    { rel: "report", path: `/v1/releases/${draft.state.id}/documents` },
  ]);
}

/** A person says how it is. Once a round: what changes after that is the next round's. */
export function answerHypercare(
  draft: Draft,
  wish: Extract<PersonCommand, { type: "AnswerHypercare" }>,
): Decision {
  const { plan, state, command } = draft;
  const check = plan.hypercare?.checks.find(({ id }) => id === wish.check);
  if (check === undefined) {
    return reject("not-found", "hypercare.unknown", `hypercare has no check "${wish.check}"`);
  }
  const { hypercare } = state;
  if (hypercare === undefined || hypercare.round === 0 || hypercare.endedAt !== undefined) {
    const when = hypercare?.endedAt === undefined ? "its first round is still to come" : "it is over";
    return reject("conflict", "hypercare.not-open", `nothing is asked of hypercare now: ${when}`);
  }
  if (machineMetric(plan, check) !== undefined) {
    return reject("invalid", "hypercare.by-machine", `"${check.check}" is read by gonogo`);
  }
  if (!hasRole(command.actor, check.owner) && !hasRole(command.actor, plan.review.role)) {
    return reject("forbidden", "hypercare.not-your-role", `"${check.check}" is for ${check.owner} to answer`);
  }
  if (!openChecks(plan, state).includes(check)) {
    return reject(
      "conflict",
      "hypercare.answered",
      `round ${hypercare.round} is answered; the next one asks again`,
    );
  }
  record(draft, check, wish.pass ? "pass" : "fail", wish.result);
  return draft.decided();
}
