import { ACCOUNT, REGION } from "../kernel/arn.ts";
import { InvalidInput } from "../kernel/attempts.ts";
import { invalid } from "../kernel/checks.ts";
import type { Invocation } from "./model.ts";

/** A moment as Scheduler writes it, in whole seconds. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/**
 * What the target is given: the schedule's Input with its context attributes filled in, or, without an
 * Input, the event that AWS sends by itself.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function targetInput(invocation: Invocation): unknown {
  const { target, scheduleArn, scheduledAt, executionId, failures } = invocation;
  if (target.Input === undefined) {
    return {
      version: "0",
      id: executionId,
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: ACCOUNT,
      time: isoSeconds(scheduledAt),
      region: REGION,
      resources: [scheduleArn],
      detail: "{}",
    };
  }
  const filled = fill(target.Input, {
    "schedule-arn": scheduleArn,
    "scheduled-time": isoSeconds(scheduledAt),
    "execution-id": executionId,
    "attempt-number": String(failures + 1),
  });
  try {
    return JSON.parse(filled);
  } catch (error) {
    throw new InvalidInput(`the Input is not JSON once its attributes are filled in: ${String(error)}`);
  }
}

/** Refuses an Input that could never be JSON. */
export function checkInput(input: string): void {
  const sample = { "schedule-arn": "a", "scheduled-time": "t", "execution-id": "e", "attempt-number": "1" };
  try {
    JSON.parse(fill(input, sample));
  } catch (error) {
    throw invalid(`Target.Input must be JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fill(input: string, attributes: Readonly<Record<string, string>>): string {
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => attributes[name] ?? whole);
}
