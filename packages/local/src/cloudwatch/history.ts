import type { Kernel } from "../kernel/kernel.ts";
import type { Archive } from "../kernel/store.ts";
import type { AlarmRecord, AlarmState } from "./alarm-model.ts";
import {
  type Input,
  optionalCount,
  optionalOneOf,
  optionalText,
  optionalTime,
  refuseOthers,
  texts,
} from "./checks.ts";
import { page } from "./paging.ts";

interface HistoryItem {
  readonly at: number;
  readonly alarm: string;
  readonly alarmType: "MetricAlarm" | "CompositeAlarm";
  readonly type: "StateUpdate" | "ConfigurationUpdate";
  readonly summary: string;
  /** JSON text. */
  readonly data: string;
}

/** As long as CloudWatch keeps it. */
const KEPT = 30 * 86_400_000;

/** What happened to each alarm: DescribeAlarmHistory. */
export class AlarmHistory {
  #kernel: Kernel;
  #items: Archive<HistoryItem>;
  #last = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#items = kernel.store.archive("cloudwatch/history");
  }

  stateChanged(alarm: AlarmRecord, previous: AlarmState): void {
    const data = `{"version":"1.0","oldState":${stateText(previous)},"newState":${stateText(alarm.state)}}`;
    const summary = `Alarm updated from ${previous.value} to ${alarm.state.value}`;
    this.#add(alarm, "StateUpdate", summary, data);
  }

  configured(alarm: AlarmRecord, what: "created" | "updated" | "deleted"): void {
    const type = { created: "Create", updated: "Update", deleted: "Delete" }[what];
    const data = JSON.stringify({ version: "1.0", type, alarmName: alarm.name, alarmArn: alarm.arn });
    this.#add(alarm, "ConfigurationUpdate", `Alarm "${alarm.name}" ${what}`, data);
  }

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html */
  describe(input: Input) {
    refuseOthers(
      "DescribeAlarmHistory",
      input,
      "AlarmName AlarmTypes HistoryItemType StartDate EndDate MaxRecords NextToken ScanBy",
    );
    const name = optionalText(input, "AlarmName", 255);
    const types = texts(input, "AlarmTypes");
    const itemTypes = ["ConfigurationUpdate", "StateUpdate", "Action"] as const;
    const type = optionalOneOf(input, "HistoryItemType", itemTypes);
    const from = optionalTime(input, "StartDate") ?? 0;
    const to = optionalTime(input, "EndDate") ?? Number.POSITIVE_INFINITY;
    const scans = ["TimestampDescending", "TimestampAscending"] as const;
    const ascending = optionalOneOf(input, "ScanBy", scans) === "TimestampAscending";
    const wanted = this.#items
      .page({ limit: Number.MAX_SAFE_INTEGER })
      .filter(([, item]) => name === undefined || item.alarm === name)
      .filter(([, item]) => types.length === 0 || types.includes(item.alarmType))
      .filter(([, item]) => type === undefined || item.type === type)
      .filter(([, item]) => item.at >= from && item.at <= to);
    const ordered = ascending ? wanted : wanted.reverse();
    const numbered = ordered.map(([, item], index) => ({ item, key: String(index).padStart(10, "0") }));
    const { items, ...rest } = page(numbered, ({ key }) => key, {
      limit: optionalCount(input, "MaxRecords", 100) ?? 100,
      token: optionalText(input, "NextToken"),
    });
    return { AlarmHistoryItems: items.map(({ item }) => describeItem(item)), ...rest };
  }

  /** Drops what is too old. */
  trim(): void {
    const before = this.#kernel.clock.now() - KEPT;
    for (;;) {
      const old = this.#items.page({ limit: 1000 }).filter(([, item]) => item.at < before);
      for (const [key] of old) this.#items.delete(key);
      if (old.length < 1000) return;
    }
  }

  #add(alarm: AlarmRecord, type: HistoryItem["type"], summary: string, data: string): void {
    const at = this.#kernel.clock.now();
    this.#last = Math.max(this.#last + 1, at * 1000);
    const alarmType = alarm.definition.kind === "metric" ? "MetricAlarm" : "CompositeAlarm";
    const item = { at, alarm: alarm.name, alarmType, type, summary, data } as const;
    this.#items.set(String(this.#last).padStart(18, "0"), item);
  }
}

function describeItem(item: HistoryItem) {
  return {
    AlarmName: item.alarm,
    AlarmType: item.alarmType,
    Timestamp: new Date(item.at),
    HistoryItemType: item.type,
    HistorySummary: item.summary,
    HistoryData: item.data,
  };
}

/** The reason's data goes in as it is, so that its numbers stay as they were written. */
function stateText(state: AlarmState): string {
  const data = state.reasonData === undefined ? "" : `,"stateReasonData":${state.reasonData}`;
  return `{"stateValue":"${state.value}","stateReason":${JSON.stringify(state.reason)}${data}}`;
}
