import { parseArn } from "../kernel/arn.ts";
import type { ExecutionStarter, FunctionInvoker, TargetDelivery } from "../kernel/ports.ts";
import { AwsError } from "../kernel/wire.ts";

/** Hands events and schedules to functions and state machines; other targets are refused by name. */
export function delivery(
  parts: () => { readonly invoker: FunctionInvoker; readonly starter: ExecutionStarter },
): TargetDelivery {
  return {
    async deliver(targetArn, input) {
      const target = parseArn(targetArn);
      switch (target?.service) {
        case "lambda":
          // As EventBridge does it: accepted by Lambda's queue, and run from there with Lambda's own retries.
          parts().invoker.invokeLater(targetArn, input);
          return;
        case "states":
          parts().starter.start(targetArn, undefined, input);
          return;
        default:
          throw new AwsError(
            "UnsupportedTarget",
            `the embedded engine delivers to functions and state machines, not to ${targetArn}`,
          );
      }
    },
  };
}
