import { hash } from "node:crypto";
import { type Input, isObject, refuseOthers } from "../kernel/checks.ts";
import type { EngineClock } from "../kernel/clock.ts";
import { AwsError } from "../kernel/wire.ts";
import { type Item, invalid } from "./attribute.ts";
import { sizeOfItem } from "./attribute-order.ts";
import type { MemoryTables } from "./memory-tables.ts";
import { type PlannedWrite, planWrite, type WriteKind } from "./memory-writes.ts";

const MOST_WRITES = 100;
/** "The aggregate size of the items in the transaction cannot exceed 4 MB." */
const LARGEST = 4 * 1024 * 1024;
/** "A client request token is valid for 10 minutes after the first request that uses it is completed." */
const TOKEN_LIFETIME = 10 * 60 * 1000;

type Reason =
  | { readonly Code: "None" }
  | {
      readonly Code: "ConditionalCheckFailed" | "ValidationError";
      readonly Message: string;
      readonly Item?: Item;
    };

const KINDS = ["Put", "Update", "Delete", "ConditionCheck"] as const satisfies WriteKind[];

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export class Transactions {
  readonly #tables: MemoryTables;
  readonly #clock: EngineClock;
  readonly #tokens = new Map<string, { readonly request: string; readonly at: number }>();

  constructor(tables: MemoryTables, clock: EngineClock) {
    this.#tables = tables;
    this.#clock = clock;
  }

  write(input: Input): unknown {
    refuseOthers("TransactWriteItems", input, ["TransactItems", "ClientRequestToken"]);
    const requests = readRequests(input.TransactItems);
    if (this.#done(input)) return {};
    const writes = requests.map(({ kind, request }) => ({
      request,
      write: planWrite(kind, this.#tables.get(request.TableName), request),
    }));
    refuseTwice(writes.map(({ write }) => write));
    const results = writes.map(({ write, request }) => tryOut(write, request));
    if (results.some(({ reason }) => reason.Code !== "None"))
      throw cancelled(results.map(({ reason }) => reason));
    const bytes = results.reduce((sum, { after }) => sum + (after === undefined ? 0 : sizeOfItem(after)), 0);
    if (bytes > LARGEST) throw invalid("Collection size of items in the transaction cannot exceed 4 MB");
    writes.forEach(({ write }, at) => {
      if (write.kind !== "ConditionCheck") write.table.write(write.id, results[at]?.after);
    });
    for (const feed of new Set(writes.map(({ write }) => write.table.feed))) feed?.announce();
    this.#remember(input);
    return {};
  }

  /** Whether the same request has been carried out before. Throws where the token was another's. */
  #done(input: Input): boolean {
    const token = input.ClientRequestToken;
    if (typeof token !== "string") return false;
    const known = this.#tokens.get(token);
    if (known === undefined || known.at + TOKEN_LIFETIME < this.#clock.now()) return false;
    if (known.request === digest(input)) return true;
    throw new AwsError(
      "IdempotentParameterMismatchException",
      "The provided ClientRequestToken was already used with different parameters",
    );
  }

  #remember(input: Input): void {
    const token = input.ClientRequestToken;
    if (typeof token !== "string") return;
    const now = this.#clock.now();
    // Oldest first: what follows one that still holds, holds too.
    for (const [old, { at }] of this.#tokens) {
      if (at + TOKEN_LIFETIME >= now) break;
      this.#tokens.delete(old);
    }
    this.#tokens.delete(token);
    this.#tokens.set(token, { request: digest(input), at: now });
  }
}

function digest(input: Input): string {
  return hash("sha1", JSON.stringify(input.TransactItems));
}

function readRequests(items: unknown): { kind: WriteKind; request: Input }[] {
  if (!Array.isArray(items) || items.length === 0) {
    throw invalid(
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (items.length > MOST_WRITES) {
    throw invalid(
      `1 validation error detected: Value '[${items.length} items]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${MOST_WRITES}`,
    );
  }
  return items.map((item: unknown) => {
    const given = isObject(item) ? KINDS.filter((kind) => isObject(item[kind])) : [];
    const [kind, second] = given;
    if (kind === undefined || second !== undefined) {
      throw invalid(
        "TransactItems can only contain one of Check, Put, Update or Delete in each of its elements",
      );
    }
    return { kind, request: (item as Record<string, Input>)[kind] ?? {} };
  });
}

function refuseTwice(writes: readonly PlannedWrite[]): void {
  const seen = new Set(writes.map(({ table, id }) => `${table.schema.name}/${id}`));
  if (seen.size !== writes.length) {
    throw invalid("Transaction request cannot include multiple operations on one item");
  }
}

function tryOut(write: PlannedWrite, request: Input): { reason: Reason; after?: Item | undefined } {
  const before = write.table.get(write.id);
  if (!write.allowed(before)) {
    const shown = request.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && before !== undefined;
    const Message = "The conditional request failed";
    return { reason: { Code: "ConditionalCheckFailed", Message, ...(shown ? { Item: before } : {}) } };
  }
  try {
    return { reason: { Code: "None" }, after: write.after(before) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { reason: { Code: "ValidationError", Message: error.message } };
  }
}

function cancelled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}
