import type { Kernel } from "../kernel/kernel.ts";
import type { FunctionInvoker } from "../kernel/ports.ts";
import type { Table } from "../kernel/store.ts";
import type { StreamRecord } from "./stream-record.ts";
import type { Position, StreamSource } from "./stream-source.ts";

export interface StreamConsumer {
  /** Under this name the consumer's place in the stream is kept. */
  readonly name: string;
  /** A name or ARN, as `FunctionInvoker.invoke` takes it. It gets `{ Records }`. */
  readonly functionName: string;
  /** Records in a call at most; 100 unless told. */
  readonly batchSize?: number;
  /** Told of each call that failed, before it is made again. */
  readonly onFailure?: (why: string, attempt: number) => void;
  /** Told after each call whether it went well. */
  readonly onOutcome?: (ok: boolean) => void;
}

const BATCH = 100;
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 60_000;

/**
 * Lambda's event source mapping: hands a stream's records to a function in their order, at least once. A
 * batch that fails is handed over again until it succeeds, and what comes after it waits. Where the function
 * answers with `batchItemFailures`, the records before the first of them are done.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export class StreamDelivery {
  readonly #kernel: Kernel;
  readonly #invoker: FunctionInvoker;
  readonly #source: StreamSource;
  readonly #consumer: StreamConsumer;
  readonly #positions: Table<Position>;
  #unwatch: (() => void) | undefined;
  #running = false;
  #again = false;

  constructor(
    kernel: Kernel,
    parts: { invoker: FunctionInvoker; source: StreamSource; consumer: StreamConsumer },
  ) {
    this.#kernel = kernel;
    this.#invoker = parts.invoker;
    this.#source = parts.source;
    this.#consumer = parts.consumer;
    this.#positions = kernel.store.table<Position>("dynamodb/streams");
  }

  /** Goes on where it was left, in this process or an earlier one; at the oldest record the first time. */
  start(): void {
    this.#unwatch ??= this.#source.watch(() => this.poke());
    this.poke();
  }

  /** After this no further call is begun. */
  stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** Looks at once, instead of at the next turn: to be called after a write. */
  poke(): void {
    this.#again = true;
    if (this.#running || this.#unwatch === undefined) return;
    this.#running = true;
    this.#kernel.activity.spawn(() => this.#deliverAll());
  }

  async #deliverAll(): Promise<void> {
    for (let failures = 0; this.#unwatch !== undefined; ) {
      this.#again = false;
      const outcome = await this.#deliverNext();
      // Nothing may come between the last look at `again` and the end, or a poke would be lost.
      if (outcome === "nothing" && !this.#again) break;
      if (outcome === "nothing" || outcome === "done") {
        failures = 0;
        continue;
      }
      failures += 1;
      this.#consumer.onFailure?.(outcome.failed, failures);
      await this.#kernel.sleep(Math.min(SHORTEST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE));
    }
    this.#running = false;
  }

  async #deliverNext(): Promise<"nothing" | "done" | { readonly failed: string }> {
    const { name, batchSize = BATCH } = this.#consumer;
    const position = this.#positions.get(name) ?? {};
    try {
      const { shard, records } = await this.#source.read(position, batchSize);
      if (records.length === 0) return "nothing";
      const { done, why } = await this.#call(records);
      this.#consumer.onOutcome?.(done === records.length);
      const last = records[done - 1];
      if (last !== undefined) {
        this.#positions.set(name, { ...position, [shard]: last.dynamodb.SequenceNumber });
      }
      return done === records.length ? "done" : { failed: why };
    } catch (error) {
      return { failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    }
  }

  /** How many of the records, from the first, the function is done with. */
  async #call(records: readonly StreamRecord[]): Promise<{ done: number; why: string }> {
    const { functionName } = this.#consumer;
    const result = await this.#invoker.invoke(functionName, { Records: records });
    if (!result.ok) return { done: 0, why: `${functionName} ${result.errorType}: ${result.errorMessage}` };
    const failed = failedIdentifiers(result.payload);
    if (failed.length === 0) return { done: records.length, why: "" };
    const places = failed.map((id) => records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === id));
    // An identifier that is none of ours fails the whole batch, as on AWS.
    const done = places.includes(-1) ? 0 : Math.min(...places);
    return { done, why: `${functionName} reported ${failed.length} of ${records.length} records as failed` };
  }
}

function failedIdentifiers(payload: unknown): unknown[] {
  if (typeof payload !== "object" || payload === null || !("batchItemFailures" in payload)) return [];
  const { batchItemFailures: failures } = payload;
  if (!Array.isArray(failures)) return [];
  return failures.map((one: { itemIdentifier?: unknown }) => one?.itemIdentifier);
}
