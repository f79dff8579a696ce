import { type Input, invalid, refuseOthers, text } from "../kernel/checks.ts";
import { page } from "../kernel/paging.ts";
import { AwsError } from "../kernel/wire.ts";
import { type Buses, paging } from "./buses.ts";
import type { TargetRecord } from "./model.ts";
import type { Rules } from "./rules.ts";
import { readTarget } from "./target-check.ts";

const MOST_TARGETS = 5;

/** The operations on the targets of rules. */
export class Targets {
  #rules: Rules;
  #buses: Buses;

  constructor(rules: Rules, buses: Buses) {
    this.#rules = rules;
    this.#buses = buses;
  }

  put(input: Input): unknown {
    refuseOthers("PutTargets", input, ["Rule", "EventBusName", "Targets"]);
    const rule = this.#rules.named(input, "Rule");
    const given = listOf(input, "Targets").map(readTarget);
    const targets = new Map(rule.targets.map((target) => [target.Id, target]));
    for (const target of given) targets.set(target.Id, target);
    if (targets.size > MOST_TARGETS) {
      throw new AwsError(
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
      );
    }
    this.#rules.setTargets(rule, [...targets.values()]);
    return { FailedEntryCount: 0, FailedEntries: [] };
  }

  remove(input: Input): unknown {
    refuseOthers("RemoveTargets", input, ["Rule", "EventBusName", "Ids", "Force"]);
    const rule = this.#rules.named(input, "Rule");
    const ids = listOf(input, "Ids");
    this.#rules.setTargets(
      rule,
      rule.targets.filter((target) => !ids.includes(target.Id)),
    );
    return { FailedEntryCount: 0, FailedEntries: [] };
  }

  list(input: Input): unknown {
    refuseOthers("ListTargetsByRule", input, ["Rule", "EventBusName", "NextToken", "Limit"]);
    const rule = this.#rules.named(input, "Rule");
    const { items, ...rest } = page<TargetRecord>(rule.targets, (target) => target.Id, paging(input));
    return { Targets: items, ...rest };
  }

  rulesOf(input: Input): unknown {
    refuseOthers("ListRuleNamesByTarget", input, ["TargetArn", "EventBusName", "NextToken", "Limit"]);
    const arn = text(input, "TargetArn", { min: 1, max: 1600 });
    const rules = this.#rules
      .ofBus(this.#buses.named(input).name)
      .filter((rule) => rule.targets.some((target) => target.Arn === arn));
    const { items, ...rest } = page(rules, (rule) => rule.name, paging(input));
    return { RuleNames: items.map((rule) => rule.name), ...rest };
  }
}

function listOf(input: Input, member: string): unknown[] {
  const list = input[member];
  if (!Array.isArray(list) || list.length === 0) throw invalid(`${member} must be a list of at least one.`);
  return list;
}
