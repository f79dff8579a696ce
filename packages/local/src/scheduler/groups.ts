import { arn } from "../kernel/arn.ts";
import { type Input, invalid, optionalInteger, optionalText, refuseOthers, text } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { page } from "../kernel/paging.ts";
import type { Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import type { GroupRecord } from "./model.ts";
import { nameRule } from "./schedule-check.ts";
import type { ClientTokens } from "./tokens.ts";

export const DEFAULT_GROUP = "default";

/** Schedule groups. The group `default` is always there and cannot be deleted. */
export class Groups {
  #kernel: Kernel;
  #groups: Table<GroupRecord>;
  #tokens: ClientTokens;

  constructor(kernel: Kernel, tokens: ClientTokens) {
    this.#kernel = kernel;
    this.#groups = kernel.store.table<GroupRecord>("scheduler/groups");
    this.#tokens = tokens;
    if (this.#groups.get(DEFAULT_GROUP) === undefined) this.#write(DEFAULT_GROUP);
  }

  require(name: string): GroupRecord {
    const group = this.#groups.get(name);
    if (group !== undefined) return group;
    throw new AwsError("ResourceNotFoundException", `Schedule group ${name} does not exist.`, 404);
  }

  create(input: Input): { ScheduleGroupArn: string } {
    refuseOthers("CreateScheduleGroup", input, ["Name", "ClientToken"]);
    const name = text(input, "Name", nameRule);
    return this.#tokens.once("CreateScheduleGroup", input, () => {
      if (this.#groups.get(name) !== undefined) {
        throw new AwsError("ConflictException", `Schedule group ${name} already exists.`, 409);
      }
      return { ScheduleGroupArn: this.#write(name).arn };
    });
  }

  get(input: Input): unknown {
    return shown(this.require(text(input, "Name", nameRule)));
  }

  /** AWS deletes a group's schedules over some minutes; here they are gone with it. */
  delete(input: Input, deleteSchedules: (group: string) => void): Record<string, never> {
    const name = text(input, "Name", nameRule);
    if (name === DEFAULT_GROUP) throw invalid("The default schedule group cannot be deleted.");
    return this.#tokens.once("DeleteScheduleGroup", input, () => {
      this.require(name);
      deleteSchedules(name);
      this.#groups.delete(name);
      return {};
    });
  }

  list(input: Input): unknown {
    refuseOthers("ListScheduleGroups", input, ["NamePrefix", "NextToken", "MaxResults"]);
    const prefix = optionalText(input, "NamePrefix", nameRule) ?? "";
    const groups = this.#groups.entries().map(([, group]) => group);
    const { items, ...rest } = page(
      groups.filter((group) => group.name.startsWith(prefix)),
      (group) => group.name,
      {
        token: optionalText(input, "NextToken"),
        limit: optionalInteger(input, "MaxResults", 1, 100) ?? 100,
      },
    );
    return { ScheduleGroups: items.map(shown), ...rest };
  }

  #write(name: string): GroupRecord {
    const now = this.#kernel.clock.now();
    const group = { name, arn: arn("scheduler", `schedule-group/${name}`), createdAt: now, modifiedAt: now };
    this.#groups.set(name, group);
    return group;
  }
}

function shown(group: GroupRecord) {
  return {
    Arn: group.arn,
    Name: group.name,
    State: "ACTIVE",
    CreationDate: new Date(group.createdAt),
    LastModificationDate: new Date(group.modifiedAt),
  };
}
