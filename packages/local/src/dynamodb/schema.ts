import type { Item } from "./attribute.ts";

export type KeyType = "S" | "N" | "B";

export interface KeyPart {
  readonly name: string;
  readonly type: KeyType;
}

export interface Keys {
  readonly partition: KeyPart;
  readonly sort?: KeyPart;
}

export type Projection =
  | { readonly kind: "ALL" | "KEYS_ONLY" }
  | { readonly kind: "INCLUDE"; readonly attributes: readonly string[] };

export interface IndexSchema extends Keys {
  readonly name: string;
  readonly projection: Projection;
}

export interface TableSchema {
  readonly name: string;
  readonly keys: Keys;
  readonly indexes: readonly IndexSchema[];
  /** Whether every change is put on the table's stream, with the item before and after. */
  readonly stream: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export function keyParts(keys: Keys): readonly KeyPart[] {
  return keys.sort === undefined ? [keys.partition] : [keys.partition, keys.sort];
}

/** The members of an item that are its key in the table and, where an index is given, in that index. */
export function keyOf(item: Item, table: Keys, index?: Keys): Item {
  const key: Record<string, Item[string]> = {};
  for (const { name } of [...keyParts(table), ...(index === undefined ? [] : keyParts(index))]) {
    const value = item[name];
    if (value !== undefined) key[name] = value;
  }
  return key;
}

/** What an index holds of an item. */
export function projected(item: Item, table: TableSchema, index: IndexSchema): Item {
  const { projection } = index;
  if (projection.kind === "ALL") return item;
  const kept: Record<string, Item[string]> = { ...keyOf(item, table.keys, index) };
  if (projection.kind === "INCLUDE") {
    for (const name of projection.attributes) {
      const value = item[name];
      if (value !== undefined) kept[name] = value;
    }
  }
  return kept;
}
