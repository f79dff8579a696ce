import { invalid } from "../kernel/checks.ts";
import type { Timer } from "../kernel/clock.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Table } from "../kernel/store.ts";
import { nextTime, type ParsedExpression, parseExpression } from "../scheduler/expression.ts";
import type { Bus } from "./bus.ts";
import { busEvent, type RuleRecord } from "./model.ts";

/**
 * Fires the rules that have a ScheduleExpression, in UTC, at its targets alone.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
 */
export class ScheduledRules {
  #kernel: Kernel;
  #rules: Table<RuleRecord>;
  #bus: Bus;
  #timers = new Map<string, Timer>();

  constructor(kernel: Kernel, rules: Table<RuleRecord>, bus: Bus) {
    this.#kernel = kernel;
    this.#rules = rules;
    this.#bus = bus;
  }

  /** The rule with its next firing. What it had before stays, unless its schedule or state has changed. */
  planned(rule: Omit<RuleRecord, "nextAt" | "anchor">, known: RuleRecord | undefined): RuleRecord {
    const { nextAt: _, ...bare } = rule as Omit<RuleRecord, "anchor">;
    const now = this.#kernel.clock.now();
    if (known !== undefined && known.schedule === rule.schedule && known.state === rule.state) {
      return withNext({ ...bare, anchor: known.anchor }, known.nextAt);
    }
    const idle = rule.schedule === undefined || rule.state === "DISABLED";
    return withNext({ ...bare, anchor: now }, idle ? undefined : next(rule.schedule ?? "", now, now));
  }

  arm(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
    const when = this.#rules.get(key)?.nextAt;
    if (when === undefined) return;
    const begin = () => this.#kernel.activity.spawn(async () => this.#fire(key));
    this.#timers.set(key, this.#kernel.clock.at(when, begin));
  }

  /** A firing missed while the engine was off happens once, at once; see scheduler/runner.ts. */
  resume(): void {
    for (const [key] of this.#rules.entries()) this.arm(key);
  }

  #fire(key: string): void {
    const rule = this.#rules.get(key);
    const now = this.#kernel.clock.now();
    if (rule?.nextAt === undefined || rule.schedule === undefined || rule.nextAt > now) return;
    const { nextAt, ...bare } = rule;
    const event = busEvent(this.#kernel.random.uuid(), nextAt, {
      source: "aws.events",
      detailType: "Scheduled Event",
      resources: [rule.arn],
      detail: {},
    });
    this.#kernel.store.transaction(() => {
      this.#bus.deliver(rule, event);
      this.#rules.set(key, withNext(bare, next(rule.schedule ?? "", Math.max(nextAt, now), rule.anchor)));
    });
    this.arm(key);
  }
}

/** Rules are stricter than Scheduler: no at(), and `rate(1 minute)` but `rate(5 minutes)` (recorded). */
export function checkSchedule(text: string): void {
  const parsed = parseExpression(text);
  const problem = problemOf(text, parsed);
  if (problem !== undefined) throw invalid(`Parameter ScheduleExpression is not valid.\n${problem}`);
}

function problemOf(text: string, parsed: ParsedExpression): string | undefined {
  if (parsed.kind === "invalid") return parsed.problem;
  if (parsed.kind === "at") return "a rule takes rate() and cron(); for at() use EventBridge Scheduler";
  const [, value, plural] = /^rate\((\d+) [a-z]+?(s?)\)$/.exec(text) ?? [];
  if (value === undefined || (value === "1") === (plural === "")) return undefined;
  return "the unit of a rate is singular after 1 and plural after any other number";
}

function next(schedule: string, after: number, anchor: number): number | undefined {
  const expression = parseExpression(schedule);
  if (expression.kind === "invalid") throw new Error(`stored rule schedule: ${expression.problem}`);
  return nextTime(expression, after, { zone: "UTC", anchor });
}

function withNext(rule: Omit<RuleRecord, "nextAt">, nextAt: number | undefined): RuleRecord {
  return nextAt === undefined ? rule : { ...rule, nextAt };
}
