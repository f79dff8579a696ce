import { functionNotFound, invalidParameter } from "./errors.ts";
import { parseUnqualified } from "./names.ts";
import type { LambdaTables } from "./tables.ts";

interface Named {
  readonly FunctionName: string;
}

/**
 * Reserved concurrency, as a limit on what runs at once; the account's own limit is not modelled. A limit of
 * 0 stops a function: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export class Concurrency {
  #tables: LambdaTables;
  #running = new Map<string, number>();

  constructor(tables: LambdaTables) {
    this.#tables = tables;
  }

  put(input: Named & { readonly ReservedConcurrentExecutions?: number }) {
    const limit = input.ReservedConcurrentExecutions;
    if (limit === undefined || !Number.isInteger(limit) || limit < 0) {
      throw invalidParameter("ReservedConcurrentExecutions must be a whole number from 0");
    }
    const name = parseUnqualified(input.FunctionName);
    const record = this.#tables.get(name);
    this.#tables.functions.set(name, { ...record, reservedConcurrency: limit });
    return { ReservedConcurrentExecutions: limit };
  }

  get(input: Named) {
    const { reservedConcurrency } = this.#tables.get(parseUnqualified(input.FunctionName));
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  }

  delete(input: Named): void {
    const name = parseUnqualified(input.FunctionName);
    const { reservedConcurrency: _, ...rest } = this.#tables.get(name);
    this.#tables.functions.set(name, rest);
  }

  /** Takes a place for one invocation; undefined when there is none. Call what comes back to leave it. */
  enter(name: string): (() => void) | undefined {
    const record = this.#tables.find(name);
    if (record === undefined) throw functionNotFound(name);
    const running = this.#running.get(name) ?? 0;
    if (record.reservedConcurrency !== undefined && running >= record.reservedConcurrency) return undefined;
    this.#running.set(name, running + 1);
    return () => this.#running.set(name, (this.#running.get(name) ?? 1) - 1);
  }
}
