import { pointerParts } from "@gonogo/core/kit/problem";
import type { Reading } from "@gonogo/core/metric/judge";
import type { MetricReader, Point, ReadingRequest } from "@gonogo/core/metric/port";
import { unitOf } from "@gonogo/core/metric/relative";
import { call, dig, type Outside, OutsideError } from "./call.ts";
import { type Guard, shown, whyRefused } from "./guard.ts";

/** `fetch` is `guardedFetch` in production. */
export interface HttpMetricConfig extends Outside, Guard {}

/**
 * A number in a JSON answer, in the unit that the metric's threshold is in. What cannot be read is a reading
 * without a value, which holds; it is never an error. Such an address knows only the present: it has no course.
 */
export class HttpMetricReader implements MetricReader {
  readonly #config: HttpMetricConfig;

  constructor(config: HttpMetricConfig) {
    this.#config = config;
  }

  async read({ metric, from, to }: ReadingRequest): Promise<Reading> {
    const { source } = metric;
    const reading = { metric: metric.id, unit: unitOf(metric), from, to };
    if (source.kind !== "http") return { ...reading, note: `${source.kind} is not read over HTTP` };
    try {
      const refusal = await whyRefused(this.#config, source.url);
      if (refusal !== undefined) return { ...reading, note: refusal };
      const where = shown(source.url);
      const answer = await call(this.#config, { what: where, url: source.url });
      if (answer.status !== 200) return { ...reading, note: `${where} answered ${answer.status}` };
      if (answer.json === undefined) return { ...reading, note: `${where} did not answer JSON` };
      const value = numberAt(answer.json, source.path);
      if (value === undefined) return { ...reading, note: `${where} has no number at ${source.path}` };
      const count = source.countPath === undefined ? undefined : numberAt(answer.json, source.countPath);
      return { ...reading, value, ...(count === undefined ? {} : { count }) };
    } catch (error) {
      if (error instanceof OutsideError) return { ...reading, note: error.message };
      return { ...reading, note: `${shown(source.url)} cannot be found` };
    }
  }

  async course(): Promise<readonly Point[]> {
    return [];
  }
}

/** By JSON pointer (RFC 6901). Text that looks like a number is none. */
function numberAt(json: unknown, path: string): number | undefined {
  const found = dig(json, ...pointerParts(path));
  return typeof found === "number" ? found : undefined;
}
