import { defaultRetries } from "../kernel/attempts.ts";
import {
  deadLetterQueue,
  type Input,
  invalid,
  optionalInteger,
  optionalObject,
  optionalText,
  optionalTime,
  refuseOthers,
  retrySettings,
  text,
} from "../kernel/checks.ts";
import { parseExpression } from "./expression.ts";
import type { ScheduleDefinition, ScheduleTarget } from "./model.ts";
import { checkInput } from "./target-input.ts";
import { isTimeZone } from "./zone.ts";

export const nameRule = { min: 1, max: 64, pattern: /[0-9a-zA-Z-_.]+/ };

const served = [
  "Name",
  "GroupName",
  "ClientToken",
  "ScheduleExpression",
  "ScheduleExpressionTimezone",
  "StartDate",
  "EndDate",
  "Description",
  "State",
  "FlexibleTimeWindow",
  "ActionAfterCompletion",
  "Target",
];

/** Reads CreateSchedule's or UpdateSchedule's input, or says why not. */
export function readDefinition(operation: string, input: Input, now: number): ScheduleDefinition {
  refuseOthers(operation, input, served);
  const expression = text(input, "ScheduleExpression", { min: 1, max: 256 });
  const parsed = parseExpression(expression);
  if (parsed.kind === "invalid") {
    throw invalid(`Invalid Schedule Expression ${expression}.\n${parsed.problem}`);
  }
  const zone = optionalText(input, "ScheduleExpressionTimezone", { min: 1, max: 50 }) ?? "UTC";
  if (!isTimeZone(zone)) {
    throw invalid(`Invalid Schedule Expression Timezone ${zone}.\nGive an IANA name, such as Europe/Berlin.`);
  }
  const startDate = optionalTime(input, "StartDate");
  const endDate = optionalTime(input, "EndDate");
  if (startDate !== undefined && startDate < now - FIVE_MINUTES) {
    throw invalid("The StartDate you specify cannot be earlier than 5 minutes ago.");
  }
  if (endDate !== undefined && endDate <= (startDate ?? now)) {
    throw invalid(`The EndDate must be after ${startDate === undefined ? "the present" : "the StartDate"}.`);
  }
  const description = optionalText(input, "Description", { max: 512 });
  return {
    expression,
    zone,
    ...(startDate === undefined ? {} : { startDate }),
    ...(endDate === undefined ? {} : { endDate }),
    ...(description === undefined ? {} : { description }),
    state:
      optionalText(input, "State", { oneOf: ["ENABLED", "DISABLED"] }) === "DISABLED"
        ? "DISABLED"
        : "ENABLED",
    windowMinutes: readWindow(input),
    afterCompletion:
      optionalText(input, "ActionAfterCompletion", { oneOf: ["NONE", "DELETE"] }) === "DELETE"
        ? "DELETE"
        : "NONE",
    target: readTarget(input),
  };
}

const FIVE_MINUTES = 300_000;

function readWindow(input: Input): number {
  const window = optionalObject(input, "FlexibleTimeWindow");
  if (window === undefined) throw invalid("FlexibleTimeWindow is required: its Mode is OFF or FLEXIBLE.");
  refuseOthers("FlexibleTimeWindow", window, ["Mode", "MaximumWindowInMinutes"]);
  const minutes = optionalInteger(window, "MaximumWindowInMinutes", 1, 1440);
  if (text(window, "Mode", { oneOf: ["OFF", "FLEXIBLE"] }) === "OFF") {
    if (minutes !== undefined) throw invalid("MaximumWindowInMinutes has no meaning when the Mode is OFF.");
    return 0;
  }
  if (minutes === undefined) throw invalid("MaximumWindowInMinutes is required when the Mode is FLEXIBLE.");
  return minutes;
}

function readTarget(input: Input): ScheduleTarget {
  const target = optionalObject(input, "Target");
  if (target === undefined) throw invalid("Target is required.");
  refuseOthers("Target", target, ["Arn", "RoleArn", "Input", "RetryPolicy", "DeadLetterConfig"]);
  const arn = text(target, "Arn", { min: 1, max: 1600 });
  if (!/^arn:aws:(lambda:[^:]+:\d+:function:|states:[^:]+:\d+:stateMachine:)\S+$/.test(arn)) {
    throw invalid(
      `Target.Arn ${arn}: the embedded engine's targets are Lambda functions and state machines.`,
    );
  }
  const payload = optionalText(target, "Input", { min: 1 });
  if (payload !== undefined) checkInput(payload);
  const queue = deadLetterQueue("Target", target);
  return {
    Arn: arn,
    RoleArn: text(target, "RoleArn", { min: 1, max: 1600, pattern: /arn:aws[a-z-]*:iam::\d{12}:role\/\S+/ }),
    ...(payload === undefined ? {} : { Input: payload }),
    ...(queue === undefined ? {} : { DeadLetterConfig: { Arn: queue } }),
    RetryPolicy: { ...defaultRetries, ...retrySettings("Target", target) },
  };
}
