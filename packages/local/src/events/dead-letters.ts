import type { DeadLetter, DeadLetters, MetricSink } from "../kernel/ports.ts";
import type { EngineStore, Table } from "../kernel/store.ts";

export interface StoredLetter extends DeadLetter {
  readonly id: string;
  /** Undefined when no queue was configured: AWS drops such a letter, here it is kept to be seen. */
  readonly queueArn: string | undefined;
}

/** The dead-letter queues of both services. They are on disk and are never emptied by themselves. */
export class DeadLetterQueues implements DeadLetters {
  #letters: Table<Omit<StoredLetter, "id">>;
  #metrics: MetricSink | undefined;
  #last: number;

  /** `metrics` gets what SQS measures of a queue, at each letter that is added. */
  constructor(store: EngineStore, metrics?: MetricSink) {
    this.#metrics = metrics;
    this.#letters = store.table("events/dead-letters");
    this.#last = this.#letters.entries().reduce((last, [key]) => Math.max(last, Number(key)), 0);
  }

  add(queueArn: string | undefined, letter: DeadLetter): void {
    this.#last += 1;
    this.#letters.set(String(this.#last).padStart(12, "0"), { queueArn, ...letter });
    if (queueArn === undefined) return;
    const QueueName = queueArn.slice(queueArn.lastIndexOf(":") + 1);
    this.#metrics?.put(
      "AWS/SQS",
      "ApproximateNumberOfMessagesVisible",
      { QueueName },
      {
        values: [{ value: this.read(queueArn).length, count: 1 }],
        unit: "Count",
      },
    );
  }

  /** All letters, or those of one queue, oldest first. */
  read(queueArn?: string): StoredLetter[] {
    return this.#letters
      .entries()
      .filter(([, letter]) => queueArn === undefined || letter.queueArn === queueArn)
      .map(([id, letter]) => ({ id, ...letter }));
  }

  /** Takes a letter out, once somebody has dealt with it. EventBridge never delivers one again by itself. */
  remove(id: string): void {
    this.#letters.delete(id);
  }
}
