import { principal } from "../actor/schema.ts";
import { approve, decline, delegate, endDelegation, withdrawApproval } from "../approval/decide.ts";
import { delegationsTo } from "../approval/standing.ts";
import { copyArchive, recordArchive, recordArchiveCopy } from "../archive/decide.ts";
import { mayAsk } from "../authority/authority.ts";
import { overrideCheck, recordChecks } from "../check/decide.ts";
import { settleClosing } from "../closing/decide.ts";
import { answerQuestion, whyNotResume } from "../decision/decide.ts";
import { decideErasure } from "../erasure/decide.ts";
import { settleCalendar } from "../freeze/decide.ts";
import { answerCheck, settleGates } from "../gate/decide.ts";
import { answerHypercare } from "../hypercare/decide.ts";
import { declareIncident, resolveIncident } from "../incident/decide.ts";
import { assertNever } from "../kit/assert-never.ts";
import { recordMessage, settleMessages } from "../message/decide.ts";
import { completeObligation } from "../obligation/decide.ts";
import type { Plan } from "../plan/schema.ts";
import { vote } from "../poll/decide.ts";
import {
  giveReading,
  promoteValidation,
  recordValidation,
  saveReview,
  settleTail,
} from "../review/decide.ts";
import { revise } from "../revision/decide.ts";
import { askAbort, askRollback, endRollback, recordAlone, recordPutBack } from "../rollback/decide.ts";
import { liftQuarantine, receiveSignal } from "../signal/decide.ts";
import { approveStep } from "../step/approve-step.ts";
import { beginStep, completeStep, recordCheck, recordProbe, retry, skip } from "../step/decide.ts";
import { lostFor, shortOf } from "../step/short.ts";
import { intendShift, promote, recordShift } from "../watch/decide.ts";
import { pause, settle } from "./ask.ts";
import type { Command, MachineCommand } from "./commands.ts";
import { type Decision, Draft, reject } from "./draft.ts";
import { observe } from "./observe.ts";
import type { PersonCommand } from "./person-commands.ts";
import { spokenStatus } from "./spoken.ts";
import { start, submit } from "./start.ts";
import { canStop, type ReleaseState } from "./state.ts";

/**
 * What a command brings about, or why it brings about nothing. Pure and total: the same state and command
 * always give the same answer, and every command gets one.
 */
export function decide(plan: Plan, state: ReleaseState | undefined, command: Command): Decision {
  const { body } = command;
  if (state === undefined) {
    return body.type === "Submit"
      ? submit(body)
      : reject("not-found", "release.unknown", "there is no such release");
  }
  const draft = new Draft(plan, state, command);
  switch (body.type) {
    case "Submit":
      return reject(
        "conflict",
        "release.exists",
        `${state.id} exists already; revise it before its start, or give the new release another id`,
      );
    case "Revise":
      return revise(plan, state, command, body);
    case "EraseTexts":
    case "RecordErasure":
      return decideErasure(state, command, body);
    case "ReceiveSignal":
      return receiveSignal(draft, body.signal);
    case "Observe":
      return observe(draft, body.seen);
    case "Start":
    case "ApplyCalendar":
    case "RecordChecks":
    case "BeginStep":
    case "RecordCheck":
    case "RecordProbe":
    case "IntendShift":
    case "RecordShift":
    case "RecordHold":
    case "RecordPutBack":
    case "EndRollback":
    case "RecordAlone":
    case "RecordMessage":
    case "RecordArchive":
    case "RecordArchiveCopy":
      return decideForMachine(draft, body);
    default: {
      const lent = delegationsTo(state, command.actor, command.at).map(({ role }) => role);
      const refusal = mayAsk(plan, command.actor, body, command.reason, lent);
      return refusal === undefined ? decideForPerson(draft, body) : { ok: false, rejection: refusal };
    }
  }
}

function decideForMachine(
  draft: Draft,
  body: Exclude<MachineCommand, { type: "Submit" | "RecordErasure" }>,
): Decision {
  switch (body.type) {
    case "Start":
      return start(draft, body);
    case "ApplyCalendar":
      settleCalendar(draft, body.calendar);
      return draft.decided();
    case "RecordChecks":
      // What a probe of the plan before has seen says nothing of this one.
      if (body.plan !== undefined && body.plan !== draft.state.plan) return draft.decided();
      return recordChecks(draft, body.answers);
    case "BeginStep":
      return beginStep(draft, body.step);
    case "RecordCheck":
      return recordCheck(draft, body);
    case "RecordProbe":
      return recordProbe(draft, body);
    case "IntendShift":
      return intendShift(draft, body);
    case "RecordShift": {
      const decision = recordShift(draft, body);
      if (decision.ok) settleMessages(draft);
      return decision.ok ? draft.decided() : decision;
    }
    case "RecordHold": {
      const before = draft.state.components[body.component];
      if (before === undefined || before.held === body.held) return draft.decided();
      const { component, observed } = body;
      draft.emit({ type: body.held ? "TargetHeld" : "TargetFreed", component, observed });
      return draft.decided();
    }
    case "RecordPutBack":
      return recordPutBack(draft, body);
    case "EndRollback":
      return endRollback(draft, body.targets);
    case "RecordAlone":
      return recordAlone(draft, body);
    case "RecordMessage":
      return thenClosed(draft, recordMessage(draft, body));
    case "RecordArchive":
      return recordArchive(draft, body);
    case "RecordArchiveCopy":
      return recordArchiveCopy(draft, body);
    default:
      return assertNever(body);
  }
}

/** What goes on with a release, and so is refused once it goes on no more. */
const GOES_ON: readonly PersonCommand["type"][] = [
  "Vote",
  "CompleteStep",
  "Skip",
  "Retry",
  "Promote",
  "Resume",
];

function decideForPerson(draft: Draft, body: PersonCommand): Decision {
  const { status } = draft.state;
  if (GOES_ON.includes(body.type) && !canStop(status)) {
    const undo = status === "rolling-back" ? "; what is left to be put back by hand is on its list" : "";
    return reject(
      "conflict",
      "release.stopped",
      `the release is ${spokenStatus(status)}: nothing of it goes on${undo}`,
    );
  }
  switch (body.type) {
    case "AnswerCheck":
      return answerCheck(draft, body);
    case "OverrideCheck":
      return overrideCheck(draft, body.check);
    case "Approve":
      return thenGates(draft, approve(draft, body));
    case "Decline":
      return thenGates(draft, decline(draft, body));
    case "WithdrawApproval":
      return thenGates(draft, withdrawApproval(draft, body));
    case "Delegate":
      return delegate(draft, body);
    case "EndDelegation":
      return endDelegation(draft, body);
    case "Vote":
      return vote(draft, body);
    case "CompleteStep":
      return afterwards(draft, completeStep(draft, body));
    case "Skip":
      return afterwards(draft, skip(draft, body.step));
    case "Retry":
      return retry(draft, body.step);
    case "Promote":
      if (draft.state.status === "validating") return promoteValidation(draft);
      return afterwards(draft, promote(draft, body.step));
    case "Pause":
      return askPause(draft);
    case "Resume":
      return askResume(draft);
    case "ApproveStep":
      return approveStep(draft, body);
    case "Decide":
      return answerQuestion(draft, body, () => askResume(draft));
    case "CopyArchive":
      return copyArchive(draft, body);
    case "LiftQuarantine":
      return liftQuarantine(draft, body.alarm);
    case "Rollback":
      return askRollback(draft);
    case "Abort":
      return askAbort(draft);
    case "CompletePutBack": {
      const item = draft.state.rollback?.items.find(({ id }) => id === body.item);
      if (item?.kind === "target") {
        return reject(
          "invalid",
          "rollback.not-manual",
          `${item.component} is put back by gonogo, not by hand`,
        );
      }
      return recordPutBack(draft, {
        type: "RecordPutBack",
        item: body.item,
        ok: body.ok,
        detail: body.output ?? (body.ok ? "done by hand" : "reported as failed"),
      });
    }
    case "GiveReading":
      return giveReading(draft, body);
    case "RecordValidation":
      return recordValidation(draft, body);
    case "AnswerHypercare":
      return answerHypercare(draft, body);
    case "DeclareIncident":
      return declareIncident(draft, body);
    case "ResolveIncident":
      return resolveIncident(draft, body);
    case "CompleteObligation":
      return thenClosed(draft, completeObligation(draft, body));
    case "SaveReview":
    case "SignReview":
      return thenClosed(draft, saveReview(draft, body));
    default:
      return assertNever(body);
  }
}

/** The gates open, or close again, with what was signed. */
function thenGates(draft: Draft, decision: Decision): Decision {
  if (!decision.ok) return decision;
  settleGates(draft);
  return draft.decided();
}

/** The release is completed, or its ticket closed, once the last of what they wait for is done. */
function thenClosed(draft: Draft, decision: Decision): Decision {
  if (!decision.ok) return decision;
  settleClosing(draft);
  return draft.decided();
}

/** What follows at once when a step ends: the end of the rollout, and messages that are true now. */
function afterwards(draft: Draft, decision: Decision): Decision {
  if (!decision.ok) return decision;
  settleTail(draft);
  settleMessages(draft);
  return draft.decided();
}

function askPause(draft: Draft): Decision {
  const { state, command } = draft;
  if (!canStop(state.status))
    return reject("conflict", "pause.ended", `the release is ${spokenStatus(state.status)}`);
  if (state.paused !== undefined) {
    return reject(
      "conflict",
      "pause.paused",
      `it is paused since ${state.paused.since}: ${state.paused.cause}`,
    );
  }
  pause(draft, command.reason ?? "asked for");
  return draft.decided();
}

/** Goes on. Whatever was asked about while it stood is answered by that. */
function askResume(draft: Draft): Decision {
  const { state, command } = draft;
  if (state.paused === undefined) return reject("conflict", "resume.not-paused", "the release is not paused");
  const bar = whyNotResume(draft);
  if (bar !== undefined) return bar;
  const lost = lostFor(draft.plan, state);
  if (lost !== undefined) {
    return reject(
      "conflict",
      "resume.share",
      `${lost.component} no longer has its ${lost.percent} %, and its last phase is over: roll back, or put it right by hand first`,
    );
  }
  const again = shortOf(draft.plan, state).map(({ id }) => id);
  for (const [, { about }] of Object.entries(state.decisions)) {
    const isReopened = about.kind === "phase" && again.includes(about.step);
    if (isReopened || ["trigger", "drift", "alarm", "limit"].includes(about.kind)) {
      settle(draft, about, `resume (${principal(command.actor) ?? "unknown"})`);
    }
  }
  draft.emit({ type: "ReleaseResumed" });
  return draft.decided();
}
