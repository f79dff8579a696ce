import { type Input, refuseOthers } from "../kernel/checks.ts";
import { type Item, invalid, readItem, typeOf } from "./attribute.ts";
import { type ParsedCondition, parseCondition } from "./expression/condition.ts";
import { checkOperands, holds } from "./expression/holds.ts";
import { type KeyCondition, readKeyCondition } from "./expression/key-condition.ts";
import { project } from "./expression/path.ts";
import { remembered } from "./expression/remembered.ts";
import { Scope } from "./expression/scope.ts";
import { admitProjection } from "./memory-items.ts";
import type { MemoryTable } from "./memory-table.ts";
import type { MemoryTables } from "./memory-tables.ts";
import { type IndexSchema, type KeyPart, keyOf, keyParts, projected } from "./schema.ts";
import type { Entry, SortedItems } from "./sorted-items.ts";

/** "A single Query operation can retrieve a maximum of 1 MB of data", before any filter. */
const LARGEST_PAGE = 1024 * 1024;

const SERVED = [
  "TableName",
  "IndexName",
  "Limit",
  "ExclusiveStartKey",
  "FilterExpression",
  "ProjectionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ConsistentRead",
  "Select",
];

const keyConditions = remembered((text) => parseCondition("KeyConditionExpression", text));
const filters = remembered((text) => parseCondition("FilterExpression", text));

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
export function query(tables: MemoryTables, input: Input): unknown {
  refuseOthers("Query", input, [...SERVED, "KeyConditionExpression", "ScanIndexForward"]);
  const place = placeOf(tables.get(input.TableName), input);
  const scope = new Scope(input);
  if (typeof input.KeyConditionExpression !== "string") {
    throw invalid(
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    );
  }
  const { condition, mentions } = keyConditions(input.KeyConditionExpression);
  scope.admit("KeyConditionExpression", mentions);
  const keys = place.index ?? place.table.schema.keys;
  const names = {
    partition: keys.partition.name,
    ...(keys.sort === undefined ? {} : { sort: keys.sort.name }),
  };
  const asked = readKeyCondition(condition, names, scope);
  checkOperands("KeyConditionExpression", condition, scope);
  checkTypes(asked, keys.partition, keys.sort);
  const after = startOf(place, input);
  const entries = place.items.read(asked.partition, {
    range: asked.sort,
    forward: input.ScanIndexForward !== false,
    after,
  });
  return page(place, entries, scope, input);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
export function scan(tables: MemoryTables, input: Input): unknown {
  refuseOthers("Scan", input, SERVED);
  const place = placeOf(tables.get(input.TableName), input);
  return page(place, place.items.all(startOf(place, input)), new Scope(input), input);
}

interface Place {
  readonly table: MemoryTable;
  readonly index?: IndexSchema;
  readonly items: SortedItems;
}

function placeOf(table: MemoryTable, input: Input): Place {
  if (input.IndexName === undefined || input.IndexName === null) return { table, items: table.items };
  const index = table.index(String(input.IndexName));
  if (index === undefined) throw invalid(`The table does not have the specified index: ${input.IndexName}`);
  if (input.ConsistentRead === true) {
    throw invalid("Consistent reads are not supported on global secondary indexes");
  }
  return { table, index: index.schema, items: index.items };
}

function checkTypes(asked: KeyCondition, partition: KeyPart, sort: KeyPart | undefined): void {
  const range = asked.sort;
  const values =
    range === undefined
      ? []
      : range.kind === "compare"
        ? [range.value]
        : range.kind === "begins"
          ? [range.prefix]
          : [range.low, range.high];
  const fits = (part: KeyPart | undefined, value: KeyCondition["partition"]) =>
    part === undefined || typeOf(value) === part.type;
  if (fits(partition, asked.partition) && values.every((value) => fits(sort, value))) return;
  throw invalid(
    "One or more parameter values were invalid: Condition parameter type does not match schema type",
  );
}

function startOf(place: Place, input: Input): Pick<Entry, "id" | "item"> | undefined {
  if (input.ExclusiveStartKey === undefined || input.ExclusiveStartKey === null) return undefined;
  const item = readItem(input.ExclusiveStartKey);
  const wanted = new Set(
    [place.table.schema.keys, ...(place.index === undefined ? [] : [place.index])].flatMap((keys) =>
      keyParts(keys).map(({ name }) => name),
    ),
  );
  const given = Object.keys(item);
  if (given.length !== wanted.size || !given.every((name) => wanted.has(name))) {
    throw invalid("The provided starting key is invalid");
  }
  return { id: place.table.idOf(item), item };
}

function page(place: Place, entries: Iterable<Entry>, scope: Scope, input: Input): unknown {
  const filter = admitFilter(scope, input.FilterExpression);
  const paths = admitProjection(scope, input.ProjectionExpression);
  scope.close();
  const limit = limitOf(input);
  const count = counting(input);
  const items: Item[] = [];
  let scanned = 0;
  let bytes = 0;
  let last: Item | undefined;
  for (const { item, size } of entries) {
    scanned += 1;
    bytes += size;
    const shown = place.index === undefined ? item : projected(item, place.table.schema, place.index);
    if (filter === undefined || holds(filter.condition, shown, scope)) {
      items.push(paths === undefined ? shown : project(shown, paths));
    }
    // As on AWS: a page that was ended by a limit says so, even if nothing follows.
    if (scanned === limit || bytes >= LARGEST_PAGE) {
      last = keyOf(item, place.table.schema.keys, place.index);
      break;
    }
  }
  return {
    Count: items.length,
    ScannedCount: scanned,
    ...(count ? {} : { Items: items }),
    ...(last === undefined ? {} : { LastEvaluatedKey: last }),
  };
}

function admitFilter(scope: Scope, text: unknown): ParsedCondition | undefined {
  if (text === undefined || text === null) return undefined;
  const parsed = filters(String(text));
  scope.admit("FilterExpression", parsed.mentions);
  checkOperands("FilterExpression", parsed.condition, scope);
  return parsed;
}

function limitOf(input: Input): number {
  const { Limit: limit } = input;
  if (limit === undefined || limit === null) return Number.POSITIVE_INFINITY;
  if (typeof limit === "number" && Number.isInteger(limit) && limit >= 1) return limit;
  throw invalid(
    `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
  );
}

function counting(input: Input): boolean {
  const { Select: select } = input;
  if (select === undefined || select === null || select === "ALL_ATTRIBUTES") return false;
  if (select === "COUNT") return true;
  throw invalid(
    `Select ${select} is not supported by the embedded engine (supported: ALL_ATTRIBUTES, COUNT).`,
  );
}
