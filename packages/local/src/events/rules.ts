import { ACCOUNT } from "../kernel/arn.ts";
import { type Input, invalid, optionalText, refuseOthers, text } from "../kernel/checks.ts";
import { page } from "../kernel/paging.ts";
import type { Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import { type Buses, nameRule, paging } from "./buses.ts";
import { DEFAULT_BUS, type RuleRecord, ruleArn, ruleKey } from "./model.ts";
import { parsePattern } from "./pattern.ts";
import { checkSchedule, type ScheduledRules } from "./scheduled-rules.ts";

/** The operations on rules. */
export class Rules {
  #table: Table<RuleRecord>;
  #buses: Buses;
  #scheduled: ScheduledRules;
  #changed: (busName: string) => void;

  constructor(
    table: Table<RuleRecord>,
    parts: { buses: Buses; scheduled: ScheduledRules; changed: (busName: string) => void },
  ) {
    this.#table = table;
    this.#buses = parts.buses;
    this.#scheduled = parts.scheduled;
    this.#changed = parts.changed;
  }

  put(input: Input): unknown {
    const served = [
      "Name",
      "EventBusName",
      "EventPattern",
      "ScheduleExpression",
      "State",
      "Description",
      "RoleArn",
    ];
    refuseOthers("PutRule", input, served);
    const name = text(input, "Name", nameRule);
    const busName = this.#buses.named(input).name;
    const pattern = optionalText(input, "EventPattern", { max: 4096 });
    const schedule = optionalText(input, "ScheduleExpression", { max: 256 });
    if (!pattern && !schedule) {
      throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
    }
    if (pattern) checkPattern(pattern);
    if (schedule && busName !== DEFAULT_BUS) {
      throw invalid("ScheduleExpression is supported only on the default event bus.");
    }
    if (schedule) checkSchedule(schedule);
    const description = optionalText(input, "Description", { max: 512 });
    const roleArn = optionalText(input, "RoleArn", { min: 1, max: 1600 });
    const known = this.#table.get(ruleKey(busName, name));
    const rule = {
      name,
      busName,
      arn: ruleArn(busName, name),
      state: readState(input),
      ...(pattern ? { pattern } : {}),
      ...(schedule ? { schedule } : {}),
      ...(description === undefined ? {} : { description }),
      ...(roleArn === undefined ? {} : { roleArn }),
      targets: known?.targets ?? [],
    };
    this.#write(this.#scheduled.planned(rule, known));
    return { RuleArn: rule.arn };
  }

  describe(input: Input): unknown {
    return { ...shown(this.named(input, "Name")), CreatedBy: ACCOUNT };
  }

  list(input: Input): unknown {
    refuseOthers("ListRules", input, ["NamePrefix", "EventBusName", "NextToken", "Limit"]);
    const prefix = optionalText(input, "NamePrefix", nameRule) ?? "";
    const rules = this.ofBus(this.#buses.named(input).name).filter((rule) => rule.name.startsWith(prefix));
    const { items, ...rest } = page(rules, (rule) => rule.name, paging(input));
    return { Rules: items.map(shown), ...rest };
  }

  /** A rule that is not there is deleted already. */
  delete(input: Input): Record<string, never> {
    refuseOthers("DeleteRule", input, ["Name", "EventBusName", "Force"]);
    const key = ruleKey(this.#buses.named(input).name, text(input, "Name", nameRule));
    const rule = this.#table.get(key);
    if (rule === undefined) return {};
    if (rule.targets.length > 0) throw invalid("Rule can't be deleted since it has targets.");
    this.#table.delete(key);
    this.#scheduled.arm(key);
    this.#changed(rule.busName);
    return {};
  }

  setState(input: Input, state: RuleRecord["state"]): Record<string, never> {
    const rule = this.named(input, "Name");
    this.#write(this.#scheduled.planned({ ...rule, state }, rule));
    return {};
  }

  setTargets(rule: RuleRecord, targets: RuleRecord["targets"]): void {
    this.#write({ ...rule, targets });
  }

  named(input: Input, member: "Name" | "Rule"): RuleRecord {
    const name = text(input, member, nameRule);
    const busName = this.#buses.named(input).name;
    const rule = this.#table.get(ruleKey(busName, name));
    if (rule !== undefined) return rule;
    throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${busName}.`);
  }

  ofBus(busName: string): RuleRecord[] {
    return this.#table
      .entries()
      .map(([, rule]) => rule)
      .filter((rule) => rule.busName === busName);
  }

  #write(rule: RuleRecord): void {
    const key = ruleKey(rule.busName, rule.name);
    this.#table.set(key, rule);
    this.#scheduled.arm(key);
    this.#changed(rule.busName);
  }
}

export function checkPattern(pattern: string): void {
  const parsed = parsePattern(pattern);
  if (parsed.kind === "invalid") throw new AwsError("InvalidEventPatternException", parsed.message);
}

function readState(input: Input): RuleRecord["state"] {
  const state = optionalText(input, "State") ?? "ENABLED";
  if (state === "ENABLED" || state === "DISABLED") return state;
  throw invalid(
    `PutRule: State ${state} is not supported by the embedded engine (supported: ENABLED, DISABLED).`,
  );
}

function shown(rule: RuleRecord) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.pattern,
    ScheduleExpression: rule.schedule,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.busName,
  };
}
