import { createHash } from "node:crypto";
import type { Input } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";

interface Seen {
  readonly fingerprint: string;
  readonly output: unknown;
  readonly at: number;
}

/** AWS does not say how long it remembers a token; a day outlives every retry of a client. */
const REMEMBERED = 86_400_000;

/**
 * Makes an operation idempotent by its ClientToken: the same request again gets the same answer and does
 * nothing. The memory is written with the effect, so a crash between the two cannot happen.
 */
export class ClientTokens {
  #kernel: Kernel;
  #seen: Table<Seen>;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#seen = kernel.store.table<Seen>("scheduler/client-tokens");
  }

  once<O>(operation: string, input: Input, run: () => O): O {
    const token = input.ClientToken;
    if (typeof token !== "string" || token === "") return this.#kernel.store.transaction(run);
    const now = this.#kernel.clock.now();
    const key = `${operation}/${token}`;
    const fingerprint = createHash("sha256").update(JSON.stringify(input, sorted)).digest("hex");
    const seen = this.#seen.get(key);
    if (seen !== undefined && seen.at > now - REMEMBERED) {
      if (seen.fingerprint === fingerprint) return seen.output as O;
      throw new AwsError(
        "ConflictException",
        `The ClientToken ${token} was used for another ${operation} request.`,
        409,
      );
    }
    return this.#kernel.store.transaction(() => {
      const output = run();
      this.#forget(now - REMEMBERED);
      this.#seen.set(key, { fingerprint, output, at: now });
      return output;
    });
  }

  /** Stops at the first that is young: what is behind it goes when its own turn comes. */
  #forget(before: number): void {
    for (const [key, seen] of this.#seen.entries()) {
      if (seen.at > before) return;
      this.#seen.delete(key);
    }
  }
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Date)
    return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
