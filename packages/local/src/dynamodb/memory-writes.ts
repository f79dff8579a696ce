import { type Input, refuseOthers } from "../kernel/checks.ts";
import { type Item, invalid, readItem } from "./attribute.ts";
import { applyUpdate, checkOverlaps, checkSources } from "./expression/apply.ts";
import { type ParsedCondition, parseCondition } from "./expression/condition.ts";
import { checkOperands, holds } from "./expression/holds.ts";
import type { Path } from "./expression/reader.ts";
import { remembered } from "./expression/remembered.ts";
import { Scope } from "./expression/scope.ts";
import { parseUpdate } from "./expression/update.ts";
import { checkIndexKeys, checkItem, readKey } from "./key-check.ts";
import { checkSize, type MemoryTable } from "./memory-table.ts";
import { keyParts } from "./schema.ts";

export type WriteKind = "Put" | "Update" | "Delete" | "ConditionCheck";

/** A write that is checked as far as it can be without the item; what is left depends on what stands there. */
export interface PlannedWrite {
  readonly kind: WriteKind;
  readonly table: MemoryTable;
  readonly id: string;
  /** Whether the condition holds for what stands there. */
  allowed(before: Item | undefined): boolean;
  /** The item after the write. Throws ValidationException where the update does not fit the item. */
  after(before: Item | undefined): Item | undefined;
  /** The attributes that an update names. */
  readonly touched: readonly Path[];
}

const SERVED = [
  "TableName",
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnValuesOnConditionCheckFailure",
];

const conditions = remembered((text) => parseCondition("ConditionExpression", text));
const updates = remembered(parseUpdate);

/** `extra` are the members that only the operation itself serves, such as ReturnValues. */
export function planWrite(
  kind: WriteKind,
  table: MemoryTable,
  input: Input,
  extra: readonly string[] = [],
): PlannedWrite {
  const own = {
    Put: ["Item"],
    Update: ["Key", "UpdateExpression"],
    Delete: ["Key"],
    ConditionCheck: ["Key"],
  };
  refuseOthers(kind, input, [...SERVED, ...own[kind], ...extra]);
  const scope = new Scope(input);
  const condition = admitCondition(scope, input.ConditionExpression);
  if (kind === "ConditionCheck" && condition === undefined) {
    throw invalid("The ConditionCheck's ConditionExpression must not be null");
  }
  const allowed = (before: Item | undefined) =>
    condition === undefined || holds(condition.condition, before ?? {}, scope);
  if (kind === "Put") {
    scope.close();
    const item = readItem(input.Item);
    checkItem(table.schema, item);
    checkSize(item, "put");
    return { kind, table, id: table.idOf(item), allowed, after: () => item, touched: [] };
  }
  const update = kind === "Update" ? admitUpdate(scope, table, input.UpdateExpression) : undefined;
  scope.close();
  const key = readKey(table.schema, input.Key);
  const base = { kind, table, id: table.idOf(key), allowed, touched: update?.touched ?? [] };
  if (kind === "Delete") return { ...base, after: () => undefined };
  if (update === undefined) return { ...base, after: (before) => before };
  return { ...base, after: (before) => update.apply(before ?? key) };
}

function admitCondition(scope: Scope, text: unknown): ParsedCondition | undefined {
  if (text === undefined || text === null) return undefined;
  const parsed = conditions(String(text));
  scope.admit("ConditionExpression", parsed.mentions);
  checkOperands("ConditionExpression", parsed.condition, scope);
  return parsed;
}

function admitUpdate(scope: Scope, table: MemoryTable, text: unknown) {
  // Without an expression an update makes sure that the item is there.
  if (text === undefined || text === null) return { touched: [], apply: (item: Item) => item };
  const { actions, mentions } = updates(String(text));
  scope.admit("UpdateExpression", mentions);
  checkOverlaps(actions, scope);
  checkSources(actions, scope);
  const touched = actions.map(({ path }) => scope.path(path));
  for (const { name } of keyParts(table.schema.keys)) {
    if (!touched.some(([first]) => first === name)) continue;
    throw invalid(
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
  const apply = (item: Item) => {
    const after = applyUpdate(actions, item, scope);
    checkSize(after, "update");
    checkIndexKeys(table.schema, after);
    return after;
  };
  return { touched, apply };
}
