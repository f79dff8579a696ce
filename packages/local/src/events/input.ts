import { InvalidInput } from "../kernel/attempts.ts";
import { follow, parsePath } from "./json-path.ts";
import type { BusEvent, Delivery } from "./model.ts";
import { fillTemplate, parseTemplate } from "./template.ts";

/** What the target of a delivery is given: the event, a constant, a part of the event, or a text made of it. */
export function inputOf(delivery: Delivery): unknown {
  const { event, target } = delivery;
  if (target.Input !== undefined) return JSON.parse(target.Input);
  if (target.InputPath !== undefined) return at(target.InputPath, event) ?? null;
  if (target.InputTransformer === undefined) return event;
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  return fillTemplate(parseTemplate(InputTemplate), (name) => {
    const path = InputPathsMap[name];
    return path === undefined ? predefined(name, delivery) : at(path, event);
  });
}

export const predefinedVariables = [
  "aws.events.rule-arn",
  "aws.events.rule-name",
  "aws.events.event.ingestion-time",
  "aws.events.event",
  "aws.events.event.json",
] as const;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-predefined */
function predefined(name: string, delivery: Delivery): unknown {
  switch (name as (typeof predefinedVariables)[number]) {
    case "aws.events.rule-arn":
      return delivery.ruleArn;
    case "aws.events.rule-name":
      return delivery.ruleName;
    case "aws.events.event.ingestion-time":
      return `${new Date(delivery.ingestedAt).toISOString().slice(0, 19)}Z`;
    case "aws.events.event":
      return withoutDetail(delivery.event);
    case "aws.events.event.json":
      return delivery.event;
    default:
      throw new InvalidInput(`the input template's <${name}> is not defined`);
  }
}

/** The event without its detail, and with `detailType` written so, as AWS was recorded to give it. */
function withoutDetail(event: BusEvent): unknown {
  const { detail: _, "detail-type": detailType, ...rest } = event;
  return { ...rest, detailType };
}

function at(path: string, event: BusEvent): unknown {
  const steps = parsePath(path);
  if (steps === undefined) throw new InvalidInput(`${path} is not a path of the kind that EventBridge has`);
  return follow(steps, event);
}
