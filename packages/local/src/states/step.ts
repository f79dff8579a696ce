import type { Machine } from "./asl.ts";
import { Draft, type ExecutionFacts } from "./draft.ts";
import type { Failure } from "./failure.ts";
import type { Effect, Happening, Report } from "./happening.ts";
import { errorDetails, HISTORY_LIMIT, type HistoryEvent, HistoryFull } from "./history.ts";
import { endsWithAnswer, knownIntegration } from "./integrations.ts";
import { type Branch, dueTimes, type Ending, openCall, type Position, ROOT } from "./position.ts";
import type { Ambient } from "./query-functions.ts";
import { startTasks, taskFailed, taskSubmitted, timeout } from "./task.ts";
import { Walk } from "./walk.ts";

export interface Step {
  readonly position: Position;
  readonly events: readonly HistoryEvent[];
  readonly effects: readonly Effect[];
  readonly ending: Ending | undefined;
}

/**
 * What happens to an execution next. It changes nothing but what it returns: the same position, happening,
 * time and chance give the same step. (It is asynchronous only because JSONata is.)
 */
export async function step(
  machine: Machine,
  facts: ExecutionFacts,
  before: Position,
  happening: Happening,
  ambient: Ambient,
): Promise<Step> {
  const draft = new Draft(machine, facts, before, ambient);
  try {
    await happen(draft, happening);
    startTasks(draft);
  } catch (error) {
    if (error instanceof HistoryFull) {
      const cause = `The execution reached the maximum number of history events (${HISTORY_LIMIT}).`;
      return broken(draft, { error: "States.Runtime", cause });
    }
    // A fault of the engine itself: an execution that failed is seen, one that hangs is not.
    const cause = `The engine could not take this step: ${error instanceof Error ? error.message : error}`;
    return broken(new Draft(machine, facts, before, ambient), { error: "States.Runtime", cause });
  }
  return { position: draft.position, events: draft.events, effects: draft.effects, ending: draft.ending };
}

function broken(draft: Draft, failure: Failure): Step {
  const ending: Ending = { status: "FAILED", failure };
  draft.ending = ending;
  draft.position.branches = {};
  draft.emit(draft.position.lastEventId, "ExecutionFailed", errorDetails(failure));
  return { position: draft.position, events: draft.events, effects: [], ending };
}

async function happen(draft: Draft, happening: Happening): Promise<void> {
  const walk = new Walk(draft);
  switch (happening.kind) {
    case "begin":
      if (draft.position.begun) return;
      draft.position.begun = true;
      draft.entrances.push({ branch: ROOT, state: draft.machine.StartAt, input: draft.facts.input });
      break;
    case "clock":
      await passTime(draft, walk);
      break;
    case "answered": {
      const open = openCall(draft.position, happening.callId);
      if (open?.call.phase !== "calling") return;
      const { answer } = happening;
      if (!answer.ok) await walk.failed(open.branch, answer.failure);
      else if (endsWithAnswer(knownIntegration(open.call.resource))) {
        await walk.succeeded(open.branch, answer.output);
      } else {
        open.call.phase = "submitted";
        if (answer.child !== undefined) open.call.child = answer.child;
        taskSubmitted(draft, open.branch, answer.output);
      }
      break;
    }
    case "reported":
      await report(draft, walk, happening.callId, happening.report);
      break;
    case "stop":
      walk.end({ status: "ABORTED", failure: happening.failure });
      // As recorded: it follows nothing.
      draft.emit(0, "ExecutionAborted", errorDetails(happening.failure));
      break;
  }
  await walk.run();
}

async function report(draft: Draft, walk: Walk, callId: string, said: Report): Promise<void> {
  const open = openCall(draft.position, callId);
  if (open === undefined) return;
  switch (said.kind) {
    case "success":
      return await walk.succeeded(open.branch, said.output);
    case "failure":
      return await walk.failed(open.branch, said.failure);
    case "heartbeat":
      if (open.call.heartbeatMs !== undefined) {
        open.call.heartbeatAt = draft.ambient.now + open.call.heartbeatMs;
      }
  }
}

/** All that is due. Tasks that time out together say so together, before the first of them is answered. */
async function passTime(draft: Draft, walk: Walk): Promise<void> {
  const due = dueTimes(draft.position).filter(({ at }) => at <= draft.ambient.now);
  const timedOut: { branch: Branch; failure: Failure }[] = [];
  for (const { what, branch: id } of due) {
    if (what === "deadline") {
      walk.end({ status: "TIMED_OUT" });
      draft.emit(0, "ExecutionTimedOut", {});
      return;
    }
    const branch = draft.branch(id);
    const work = branch?.visit?.work;
    if (branch === undefined) continue;
    if (work?.kind === "wait") await walk.waited(branch);
    else if (work?.kind === "backoff") await walk.begin(branch);
    else if (work?.kind === "call") {
      const failure = timeout(work.call, draft.ambient.now);
      taskFailed(draft, branch, failure);
      timedOut.push({ branch, failure });
    }
  }
  for (const { branch, failure } of timedOut) {
    if (draft.branch(branch.id) !== undefined) await walk.answer(branch, failure);
  }
}
