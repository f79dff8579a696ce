import type { Kernel } from "../kernel/kernel.ts";
import { parseMetricAlarm } from "./alarm-check.ts";
import { type AlarmRecord, STATES } from "./alarm-model.ts";
import type { Alarms } from "./alarms.ts";
import { type Input, optionalOneOf, optionalText, refuseOthers, text, texts } from "./checks.ts";
import type { Composites } from "./composites.ts";
import { invalidCombination, missing, validation } from "./errors.ts";
import type { MetricStore } from "./store.ts";
import { seriesOf } from "./watch.ts";

export function putMetricAlarm(kernel: Kernel, store: MetricStore, alarms: Alarms, input: Input): void {
  const name = text(input, "AlarmName", 255);
  const definition = parseMetricAlarm(input, kernel.random);
  // An expression that gives no time series is refused now, not at the first look.
  seriesOf(store, definition, 0, definition.source.period * 1000);
  if (alarms.find(name)?.definition.kind === "composite") {
    throw invalidCombination(`'${name}' is a composite alarm; a metric alarm needs a name of its own`);
  }
  alarms.put(name, definition);
}

/**
 * All or none. AWS deletes one composite alarm at a time; here several go together, and an alarm that another
 * one stands on goes only with it.
 */
export function deleteAlarms(kernel: Kernel, alarms: Alarms, composites: Composites, input: Input): void {
  refuseOthers("DeleteAlarms", input, "AlarmNames");
  const names = named(input);
  for (const name of names) {
    alarms.get(name);
    const above = composites.above(name).filter((alarm) => !names.includes(alarm.name));
    if (above.length === 0) continue;
    const listed = above.map((alarm) => alarm.name).join(", ");
    throw validation(`Cannot delete '${name}' as there are composite alarms depending on it: ${listed}`);
  }
  kernel.store.transaction(() => {
    for (const name of names) alarms.delete(name);
  });
}

/** Lasts until the alarm next looks; a composite alarm's until one below it changes. */
export function setAlarmState(alarms: Alarms, input: Input): void {
  refuseOthers("SetAlarmState", input, "AlarmName StateValue StateReason StateReasonData");
  const name = text(input, "AlarmName", 255);
  const value = optionalOneOf(input, "StateValue", STATES);
  if (value === undefined) throw missing("StateValue");
  const data = optionalText(input, "StateReasonData", 4000);
  if (data !== undefined && !isJson(data)) throw validation("StateReasonData must be JSON");
  alarms.setState(name, value, optionalText(input, "StateReason", 1023) ?? "", data);
}

/** What EnableAlarmActions and DisableAlarmActions do. An alarm that is so already is left alone. */
export function enableActions(kernel: Kernel, alarms: Alarms, input: Input, enabled: boolean): void {
  refuseOthers(enabled ? "EnableAlarmActions" : "DisableAlarmActions", input, "AlarmNames");
  kernel.store.transaction(() => {
    for (const name of named(input)) {
      const alarm: AlarmRecord | undefined = alarms.find(name);
      // Names that do not exist are passed over, as AWS does.
      if (alarm === undefined || alarm.definition.actionsEnabled === enabled) continue;
      alarms.put(name, { ...alarm.definition, actionsEnabled: enabled });
    }
  });
}

function named(input: Input): string[] {
  const names = [...new Set(texts(input, "AlarmNames"))];
  if (names.length === 0) throw missing("AlarmNames");
  if (names.length > 100) throw validation("AlarmNames must have at most 100 items");
  return names;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
