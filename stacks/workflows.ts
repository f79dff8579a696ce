import { MACHINES, type MachineName } from "@gonogo/functions/deployment";
import { definitionWith } from "./definition.ts";
import { nameIn } from "./names.ts";
import { machineStatements } from "./permissions.ts";
import type { Here } from "./place.ts";
import { serviceRole } from "./roles.ts";

/** Standard workflows from the same files that the embedded engine runs, with this deployment's ARNs in. */
export function workflows(given: Here) {
  return Object.fromEntries(MACHINES.map((name) => [name, machine(name, given)])) as Record<
    MachineName,
    aws.sfn.StateMachine
  >;
}

function machine(name: MachineName, given: Here): aws.sfn.StateMachine {
  const { stage, at } = given;
  const { text, functions } = definitionWith(
    `${$cli.paths.root}/packages/functions/workflows`,
    name,
    at.function,
  );
  const role = serviceRole(given, name, {
    service: "states",
    from: [at.machine(name)],
    statements: machineStatements(functions),
  });
  const title = name === "rollout" ? "Rollout" : "Rollback";
  const log = new aws.cloudwatch.LogGroup(`${title}Log`, {
    // Under this prefix the log service's own policy does not outgrow its limit.
    name: `/aws/vendedlogs/states/${nameIn(stage, name)}`,
    retentionInDays: 90,
  });
  return new aws.sfn.StateMachine(title, {
    name: nameIn(stage, name),
    type: "STANDARD",
    definition: text,
    roleArn: role.arn,
    // Without the data: a task's input holds its token (S16).
    loggingConfiguration: {
      level: "ERROR",
      includeExecutionData: false,
      logDestination: $interpolate`${log.arn}:*`,
    },
    tracingConfiguration: { enabled: true },
  });
}
