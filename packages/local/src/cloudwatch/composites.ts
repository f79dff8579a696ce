import { parseCommon, refuseActions } from "./alarm-check.ts";
import type { AlarmRecord, StateValue } from "./alarm-model.ts";
import type { Alarms } from "./alarms.ts";
import { type Input, refuseOthers, text } from "./checks.ts";
import { alarmsIn, type CompositeRule, holds, parseCompositeRule } from "./composite-rule.ts";
import { invalidCombination, validation } from "./errors.ts";
import { isoOffset, longTime } from "./text.ts";

/** Alarms on other alarms. One changes with those below it, in the same transaction. */
export class Composites {
  #alarms: Alarms;
  #rules = new Map<string, CompositeRule>();

  constructor(alarms: Alarms) {
    this.#alarms = alarms;
    alarms.onChange = (name) => this.#childChanged(name);
  }

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
  put(input: Input): void {
    refuseOthers(
      "PutCompositeAlarm",
      input,
      "AlarmName AlarmRule AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions Tags",
    );
    refuseActions(input);
    const name = text(input, "AlarmName", 255);
    const rule = text(input, "AlarmRule", 10_240);
    const existing = this.#alarms.find(name);
    if (existing?.definition.kind === "metric") {
      throw invalidCombination(`'${name}' is a metric alarm; a composite alarm needs a name of its own`);
    }
    this.#check(name, parseCompositeRule(rule));
    this.#alarms.put(name, { kind: "composite", ...parseCommon(input), rule });
    this.#decide(name);
  }

  /** The composite alarms whose rules name `child`. */
  above(child: string): AlarmRecord[] {
    return this.#alarms.all().filter((alarm) => {
      const rule = this.#ruleOf(alarm);
      return rule !== undefined && alarmsIn(rule).includes(child);
    });
  }

  #check(name: string, rule: CompositeRule): void {
    const missing = alarmsIn(rule).filter((child) => this.#alarms.find(child) === undefined);
    if (missing.length > 0) {
      throw validation(`AlarmRule names alarms that do not exist: ${missing.join(", ")}`);
    }
    const seen = new Set<string>();
    const visit = (child: string): void => {
      if (child === name) throw validation(`AlarmRule of '${name}' leads back to '${name}'`);
      if (seen.has(child)) return;
      seen.add(child);
      const found = this.#alarms.find(child);
      const below = found === undefined ? undefined : this.#ruleOf(found);
      if (below !== undefined) alarmsIn(below).forEach(visit);
    };
    alarmsIn(rule).forEach(visit);
  }

  /** On creation and on a change of the rule. */
  #decide(name: string): void {
    const alarm = this.#alarms.get(name);
    const rule = this.#ruleOf(alarm);
    if (rule === undefined) return;
    const value = this.#valueOf(rule);
    if (value === alarm.state.value) return;
    const what = alarm.state.reason.startsWith("Unchecked") ? "created" : "updated";
    const reason = `${alarm.arn} was ${what} and its alarm rule evaluates to ${value}`;
    this.#alarms.setState(name, value, reason, this.#triggering(alarmsIn(rule)));
  }

  #childChanged(child: string): void {
    const { arn, state } = this.#alarms.get(child);
    for (const alarm of this.above(child)) {
      const rule = this.#ruleOf(alarm);
      if (rule === undefined) continue;
      const value = this.#valueOf(rule);
      if (value === this.#alarms.get(alarm.name).state.value) continue;
      const reason = `${arn} transitioned to ${state.value} at ${longTime(state.transitionedAt)}`;
      this.#alarms.setState(alarm.name, value, reason, this.#triggering([child]));
    }
  }

  #valueOf(rule: CompositeRule): StateValue {
    return holds(rule, (child) => this.#alarms.find(child)?.state.value) ? "ALARM" : "OK";
  }

  #triggering(names: readonly string[]): string {
    const triggeringAlarms = names.flatMap((name) => {
      const alarm = this.#alarms.find(name);
      if (alarm === undefined) return [];
      const { value, transitionedAt } = alarm.state;
      return [{ arn: alarm.arn, state: { value, timestamp: isoOffset(transitionedAt) } }];
    });
    return JSON.stringify({ triggeringAlarms });
  }

  #ruleOf({ definition }: AlarmRecord): CompositeRule | undefined {
    if (definition.kind !== "composite") return undefined;
    const known = this.#rules.get(definition.rule) ?? parseCompositeRule(definition.rule);
    this.#rules.set(definition.rule, known);
    return known;
  }
}
