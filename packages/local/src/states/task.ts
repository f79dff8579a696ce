import type { TaskState } from "./asl.ts";
import { type Draft, visitOf } from "./draft.ts";
import { type Failure, StateFailed, withinLimit } from "./failure.ts";
import { errorDetails, whole } from "./history.ts";
import { type Integration, knownIntegration } from "./integrations.ts";
import type { Branch, Call } from "./position.ts";
import { type Bindings, evaluate, evaluateTyped, POSITIVE_SECONDS } from "./query.ts";
import { taskToken } from "./token.ts";

/** Schedules the task's call. Throws StateFailed. */
export async function beginTask(draft: Draft, branch: Branch, state: TaskState): Promise<void> {
  const target = knownIntegration(state.Resource);
  const id = draft.ambient.random.uuid();
  const token = waitsForToken(target) ? { Task: { Token: taskToken(draft.facts.arn, id) } } : {};
  const bindings = draft.bindings(branch, {}, token);
  const args =
    state.Arguments === undefined
      ? visitOf(branch).input
      : await evaluate(state.Arguments, bindings, "Arguments");
  withinLimit(args, visitOf(branch).name);
  const timeout = await seconds(state.TimeoutSeconds, bindings, "TimeoutSeconds");
  const heartbeat = await seconds(state.HeartbeatSeconds, bindings, "HeartbeatSeconds");
  if (timeout !== undefined && heartbeat !== undefined && heartbeat >= timeout) {
    throw new StateFailed({
      error: "States.Runtime",
      cause: `HeartbeatSeconds must be smaller than TimeoutSeconds, got ${heartbeat} and ${timeout}.`,
    });
  }
  const { now } = draft.ambient;
  const call: Call = {
    id,
    resource: state.Resource,
    arguments: args,
    phase: "calling",
    ...(timeout === undefined ? {} : { timeoutAt: now + timeout * 1000 }),
    ...(heartbeat === undefined
      ? {}
      : { heartbeatMs: heartbeat * 1000, heartbeatAt: now + heartbeat * 1000 }),
  };
  visitOf(branch).work = { kind: "call", call };
  draft.follow(branch, eventType(target, "Scheduled"), {
    ...scheduledDetails(target, args, draft.facts.region),
    ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
    ...(heartbeat === undefined ? {} : { heartbeatInSeconds: heartbeat }),
  });
  draft.call({ kind: "call", callId: id, resource: state.Resource, arguments: args }, branch);
}

function waitsForToken(target: Integration): boolean {
  return target.kind === "service" && target.pattern === "waitForTaskToken";
}

async function seconds(
  field: number | string | undefined,
  bindings: Bindings,
  name: string,
): Promise<number | undefined> {
  return field === undefined ? undefined : await evaluateTyped(field, bindings, name, POSITIVE_SECONDS);
}

/** Says of every task that was scheduled in this step that it has started. */
export function startTasks(draft: Draft): void {
  for (const branch of draft.takeScheduled()) {
    const target = targetOf(branch);
    draft.follow(branch, eventType(target, "Started"), resourceDetails(target));
  }
}

export function taskSubmitted(draft: Draft, branch: Branch, output: unknown): void {
  const target = targetOf(branch);
  draft.follow(branch, "TaskSubmitted", {
    ...resourceDetails(target),
    output: JSON.stringify(output),
    outputDetails: whole,
  });
}

/** Throws StateFailed when the output is too large. */
export function taskSucceeded(draft: Draft, branch: Branch, output: unknown): void {
  const target = targetOf(branch);
  withinLimit(output, target.kind === "function" ? target.functionArn : target.service);
  draft.follow(branch, eventType(target, "Succeeded"), {
    ...resourceDetails(target),
    output: JSON.stringify(output),
    outputDetails: whole,
  });
}

export function taskFailed(draft: Draft, branch: Branch, failure: Failure): void {
  const target = targetOf(branch);
  const what = failure.error === "States.Timeout" ? "TimedOut" : "Failed";
  draft.follow(branch, eventType(target, what), { ...resourceDetails(target), ...errorDetails(failure) });
}

export const TIMED_OUT: Failure = { error: "States.Timeout" };
export const NO_HEARTBEAT: Failure = { error: "States.Timeout", heartbeat: true };

/** Which of the two time-outs a task that fell due has reached. */
export function timeout(call: Call, now: number): Failure {
  return call.timeoutAt !== undefined && call.timeoutAt <= now ? TIMED_OUT : NO_HEARTBEAT;
}

function targetOf(branch: Branch): Integration {
  const work = visitOf(branch).work;
  if (work?.kind !== "call") throw new Error(`branch ${branch.id} has no task under way`);
  return knownIntegration(work.call.resource);
}

function eventType(target: Integration, what: string): string {
  return target.kind === "function" ? `LambdaFunction${what}` : `Task${what}`;
}

function resourceDetails(target: Integration): Record<string, string> | undefined {
  return target.kind === "function" ? undefined : { resourceType: target.service, resource: target.resource };
}

function scheduledDetails(target: Integration, args: unknown, region: string): Record<string, unknown> {
  return target.kind === "function"
    ? { resource: target.functionArn, input: JSON.stringify(args), inputDetails: whole }
    : { ...resourceDetails(target), region, parameters: JSON.stringify(args) };
}
