import { type FunctionName, RULES } from "@gonogo/functions/deployment";
import { componentName } from "./functions.ts";
import { nameIn } from "./names.ts";
import type { Here } from "./place.ts";

/** A day, and as often as EventBridge tries: what is lost after that is in the dead letters. */
const RETRIES = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };

interface Parts {
  readonly functions: Record<FunctionName, sst.aws.Function>;
  readonly bus: sst.aws.Bus;
  readonly deadLetters: aws.sqs.Queue;
}

/** Each of RULES with its target, the right to call it, and a place for what cannot be delivered. */
export function rules({ stage, at }: Here, { functions, bus, deadLetters }: Parts): void {
  for (const [name, { bus: on, pattern, target }] of Object.entries(RULES)) {
    const title = componentName(name);
    const where = on === "own" ? { eventBusName: bus.name } : {};
    const rule = new aws.cloudwatch.EventRule(`${title}Rule`, {
      ...where,
      name: nameIn(stage, name),
      description: `To ${target}`,
      eventPattern: JSON.stringify(pattern),
    });
    const permission = allow(`${title}RuleCalls`, functions[target], "events.amazonaws.com", rule.arn);
    new aws.cloudwatch.EventTarget(
      `${title}Target`,
      {
        ...where,
        rule: rule.name,
        targetId: target,
        arn: functions[target].arn,
        deadLetterConfig: { arn: deadLetters.arn },
        retryPolicy: RETRIES,
      },
      { dependsOn: [permission] },
    );
  }
  // The rules that releases put up for themselves.
  for (const [index, rule] of at.standByRules.entries()) {
    allow(`StandByRule${index + 1}Calls`, functions["stand-by"], "events.amazonaws.com", rule);
  }
}

/** Lets a service call a function for one thing of this account, and for no other. */
function allow(
  title: string,
  target: sst.aws.Function,
  principal: string,
  sourceArn: $util.Input<string>,
): aws.lambda.Permission {
  return new aws.lambda.Permission(title, {
    action: "lambda:InvokeFunction",
    function: target.name,
    principal,
    sourceArn,
  });
}
