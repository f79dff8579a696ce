import { SchedulerTimers } from "@gonogo/adapters/scheduler/index";
import type { Process } from "../runtime.ts";

export function timers({ aws, settings }: Process): SchedulerTimers {
  return new SchedulerTimers(aws, {
    group: settings.GONOGO_SCHEDULE_GROUP,
    functionArn: settings.GONOGO_VISIT_ARN,
    roleArn: settings.GONOGO_SCHEDULER_ROLE_ARN,
    deadLetterArn: settings.GONOGO_DEAD_LETTER_ARN,
  });
}
