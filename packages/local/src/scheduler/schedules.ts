import { arn } from "../kernel/arn.ts";
import { type Input, optionalInteger, optionalText, refuseOthers, text } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { page } from "../kernel/paging.ts";
import type { Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import { DEFAULT_GROUP, type Groups } from "./groups.ts";
import { type ScheduleRecord, scheduleKey } from "./model.ts";
import type { Runner } from "./runner.ts";
import { nameRule, readDefinition } from "./schedule-check.ts";
import type { ClientTokens } from "./tokens.ts";

/** The operations on schedules. */
export class Schedules {
  #kernel: Kernel;
  #table: Table<ScheduleRecord>;
  #groups: Groups;
  #runner: Runner;
  #tokens: ClientTokens;

  constructor(
    kernel: Kernel,
    table: Table<ScheduleRecord>,
    parts: { groups: Groups; runner: Runner; tokens: ClientTokens },
  ) {
    this.#kernel = kernel;
    this.#table = table;
    this.#groups = parts.groups;
    this.#runner = parts.runner;
    this.#tokens = parts.tokens;
  }

  create(input: Input): { ScheduleArn: string } {
    const { name, group, key } = named(input);
    return this.#tokens.once("CreateSchedule", input, () => {
      const now = this.#kernel.clock.now();
      const definition = readDefinition("CreateSchedule", input, now);
      this.#groups.require(group);
      if (this.#table.get(key) !== undefined) {
        throw new AwsError("ConflictException", `Schedule ${name} already exists.`, 409);
      }
      const next = this.#runner.first(definition, now);
      const schedule = {
        id: this.#kernel.random.uuid(),
        name,
        group,
        arn: arn("scheduler", `schedule/${key}`),
        definition,
        createdAt: now,
        modifiedAt: now,
        anchor: now,
        ...(next === undefined ? {} : { next }),
      };
      return this.#write(key, schedule);
    });
  }

  /** Replaces the whole definition, and counts a rate from now: AWS documents only the first. */
  update(input: Input): { ScheduleArn: string } {
    const { name, group, key } = named(input);
    return this.#tokens.once("UpdateSchedule", input, () => {
      const now = this.#kernel.clock.now();
      const definition = readDefinition("UpdateSchedule", input, now);
      const { next: _, ...kept } = this.#require(name, group);
      const next = this.#runner.first(definition, now);
      return this.#write(key, {
        ...kept,
        definition,
        modifiedAt: now,
        anchor: now,
        ...(next === undefined ? {} : { next }),
      });
    });
  }

  get(input: Input): unknown {
    const { name, group } = named(input);
    return shown(this.#require(name, group));
  }

  delete(input: Input): Record<string, never> {
    refuseOthers("DeleteSchedule", input, ["Name", "GroupName", "ClientToken"]);
    const { name, group } = named(input);
    return this.#tokens.once("DeleteSchedule", input, () => {
      this.#require(name, group);
      this.#remove(scheduleKey(group, name));
      return {};
    });
  }

  deleteGroup(group: string): void {
    for (const [key, schedule] of this.#table.entries()) if (schedule.group === group) this.#remove(key);
  }

  list(input: Input): unknown {
    refuseOthers("ListSchedules", input, ["GroupName", "NamePrefix", "State", "NextToken", "MaxResults"]);
    const group = optionalText(input, "GroupName", nameRule);
    const prefix = optionalText(input, "NamePrefix", nameRule) ?? "";
    const state = optionalText(input, "State", { oneOf: ["ENABLED", "DISABLED"] });
    const found = this.#table
      .entries()
      .map(([, schedule]) => schedule)
      .filter((schedule) => group === undefined || schedule.group === group)
      .filter((schedule) => schedule.name.startsWith(prefix))
      .filter((schedule) => state === undefined || schedule.definition.state === state);
    const { items, ...rest } = page(found, (schedule) => scheduleKey(schedule.group, schedule.name), {
      token: optionalText(input, "NextToken"),
      limit: optionalInteger(input, "MaxResults", 1, 100) ?? 100,
    });
    return { Schedules: items.map(summary), ...rest };
  }

  #write(key: string, schedule: ScheduleRecord): { ScheduleArn: string } {
    this.#table.set(key, schedule);
    this.#runner.arm(key);
    return { ScheduleArn: schedule.arn };
  }

  #remove(key: string): void {
    this.#table.delete(key);
    this.#runner.arm(key);
  }

  #require(name: string, group: string): ScheduleRecord {
    const schedule = this.#table.get(scheduleKey(group, name));
    if (schedule !== undefined) return schedule;
    throw new AwsError("ResourceNotFoundException", `Schedule ${name} does not exist.`, 404);
  }
}

function named(input: Input): { name: string; group: string; key: string } {
  const name = text(input, "Name", nameRule);
  const group = optionalText(input, "GroupName", nameRule) ?? DEFAULT_GROUP;
  return { name, group, key: scheduleKey(group, name) };
}

function shown(schedule: ScheduleRecord): unknown {
  const { definition } = schedule;
  const window =
    definition.windowMinutes === 0
      ? { Mode: "OFF" }
      : { Mode: "FLEXIBLE", MaximumWindowInMinutes: definition.windowMinutes };
  return {
    ...summary(schedule),
    ScheduleExpression: definition.expression,
    ScheduleExpressionTimezone: definition.zone,
    ...(definition.startDate === undefined ? {} : { StartDate: new Date(definition.startDate) }),
    ...(definition.endDate === undefined ? {} : { EndDate: new Date(definition.endDate) }),
    ...(definition.description === undefined ? {} : { Description: definition.description }),
    Target: definition.target,
    FlexibleTimeWindow: window,
    ActionAfterCompletion: definition.afterCompletion,
  };
}

function summary(schedule: ScheduleRecord) {
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.group,
    State: schedule.definition.state,
    CreationDate: new Date(schedule.createdAt),
    LastModificationDate: new Date(schedule.modifiedAt),
    Target: { Arn: schedule.definition.target.Arn },
  };
}
