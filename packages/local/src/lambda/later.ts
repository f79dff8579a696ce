import type { Kernel } from "../kernel/kernel.ts";
import type { DeadLetters, InvokeResult } from "../kernel/ports.ts";
import type { Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import type { Definitions } from "./define.ts";
import { functionArn } from "./errors.ts";
import type { OpenInvocation } from "./model.ts";
import { parseFunctionName } from "./names.ts";
import type { Runs } from "./run.ts";

/** After the function's own errors: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_AFTER = [60_000, 120_000] as const;
/** What could not even be begun is tried for six hours, ever more slowly, from a second to five minutes. */
const LONGEST_AGE = 6 * 3_600_000;
const LONGEST_BACKOFF = 300_000;

/**
 * Asynchronous invocations. One is on disk before it is accepted and leaves when the function has handled it
 * or all tries are spent; what is open after a restart runs again, so a function may see an event twice, as
 * AWS says it may.
 */
export class LaterInvocations {
  #kernel: Kernel;
  #runs: Runs;
  #definitions: Definitions;
  #deadLetters: DeadLetters;
  #open: Table<OpenInvocation>;
  #last: number;
  #armed = new Set<string>();

  constructor(kernel: Kernel, runs: Runs, definitions: Definitions, deadLetters: DeadLetters) {
    this.#kernel = kernel;
    this.#runs = runs;
    this.#definitions = definitions;
    this.#deadLetters = deadLetters;
    this.#open = kernel.store.table("lambda/invocations");
    this.#last = this.#open.entries().reduce((last, [key]) => Math.max(last, Number(key)), 0);
  }

  get size(): number {
    return this.#open.size;
  }

  /** Throws AwsError when the function does not exist. The version is drawn at each try. */
  accept(target: string, given: string | undefined, payload: unknown): string {
    this.#runs.resolve(target, given);
    const { name, qualifier } = parseFunctionName(target, given);
    const requestId = this.#kernel.random.uuid();
    const now = this.#kernel.clock.now();
    this.#last += 1;
    const key = String(this.#last).padStart(12, "0");
    const open: OpenInvocation = {
      requestId,
      functionName: name,
      ...(qualifier === undefined ? {} : { qualifier }),
      payload: JSON.stringify(payload) ?? "null",
      acceptedAt: now,
      dueAt: now,
      functionErrors: 0,
      serviceErrors: 0,
    };
    this.#open.set(key, open);
    this.#arm(key, open);
    return requestId;
  }

  /** Takes up what an earlier process left open, in the order in which it was accepted. */
  resume(): void {
    for (const [key, open] of this.#open.entries()) this.#arm(key, open);
  }

  #arm(key: string, open: OpenInvocation): void {
    if (this.#armed.has(key)) return;
    this.#armed.add(key);
    const begin = () => this.#kernel.activity.spawn(() => this.#try(key));
    if (open.dueAt <= this.#kernel.clock.now()) begin();
    else this.#kernel.clock.at(open.dueAt, begin);
  }

  async #try(key: string): Promise<void> {
    // Lets an open transaction end first: what is rolled back must not run.
    await Promise.resolve();
    this.#armed.delete(key);
    const open = this.#open.get(key);
    if (open === undefined) return;
    const { functionName: target, qualifier, requestId } = open;
    try {
      const run = this.#runs.run({ target, qualifier, requestId }, JSON.parse(open.payload));
      const result = await this.#kernel.activity.parked(run);
      if (result.ok) this.#open.delete(key);
      else this.#failed(key, open, result);
    } catch (error) {
      this.#refused(key, open, error);
    }
  }

  #failed(key: string, open: OpenInvocation, result: InvokeResult & { ok: false }): void {
    const after = RETRY_AFTER[open.functionErrors];
    const functionErrors = open.functionErrors + 1;
    if (after === undefined) {
      this.#giveUp(key, open, "200", result.errorMessage);
      return;
    }
    this.#again(key, { ...open, functionErrors, dueAt: this.#kernel.clock.now() + after });
  }

  #refused(key: string, open: OpenInvocation, error: unknown): void {
    const now = this.#kernel.clock.now();
    const message = error instanceof Error ? error.message : String(error);
    const status = error instanceof AwsError ? error.status : 500;
    const gone = error instanceof AwsError && error.code === "ResourceNotFoundException";
    if (gone || now - open.acceptedAt >= LONGEST_AGE) {
      this.#giveUp(key, open, String(status), message);
      return;
    }
    const wait = Math.min(1000 * 2 ** open.serviceErrors, LONGEST_BACKOFF);
    const dueAt = Math.min(now + wait, open.acceptedAt + LONGEST_AGE);
    this.#again(key, { ...open, serviceErrors: open.serviceErrors + 1, dueAt });
  }

  #again(key: string, open: OpenInvocation): void {
    this.#open.set(key, open);
    this.#arm(key, open);
  }

  /**
   * The three attributes are those of Lambda's dead-letter queues; FunctionArn is the engine's own.
   * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
   */
  #giveUp(key: string, open: OpenInvocation, code: string, message: string): void {
    this.#kernel.store.transaction(() => {
      this.#deadLetters.add(this.#definitions.find(open.functionName)?.onFailure, {
        at: this.#kernel.clock.now(),
        body: JSON.parse(open.payload),
        attributes: {
          RequestID: open.requestId,
          ErrorCode: code,
          ErrorMessage: message.slice(0, 1024),
          FunctionArn: functionArn(open.functionName, open.qualifier),
        },
      });
      this.#open.delete(key);
    });
  }
}
