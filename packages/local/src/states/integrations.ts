import { parseArn } from "../kernel/arn.ts";

/** How a Task's `Resource` is called, and how its history events name it. */
export type Integration =
  | { readonly kind: "function"; readonly functionArn: string }
  | {
      readonly kind: "service";
      /** Such as `lambda`, in `resourceType`. */
      readonly service: "lambda" | "events" | "states";
      readonly action: "invoke" | "putEvents" | "startExecution";
      /** Such as `invoke.waitForTaskToken`, in `resource`. */
      readonly resource: string;
      readonly pattern: "requestResponse" | "waitForTaskToken" | "sync:2";
    };

const SERVICES: Readonly<Record<string, Integration>> = {
  "arn:aws:states:::lambda:invoke": service("lambda", "invoke", "requestResponse"),
  "arn:aws:states:::lambda:invoke.waitForTaskToken": service("lambda", "invoke", "waitForTaskToken"),
  "arn:aws:states:::events:putEvents": service("events", "putEvents", "requestResponse"),
  "arn:aws:states:::states:startExecution": service("states", "startExecution", "requestResponse"),
  "arn:aws:states:::states:startExecution.sync:2": service("states", "startExecution", "sync:2"),
};

export const SUPPORTED_RESOURCES: readonly string[] = Object.keys(SERVICES);

/** Undefined when the engine does not serve the resource. */
export function integration(resource: string): Integration | undefined {
  const known = SERVICES[resource];
  if (known !== undefined) return known;
  const arn = parseArn(resource);
  if (arn?.service === "lambda" && arn.resource.startsWith("function:")) {
    return { kind: "function", functionArn: resource };
  }
  return undefined;
}

/** The integration of a definition that has been checked. */
export function knownIntegration(resource: string): Integration {
  const found = integration(resource);
  if (found === undefined) throw new Error(`stored definition calls ${resource}, which is not served`);
  return found;
}

/** Whether the call's own answer ends the task, or only says that it was submitted. */
export function endsWithAnswer(integration: Integration): boolean {
  return integration.kind === "function" || integration.pattern === "requestResponse";
}

function service(
  name: "lambda" | "events" | "states",
  action: "invoke" | "putEvents" | "startExecution",
  pattern: "requestResponse" | "waitForTaskToken" | "sync:2",
): Integration {
  const resource = pattern === "requestResponse" ? action : `${action}.${pattern}`;
  return { kind: "service", service: name, action, resource, pattern };
}
