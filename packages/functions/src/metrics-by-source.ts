import type { Reading } from "@gonogo/core/metric/judge";
import type { MetricReader, Point, ReadingRequest } from "@gonogo/core/metric/port";
import type { MetricSource } from "@gonogo/core/metric/schema";

export type Readers = Partial<Record<MetricSource["kind"], MetricReader>>;

/** Asks each metric where it is measured. */
export class MetricsBySource implements MetricReader {
  readonly #readers: Readers;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  async read(request: ReadingRequest): Promise<Reading> {
    return await this.#reader(request).read(request);
  }

  async course(request: ReadingRequest, points: number): Promise<readonly Point[]> {
    return await this.#reader(request).course(request, points);
  }

  #reader({ metric }: ReadingRequest): MetricReader {
    const reader = this.#readers[metric.source.kind];
    if (reader === undefined)
      throw new Error(`this deployment does not read metrics from ${metric.source.kind}`);
    return reader;
  }
}
