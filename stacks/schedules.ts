import { SCHEDULE_GROUP, SCHEDULES } from "@gonogo/functions/deployment";
import { componentName } from "./functions.ts";
import { nameIn } from "./names.ts";
import { scheduleStatements } from "./permissions.ts";
import type { Here } from "./place.ts";
import { serviceRole } from "./roles.ts";

/** The group of the releases' own schedules with the role they are made with, and gonogo's standing ones. */
export function schedules(given: Here): void {
  const { stage, at } = given;
  const group = new aws.scheduler.ScheduleGroup("ReleaseSchedules", { name: nameIn(stage, SCHEDULE_GROUP) });
  serviceRole(given, "timers", {
    service: "scheduler",
    from: [at.scheduleGroup],
    statements: scheduleStatements(at, "visit"),
  });
  for (const [name, { expression, target }] of Object.entries(SCHEDULES)) {
    const role = serviceRole(given, `schedule-${name}`, {
      service: "scheduler",
      from: [at.scheduleGroup],
      statements: scheduleStatements(at, target),
    });
    new aws.scheduler.Schedule(`${componentName(name)}Schedule`, {
      name: nameIn(stage, name),
      groupName: group.name,
      scheduleExpression: expression,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: at.function(target),
        roleArn: role.arn,
        input: "{}",
        deadLetterConfig: { arn: at.deadLetters },
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
      },
    });
  }
}
