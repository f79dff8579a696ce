import { type Input, isObject, refuseOthers } from "../kernel/checks.ts";
import { AwsError } from "../kernel/wire.ts";
import { type Item, invalid } from "./attribute.ts";
import { project } from "./expression/path.ts";
import { parseProjection } from "./expression/projection.ts";
import type { Path } from "./expression/reader.ts";
import { remembered } from "./expression/remembered.ts";
import { Scope } from "./expression/scope.ts";
import { readKey } from "./key-check.ts";
import type { MemoryTables } from "./memory-tables.ts";
import { planWrite } from "./memory-writes.ts";

const MOST_KEYS = 100;

const projections = remembered(parseProjection);

/** The paths of a ProjectionExpression; undefined where there is none: all of the item. */
export function admitProjection(scope: Scope, text: unknown): readonly Path[] | undefined {
  if (text === undefined || text === null) return undefined;
  const { paths, mentions } = projections(String(text));
  scope.admit("ProjectionExpression", mentions);
  return paths.map((path) => scope.path(path));
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html */
export function getItem(tables: MemoryTables, input: Input): unknown {
  refuseOthers("GetItem", input, [
    "TableName",
    "Key",
    "ConsistentRead",
    "ProjectionExpression",
    "ExpressionAttributeNames",
  ]);
  const table = tables.get(input.TableName);
  const scope = new Scope(input);
  const paths = admitProjection(scope, input.ProjectionExpression);
  scope.close();
  const item = table.get(table.idOf(readKey(table.schema, input.Key)));
  if (item === undefined) return {};
  return { Item: paths === undefined ? item : project(item, paths) };
}

/** Never leaves a key unprocessed. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export function batchGetItem(tables: MemoryTables, input: Input): unknown {
  refuseOthers("BatchGetItem", input, ["RequestItems"]);
  const requests = isObject(input.RequestItems) ? Object.entries(input.RequestItems) : [];
  const wanted = requests.reduce((sum, [, one]) => sum + keysIn(one).length, 0);
  if (wanted === 0)
    throw invalid(
      "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (wanted > MOST_KEYS) throw invalid("Too many items requested for the BatchGetItem call");
  const responses = requests.map(([name, request]) => {
    const table = tables.get(name);
    const keys = keysIn(request).map((key) => table.idOf(readKey(table.schema, key)));
    if (new Set(keys).size !== keys.length) throw invalid("Provided list of item keys contains duplicates");
    const scope = new Scope(isObject(request) ? request : {});
    const paths = admitProjection(scope, isObject(request) ? request.ProjectionExpression : undefined);
    scope.close();
    const items = keys.map((id) => table.get(id)).filter((item) => item !== undefined);
    return [name, paths === undefined ? items : items.map((item) => project(item, paths))] as const;
  });
  return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} };
}

function keysIn(request: unknown): unknown[] {
  if (!isObject(request)) return [];
  refuseOthers("BatchGetItem", request, [
    "Keys",
    "ConsistentRead",
    "ProjectionExpression",
    "ExpressionAttributeNames",
  ]);
  return Array.isArray(request.Keys) ? request.Keys : [];
}

/** PutItem, UpdateItem and DeleteItem are one thing with three inputs. */
export function writeItem(tables: MemoryTables, kind: "Put" | "Update" | "Delete", input: Input): unknown {
  const table = tables.get(input.TableName);
  const returned = returnValues(kind, input.ReturnValues);
  const write = planWrite(kind, table, input, ["ReturnValues"]);
  const before = table.get(write.id);
  if (!write.allowed(before)) throw conditionFailed(input, before);
  const after = write.after(before);
  table.write(write.id, after);
  table.feed?.announce();
  const attributes = chosen(returned, write.touched, before, after);
  return attributes === undefined || Object.keys(attributes).length === 0 ? {} : { Attributes: attributes };
}

function conditionFailed(input: Input, before: Item | undefined): AwsError {
  const shown = input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && before !== undefined;
  return new AwsError(
    "ConditionalCheckFailedException",
    "The conditional request failed",
    400,
    shown ? { Item: before } : {},
  );
}

function returnValues(kind: string, asked: unknown): string {
  const value = String(asked ?? "NONE");
  const known =
    kind === "Update" ? ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] : ["NONE", "ALL_OLD"];
  if (known.includes(value)) return value;
  throw invalid(
    kind === "Update"
      ? `1 validation error detected: Value '${value}' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]`
      : "ReturnValues can only be ALL_OLD or NONE",
  );
}

function chosen(
  returned: string,
  touched: readonly Path[],
  before: Item | undefined,
  after: Item | undefined,
): Item | undefined {
  switch (returned) {
    case "ALL_OLD":
      return before;
    case "ALL_NEW":
      return after;
    case "UPDATED_OLD":
      return before === undefined ? undefined : project(before, touched);
    case "UPDATED_NEW":
      return after === undefined ? undefined : project(after, touched);
    default:
      return undefined;
  }
}
