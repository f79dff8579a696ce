import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emulatorBinary } from "./emulator.ts";
import { createTables } from "./tables.ts";
import { emulatorPlace, memoryPlace, type Place, productTable } from "./testing.ts";

/**
 * The table in memory and the emulator are asked the same, in the same order: every answer must be the same,
 * errors' names and cancellation reasons included. Few keys and values, so that things meet. Left out is
 * where the emulator is known to be laxer than AWS: to remove a place in what is not there, or several
 * elements of a list, or to set one place twice in a transaction.
 */
const number = fc.constantFrom("0", "1", "-1", "2.5", "10", "1e2", "0.1");
const text = fc.constantFrom("a", "ab", "b", "B", "é", "");
const scalar = fc.oneof(
  number.map((N) => ({ N })),
  text.map((S) => ({ S })),
  fc.boolean().map((BOOL) => ({ BOOL })),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }).map((L) => ({ L })) },
  { weight: 1, arbitrary: scalar.map((deep) => ({ M: { deep } })) },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }).map((SS) => ({ SS })),
  },
);
const attribute = fc.constantFrom("x", "y", "z");
const key = fc.record({
  pk: fc.constantFrom("p", "q").map((S) => ({ S })),
  sk: fc.constantFrom("1", "2", "20", "3").map((S) => ({ S })),
});
const indexKeys = fc.record(
  {
    gsi1pk: fc.constantFrom("active", "ended").map((S) => ({ S })),
    gsi1sk: fc.constantFrom("1", "2", "3").map((S) => ({ S })),
  },
  { requiredKeys: [] },
);
const item = fc
  .tuple(key, indexKeys, fc.dictionary(attribute, value, { maxKeys: 3 }))
  .map(([own, index, more]) => ({ ...own, ...index, ...more }));

const conditionText = fc.constantFrom(
  "attribute_exists(pk)",
  "attribute_not_exists(pk)",
  "attribute_exists(x) AND y <> :v",
  "x = :v",
  "x <> :v",
  "NOT x = :v",
  "x < :n OR y >= :n",
  "x BETWEEN :n AND :m",
  "x IN (:v, :n)",
  "contains(x, :v)",
  "contains(y, :s)",
  "begins_with(x, :s)",
  "size(x) > :n",
  "attribute_type(x, :t)",
  "x.deep = :v",
  "x[0] = :v",
  "attribute_not_exists(x.deep) OR attribute_exists(y[1])",
  "x = y",
  "attribute_not_exists(pk) OR (attribute_not_exists(x) AND y = :n)",
);
const updateText = fc.constantFrom(
  "SET x = :v",
  "SET x = :v, y = if_not_exists(y, :n)",
  "SET x = x + :n",
  "SET x = if_not_exists(x, :n) - :n",
  "SET x = y",
  "SET x.deep = :v",
  "SET x[1] = :v",
  "SET x = list_append(:l, y)",
  "SET x = list_append(if_not_exists(x, :l), :l)",
  "REMOVE x, y",
  "ADD x :n",
  "ADD x :set",
  "DELETE x :set",
  "SET x = :v REMOVE y ADD z :n",
  "SET gsi1pk = :s",
);
const parameters = fc.record({
  ":v": scalar,
  ":n": number.map((N) => ({ N })),
  ":m": fc.constant({ N: "1000" }),
  ":s": fc.constantFrom("a", "ab", "ended").map((S) => ({ S })),
  ":t": fc.constantFrom("S", "N", "BOOL", "L", "M", "SS").map((S) => ({ S })),
  // Never empty: behind the end of an empty list the emulator pads with NULL, where AWS appends (the API reference
  // of UpdateItem, SET).
  ":l": fc.array(scalar, { minLength: 1, maxLength: 2 }).map((L) => ({ L })),
  ":set": fc.uniqueArray(fc.constantFrom("a", "b", "d"), { minLength: 1 }).map((SS) => ({ SS })),
});

/** Only the placeholders that the texts mention. */
function using(given: Record<string, unknown>, ...texts: (string | undefined)[]) {
  const used = Object.entries(given).filter(([name]) =>
    texts.some((one) => one !== undefined && new RegExp(`${name}\\b`).test(one)),
  );
  return used.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(used) };
}

const condition = fc.option(conditionText, { nil: undefined, freq: 2 });
const conditional = (text: string | undefined) => (text === undefined ? {} : { ConditionExpression: text });
const shown = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" };

const put = fc.tuple(item, condition, parameters).map(([Item, text, given]) => ({
  Item,
  ...conditional(text),
  ...using(given, text),
  ...shown,
}));
const remove = fc.tuple(key, condition, parameters).map(([Key, text, given]) => ({
  Key,
  ...conditional(text),
  ...using(given, text),
  ...shown,
}));
const update = fc.tuple(key, updateText, condition, parameters).map(([Key, change, text, given]) => ({
  Key,
  UpdateExpression: change,
  ...conditional(text),
  ...using(given, text, change),
  ...shown,
}));
const check = fc.tuple(key, conditionText, parameters).map(([Key, text, given]) => ({
  Key,
  ConditionExpression: text,
  ...using(given, text),
  ...shown,
}));

type Step = (client: DynamoDBClient, TableName: string) => Promise<unknown>;
interface Asked {
  readonly asked: unknown;
  readonly step: Step;
}

const returned = fc.constantFrom("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW");
const steps = fc.oneof(
  put.map((input) =>
    asked("put", input, (client, TableName) =>
      client.send(new PutItemCommand({ ...input, TableName, ReturnValues: "ALL_OLD" } as never)),
    ),
  ),
  remove.map((input) =>
    asked("delete", input, (client, TableName) =>
      client.send(new DeleteItemCommand({ ...input, TableName, ReturnValues: "ALL_OLD" } as never)),
    ),
  ),
  fc
    .tuple(update, returned)
    .map(([input, ReturnValues]) =>
      asked("update", { ...input, ReturnValues }, (client, TableName) =>
        client.send(new UpdateItemCommand({ ...input, TableName, ReturnValues } as never)),
      ),
    ),
  fc
    .array(
      fc.oneof(
        put.map((Put) => ({ Put })),
        update.map((Update) => ({ Update })),
        remove.map((Delete) => ({ Delete })),
        check.map((ConditionCheck) => ({ ConditionCheck })),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((writes) =>
      asked("transact", writes, (client, TableName) =>
        client.send(
          new TransactWriteItemsCommand({
            TransactItems: writes.map((one) =>
              Object.fromEntries(Object.entries(one).map(([kind, input]) => [kind, { ...input, TableName }])),
            ) as never,
          }),
        ),
      ),
    ),
  key.map((Key) =>
    asked("get", Key, (client, TableName) => client.send(new GetItemCommand({ TableName, Key }))),
  ),
  queries(),
);

function queries() {
  const keyed = fc.oneof(
    fc
      .record({
        pk: fc.constantFrom("p", "q"),
        sort: fc.constantFrom(
          "",
          " AND sk > :sk",
          " AND begins_with(sk, :sk)",
          " AND sk BETWEEN :sk AND :to",
        ),
      })
      .map(({ pk, sort }) => ({
        KeyConditionExpression: `pk = :pk${sort}`,
        ...using({ ":pk": { S: pk }, ":sk": { S: "2" }, ":to": { S: "3" } }, `:pk${sort}`),
      })),
    fc.constantFrom("active", "ended").map((S) => ({
      IndexName: "byStatus",
      KeyConditionExpression: "gsi1pk = :which",
      ExpressionAttributeValues: { ":which": { S } },
    })),
  );
  return fc
    .tuple(keyed, fc.boolean(), fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }))
    .map(([input, ScanIndexForward, Limit]) =>
      asked("query", { ...input, ScanIndexForward, Limit }, (client, TableName) =>
        pages(client, { ...input, TableName, ScanIndexForward, ...(Limit === undefined ? {} : { Limit }) }),
      ),
    );
}

/** All pages. Where a page may end is not compared, only what they hold and in which order. */
async function pages(client: DynamoDBClient, input: object) {
  const items: unknown[] = [];
  let start: unknown;
  do {
    const page = await client.send(
      new QueryCommand({ ...input, ...(start === undefined ? {} : { ExclusiveStartKey: start }) } as never),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return { items };
}

function asked(kind: string, input: unknown, step: Step): Asked {
  return { asked: { kind, input }, step };
}

/** What came back, without what differs from call to call. A set has no order. */
async function answer(work: Promise<unknown>): Promise<unknown> {
  try {
    const { $metadata: _, ...output } = (await work) as Record<string, unknown>;
    // For ALL_OLD of an item that was not there the emulator gives the key, AWS nothing.
    const names = Object.keys((output.Attributes ?? {}) as object)
      .sort()
      .join();
    if (names === "pk,sk") delete output.Attributes;
    return tidy(output);
  } catch (error) {
    const { name, Item, CancellationReasons } = error as Record<string, unknown>;
    const reasons = (CancellationReasons as { Code?: string; Item?: unknown }[] | undefined)?.map(
      ({ Code, Item: standing }) => ({ Code, Item: standing }),
    );
    return tidy({ name, Item, reasons });
  }
}

function tidy(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, member) =>
      name === "SS" && Array.isArray(member) ? member.toSorted() : member,
    ),
  );
}

describe.skipIf(emulatorBinary() === undefined)("the table in memory beside the emulator", () => {
  let memory: Place;
  let emulator: Place;
  let runs = 0;
  beforeAll(async () => {
    memory = memoryPlace();
    emulator = await emulatorPlace();
  });
  afterAll(async () => {
    await memory?.close();
    await emulator?.close();
  });

  it("answers alike, whatever is asked", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 25 }), async (sequence) => {
        const table = `run-${runs++}`;
        await createTables(memory.client, [productTable(table)]);
        await createTables(emulator.client, [productTable(table)]);
        for (const { asked, step } of sequence) {
          const [ours, theirs] = await Promise.all([
            answer(step(memory.client, table)),
            answer(step(emulator.client, table)),
          ]);
          expect({ asked, answer: ours }).toEqual({ asked, answer: theirs });
        }
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 60) },
    );
  });
});
