import type { Kernel } from "../kernel/kernel.ts";
import type { Archive, Table } from "../kernel/store.ts";
import {
  type Aggregate,
  addAggregate,
  emptyAggregate,
  fromStored,
  type StoredAggregate,
  toStored,
} from "./aggregate.ts";
import { type Metric, metricKey } from "./metric.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
/** Minutes are kept for three days and seconds for three hours; what is older is gone (AWS rolls it up). */
export const KEPT = 3 * 86_400_000;
const SECONDS_KEPT = 3 * 3_600_000;

/** The measurements of one metric in one unit. */
interface Series extends SeriesRecord {
  readonly id: string;
  /** By the minute's beginning. */
  readonly minutes: Map<number, Minute>;
}

interface SeriesRecord {
  readonly metric: Metric;
  readonly unit: string;
}

interface Minute {
  readonly all: Aggregate;
  /** By the second's beginning, where it was put with a StorageResolution of 1. */
  readonly seconds: Map<number, Aggregate>;
}

interface StoredMinute {
  readonly all: StoredAggregate;
  readonly seconds?: readonly (readonly [at: number, aggregate: StoredAggregate])[];
}

/**
 * Metrics in memory, a row on disk for each minute of each series. Writes to one minute between two flushes
 * become one row, so a thousand requests in a tick cost as much as one.
 */
export class MetricStore {
  #kernel: Kernel;
  #records: Table<SeriesRecord>;
  #rows: Archive<StoredMinute>;
  #byMetric = new Map<string, Series[]>();
  #byId = new Map<string, Series>();
  #dirty = new Map<string, { series: Series; minute: number }>();
  #flushing = false;
  #trimmedAt: number;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#records = kernel.store.table("cloudwatch/series");
    this.#rows = kernel.store.archive("cloudwatch/minutes");
    this.#trimmedAt = kernel.clock.now();
    for (const [id, record] of this.#records.entries()) this.#index({ ...record, id, minutes: new Map() });
    this.#load();
  }

  /** `add` is given what the moment's stretches have so far. `fine` keeps it by the second as well. */
  put(metric: Metric, unit: string, at: number, fine: boolean, add: (to: Aggregate) => void): void {
    const series = this.#series(metric, unit);
    const minute = Math.floor(at / MINUTE) * MINUTE;
    let found = series.minutes.get(minute);
    if (found === undefined) {
      found = { all: emptyAggregate(), seconds: new Map() };
      series.minutes.set(minute, found);
    }
    add(found.all);
    if (fine) {
      const second = Math.floor(at / SECOND) * SECOND;
      const known = found.seconds.get(second) ?? emptyAggregate();
      add(known);
      found.seconds.set(second, known);
    }
    this.#dirty.set(rowKey(series, minute), { series, minute });
  }

  /** All that was measured from `from` up to, and not at, `to`; of every unit unless one is named. */
  read(metric: Metric, unit: string | undefined, from: number, to: number): Aggregate | undefined {
    let whole: Aggregate | undefined;
    for (const series of this.#byMetric.get(metricKey(metric)) ?? []) {
      if (unit !== undefined && series.unit !== unit) continue;
      for (let at = Math.floor(from / MINUTE) * MINUTE; at < to; at += MINUTE) {
        const minute = series.minutes.get(at);
        if (minute === undefined) continue;
        for (const part of partsOf(minute, at, from, to)) {
          whole ??= emptyAggregate();
          addAggregate(whole, part);
        }
      }
    }
    return whole;
  }

  /** The unit that the metric was measured in, where there is one only. */
  unitOf(metric: Metric): string | undefined {
    const all = this.#byMetric.get(metricKey(metric)) ?? [];
    return all.length === 1 ? all[0]?.unit : undefined;
  }

  /** Metrics that have data since `since`, each once. */
  metrics(since: number): Metric[] {
    const alive = [...this.#byMetric.values()].filter((all) =>
      all.some(({ minutes }) => [...minutes.keys()].some((minute) => minute + MINUTE > since)),
    );
    return alive.flatMap(([first]) => (first === undefined ? [] : [first.metric]));
  }

  /** Writes what has changed, now. */
  flush(): void {
    const changed = [...this.#dirty];
    this.#dirty.clear();
    this.#kernel.store.transaction(() => {
      for (const [key, { series, minute }] of changed) {
        const found = series.minutes.get(minute);
        if (found !== undefined) this.#rows.set(key, stored(found));
      }
    });
    this.#trim();
  }

  /** Writes what has changed when the present turn is over: many measurements, one transaction. */
  flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#kernel.activity.spawn(async () => {
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#flushing = false;
      this.flush();
    });
  }

  #series(metric: Metric, unit: string): Series {
    const known = this.#byMetric.get(metricKey(metric))?.find((series) => series.unit === unit);
    if (known !== undefined) return known;
    const last = [...this.#byId.keys()].at(-1) ?? "0";
    const id = String(Number(last) + 1).padStart(8, "0");
    this.#records.set(id, { metric, unit });
    const made = { id, metric, unit, minutes: new Map() };
    this.#index(made);
    return made;
  }

  #index(series: Series): void {
    const key = metricKey(series.metric);
    const known = this.#byMetric.get(key);
    if (known === undefined) this.#byMetric.set(key, [series]);
    else known.push(series);
    this.#byId.set(series.id, series);
  }

  #load(): void {
    const oldest = this.#kernel.clock.now() - KEPT;
    for (let after = ""; ; ) {
      const page = this.#rows.page({ after, limit: 10_000 });
      for (const [key, row] of page) {
        const [id = "", minute = ""] = key.split("/");
        if (Number(minute) < oldest) this.#rows.delete(key);
        else this.#byId.get(id)?.minutes.set(Number(minute), loaded(row));
      }
      const last = page.at(-1);
      if (last === undefined || page.length < 10_000) return;
      after = last[0];
    }
  }

  /** Once an hour at most; nothing but new data makes old data a burden. */
  #trim(): void {
    const now = this.#kernel.clock.now();
    if (now - this.#trimmedAt < 3_600_000) return;
    this.#trimmedAt = now;
    this.#kernel.store.transaction(() => {
      for (const series of this.#byId.values()) {
        for (const [minute, { seconds }] of series.minutes) {
          if (minute < now - SECONDS_KEPT) seconds.clear();
          if (minute >= now - KEPT) continue;
          series.minutes.delete(minute);
          this.#rows.delete(rowKey(series, minute));
        }
      }
    });
  }
}

/** The parts of a minute that lie in a stretch. Without seconds a minute lies where it begins. */
function partsOf(minute: Minute, at: number, from: number, to: number): Aggregate[] {
  if (at >= from && at + MINUTE <= to) return [minute.all];
  if (minute.seconds.size === 0) return at >= from ? [minute.all] : [];
  return [...minute.seconds]
    .filter(([second]) => second >= from && second < to)
    .map(([, aggregate]) => aggregate);
}

function rowKey(series: Series, minute: number): string {
  return `${series.id}/${String(minute).padStart(15, "0")}`;
}

function stored(minute: Minute): StoredMinute {
  const seconds = [...minute.seconds].map(([at, aggregate]) => [at, toStored(aggregate)] as const);
  return { all: toStored(minute.all), ...(seconds.length === 0 ? {} : { seconds }) };
}

function loaded(row: StoredMinute): Minute {
  const seconds = (row.seconds ?? []).map(([at, aggregate]) => [at, fromStored(aggregate)] as const);
  return { all: fromStored(row.all), seconds: new Map(seconds) };
}
