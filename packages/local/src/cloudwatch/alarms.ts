import { arn } from "../kernel/arn.ts";
import type { Timer } from "../kernel/clock.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { EventSink } from "../kernel/ports.ts";
import type { Table } from "../kernel/store.ts";
import { configurationEvent, stateChangeEvent } from "./alarm-events.ts";
import type { AlarmRecord, AlarmState, Definition } from "./alarm-model.ts";
import { alarmNotFound } from "./errors.ts";
import type { AlarmHistory } from "./history.ts";
import type { MetricStore } from "./store.ts";
import { cadenceOf, judge } from "./watch.ts";

/**
 * An alarm looks a second after its periods end, so that what is put on the minute, for the minute before,
 * is there.
 */
const GRACE = 1_000;
const CADENCES = [10_000, 60_000] as const;

/** The alarms themselves: their records, their clock, and what is told when they change. */
export class Alarms {
  #kernel: Kernel;
  #store: MetricStore;
  #events: EventSink;
  #history: AlarmHistory;
  #records: Table<AlarmRecord>;
  #timers = new Map<number, Timer>();
  /** Told of each alarm whose state has changed, for the composite alarms above it. */
  onChange: (name: string) => void = () => {};
  /** Told in the same transaction that something of the alarm's has to go with it. */
  onDelete: (name: string) => void = () => {};

  constructor(kernel: Kernel, store: MetricStore, events: EventSink, history: AlarmHistory) {
    this.#kernel = kernel;
    this.#store = store;
    this.#events = events;
    this.#history = history;
    this.#records = kernel.store.table("cloudwatch/alarms");
  }

  all(): AlarmRecord[] {
    return this.#records.entries().map(([, record]) => record);
  }

  find(name: string): AlarmRecord | undefined {
    return this.#records.get(name);
  }

  get(name: string): AlarmRecord {
    const found = this.find(name);
    if (found === undefined) throw alarmNotFound(name);
    return found;
  }

  /** Creates an alarm, or gives an existing one a new configuration and leaves its state as it is. */
  put(name: string, definition: Definition): void {
    const now = this.#kernel.clock.now();
    const existing = this.find(name);
    const state: AlarmState = existing?.state ?? {
      value: "INSUFFICIENT_DATA",
      reason: "Unchecked: Initial alarm creation",
      updatedAt: now,
      transitionedAt: now,
    };
    const alarm: AlarmRecord = {
      name,
      arn: arn("cloudwatch", `alarm:${name}`),
      definition,
      configuredAt: now,
      state,
    };
    this.#kernel.store.transaction(() => {
      this.#records.set(name, alarm);
      this.#history.configured(alarm, existing === undefined ? "created" : "updated");
      this.#events.put(configurationEvent(alarm, existing === undefined ? "create" : "update", existing));
    });
    this.arm();
  }

  delete(name: string): void {
    const alarm = this.get(name);
    this.#kernel.store.transaction(() => {
      this.#records.delete(name);
      this.onDelete(name);
      this.#history.configured(alarm, "deleted");
      this.#events.put(configurationEvent(alarm, "delete"));
    });
  }

  /** Gives an alarm a state. What is told, is told only when its value is another than before. */
  setState(name: string, value: AlarmState["value"], reason: string, reasonData?: string): void {
    const alarm = this.get(name);
    const previous = alarm.state;
    const now = this.#kernel.clock.now();
    const state: AlarmState = {
      value,
      reason,
      ...(reasonData === undefined ? {} : { reasonData }),
      updatedAt: now,
      transitionedAt: value === previous.value ? previous.transitionedAt : now,
    };
    const changed = { ...alarm, state };
    this.#kernel.store.transaction(() => {
      this.#records.set(name, changed);
      if (value === previous.value) return;
      this.#history.stateChanged(changed, previous);
      this.#events.put(stateChangeEvent(changed, previous));
      this.onChange(name);
    });
  }

  /** Sets the clock of what alarms there are: one timer for all that look equally often, none for none. */
  arm(): void {
    for (const cadence of CADENCES) {
      if (this.#timers.has(cadence) || !this.#watching(cadence)) continue;
      const now = this.#kernel.clock.now();
      const next = Math.floor((now - GRACE) / cadence) * cadence + cadence + GRACE;
      const begin = () => this.#kernel.activity.spawn(async () => this.#look(cadence));
      this.#timers.set(cadence, this.#kernel.clock.at(next, begin));
    }
  }

  #watching(cadence: number): boolean {
    return this.all().some(({ definition }) => isWatched(definition, cadence));
  }

  #look(cadence: number): void {
    this.#timers.delete(cadence);
    const now = this.#kernel.clock.now();
    const end = Math.floor((now - GRACE) / cadence) * cadence;
    try {
      this.#kernel.store.transaction(() => {
        for (const alarm of this.all()) this.#judge(alarm, cadence, end, now);
        if (end % 3_600_000 === 0) this.#history.trim();
      });
    } finally {
      this.arm();
    }
  }

  #judge(alarm: AlarmRecord, cadence: number, end: number, now: number): void {
    const { definition, name } = alarm;
    if (definition.kind !== "metric" || cadenceOf(definition) !== cadence) return;
    try {
      const judged = judge(this.#store, alarm, definition, end, now);
      if (judged === undefined) return;
      this.setState(name, judged.value, judged.reason, judged.reasonData);
    } catch (error) {
      // An alarm that cannot be judged must not keep the others from being judged.
      this.#kernel.activity.spawn(async () => {
        throw new Error(`alarm '${name}' could not be evaluated`, { cause: error });
      });
    }
  }
}

function isWatched(definition: Definition, cadence: number): boolean {
  return definition.kind === "metric" && cadenceOf(definition) === cadence;
}
