import type { Input } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { restService, type Service } from "../kernel/wire.ts";
import { Groups } from "./groups.ts";
import type { ScheduleRecord } from "./model.ts";
import { routes } from "./routes.ts";
import { Runner, type SchedulerPorts } from "./runner.ts";
import { Schedules } from "./schedules.ts";
import { ClientTokens } from "./tokens.ts";

export type { SchedulerPorts } from "./runner.ts";

export interface Scheduler {
  readonly service: Service;
  /** Sets the timers of what is on disk, and takes up what was under way. Once, after assembly. */
  resume(): void;
}

/** EventBridge Scheduler: https://docs.aws.amazon.com/scheduler/latest/APIReference/Welcome.html */
export function createScheduler(kernel: Kernel, ports: SchedulerPorts): Scheduler {
  const table = kernel.store.table<ScheduleRecord>("scheduler/schedules");
  const tokens = new ClientTokens(kernel);
  const groups = new Groups(kernel, tokens);
  const runner = new Runner(kernel, ports, table);
  const schedules = new Schedules(kernel, table, { groups, runner, tokens });
  const service = restService({
    name: "scheduler",
    routes,
    operations: {
      CreateSchedule: (input: Input) => schedules.create(input),
      UpdateSchedule: (input: Input) => schedules.update(input),
      GetSchedule: (input: Input) => schedules.get(input),
      DeleteSchedule: (input: Input) => schedules.delete(input),
      ListSchedules: (input: Input) => schedules.list(input),
      CreateScheduleGroup: (input: Input) => groups.create(input),
      GetScheduleGroup: (input: Input) => groups.get(input),
      DeleteScheduleGroup: (input: Input) => groups.delete(input, (group) => schedules.deleteGroup(group)),
      ListScheduleGroups: (input: Input) => groups.list(input),
    },
  });
  return { service, resume: () => runner.resume() };
}
