import { type Input, invalid, isObject, refuseOthers, text } from "../kernel/checks.ts";
import { AwsError } from "../kernel/wire.ts";
import { matches, parsePattern } from "./pattern.ts";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html */
export function testEventPattern(input: Input): { Result: boolean } {
  refuseOthers("TestEventPattern", input, ["EventPattern", "Event"]);
  const event = readEvent(text(input, "Event"));
  const pattern = parsePattern(text(input, "EventPattern", { max: 4096 }));
  if (pattern.kind === "invalid") throw new AwsError("InvalidEventPatternException", pattern.message);
  return { Result: matches(pattern, event) };
}

function readEvent(json: string): Input {
  try {
    const event: unknown = JSON.parse(json);
    const required = ["id", "account", "source", "time", "region", "detail-type"];
    if (isObject(event) && required.every((member) => event[member] !== undefined)) return event;
  } catch {
    // Not JSON: the same answer.
  }
  throw invalid("Parameter Event is not valid.");
}
