import { type Attribute, type Item, invalid, readItem, typeOf } from "./attribute.ts";
import { type KeyPart, keyParts, type TableSchema } from "./schema.ts";

const LONGEST_PARTITION_KEY = 2048;
const LONGEST_SORT_KEY = 1024;

/** The `Key` of a request: the key's own attributes and nothing else. */
export function readKey(schema: TableSchema, input: unknown): Item {
  const key = readItem(input);
  const parts = keyParts(schema.keys);
  const fits =
    Object.keys(key).length === parts.length &&
    parts.every(({ name, type }) => {
      const value = key[name];
      return value !== undefined && typeOf(value) === type;
    });
  if (!fits) throw invalid("The provided key element does not match the schema");
  checkLengths(schema, key);
  return key;
}

/** A whole item that is about to be written. */
export function checkItem(schema: TableSchema, item: Item): void {
  for (const part of keyParts(schema.keys)) {
    const value = item[part.name];
    if (value === undefined) {
      throw invalid(`One or more parameter values were invalid: Missing the key ${part.name} in the item`);
    }
    if (typeOf(value) !== part.type) {
      throw invalid(
        `One or more parameter values were invalid: Type mismatch for key ${part.name} expected: ${part.type} actual: ${typeOf(value)}`,
      );
    }
  }
  checkLengths(schema, item);
  checkIndexKeys(schema, item);
}

/** An item may lack the keys of an index, but not have ones of the wrong form. */
export function checkIndexKeys(schema: TableSchema, item: Item): void {
  for (const index of schema.indexes) {
    for (const part of keyParts(index)) {
      const value = item[part.name];
      if (value === undefined) continue;
      if (typeOf(value) !== part.type) {
        throw invalid(
          `One or more parameter values were invalid: Type mismatch for Index Key ${part.name} Expected: ${part.type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
        );
      }
      if (isEmpty(value)) {
        throw invalid(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kindOf(part)} value. IndexName: ${index.name}, IndexKey: ${part.name}`,
        );
      }
    }
  }
}

function checkLengths(schema: TableSchema, item: Item): void {
  const { partition, sort } = schema.keys;
  for (const part of keyParts(schema.keys)) {
    const value = item[part.name];
    if (value !== undefined && isEmpty(value)) {
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kindOf(part)} value. Key: ${part.name}`,
      );
    }
  }
  if (bytes(item[partition.name]) > LONGEST_PARTITION_KEY) {
    throw invalid(
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    );
  }
  if (sort !== undefined && bytes(item[sort.name]) > LONGEST_SORT_KEY) {
    throw invalid(
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    );
  }
}

function isEmpty(value: Attribute): boolean {
  return ("S" in value && value.S === "") || ("B" in value && value.B === "");
}

function kindOf(part: KeyPart): string {
  return part.type === "B" ? "binary" : "string";
}

function bytes(value: Attribute | undefined): number {
  if (value === undefined) return 0;
  if ("S" in value) return Buffer.byteLength(value.S);
  return "B" in value ? Buffer.byteLength(value.B, "base64") : 0;
}
