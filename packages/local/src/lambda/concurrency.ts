import { functionNotFound, invalidParameter } from "./errors.ts";
import type { AccountLimits } from "./model.ts";
import { parseUnqualified } from "./names.ts";
import type { LambdaTables } from "./tables.ts";

interface Named {
  readonly FunctionName: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const NEW_ACCOUNT: AccountLimits = { concurrency: 1_000, code: 80_530_636_800, codeUsed: 0 };

/**
 * Reserved concurrency, as a limit on what runs at once; the account's own limit is told and limits nothing. A limit of
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

  allow(limits: Partial<AccountLimits>): void {
    this.#tables.account.set("limits", { ...this.#limits(), ...limits });
  }

  /** https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
  account() {
    const { concurrency, code, codeUsed } = this.#limits();
    const all = this.#tables.functions
      .entries()
      .map(([, one]) => one)
      .filter(({ standing }) => standing !== "deleted");
    const reserved = all.reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);
    return {
      AccountLimit: {
        TotalCodeSize: code,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: concurrency,
        UnreservedConcurrentExecutions: concurrency - reserved,
      },
      AccountUsage: { TotalCodeSize: codeUsed, FunctionCount: all.length },
    };
  }

  #limits(): AccountLimits {
    return this.#tables.account.get("limits") ?? NEW_ACCOUNT;
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
