import { type Attribute, type Item, invalid } from "./attribute.ts";
import { equalItems, sizeOfItem } from "./attribute-order.ts";
import type { ChangeFeed } from "./change-feed.ts";
import { type IndexSchema, keyOf, type TableSchema } from "./schema.ts";
import { type Entry, keyText, SortedItems } from "./sorted-items.ts";

/** "The maximum item size in DynamoDB is 400 KB." */
const LARGEST_ITEM = 400 * 1024;

/** A table in memory: its items, its indexes, and the changes that go on its stream. */
export class MemoryTable {
  readonly schema: TableSchema;
  readonly feed: ChangeFeed | undefined;
  /** The attribute that holds an item's end of life, in seconds since the epoch. */
  timeToLive: string | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #sorted: SortedItems;
  readonly #indexes: ReadonlyMap<string, { schema: IndexSchema; items: SortedItems }>;

  constructor(schema: TableSchema, feed: ChangeFeed | undefined) {
    this.schema = schema;
    this.feed = feed;
    this.#sorted = new SortedItems(schema.keys);
    this.#indexes = new Map(
      schema.indexes.map((index) => [index.name, { schema: index, items: new SortedItems(index) }]),
    );
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The text that stands for a key in this table. */
  idOf(item: Item): string {
    const { partition, sort } = this.schema.keys;
    const first = text(item[partition.name]);
    return sort === undefined ? first : `${first.length}:${first}${text(item[sort.name])}`;
  }

  get(id: string): Item | undefined {
    return this.#entries.get(id)?.item;
  }

  get items(): SortedItems {
    return this.#sorted;
  }

  index(name: string): { schema: IndexSchema; items: SortedItems } | undefined {
    return this.#indexes.get(name);
  }

  /** Puts `item` in the place `id`, or takes away what is there. The change goes on the stream, if any. */
  write(id: string, item: Item | undefined): void {
    const old = this.#entries.get(id);
    if (old !== undefined && item !== undefined && equalItems(old.item, item)) return;
    if (old !== undefined) {
      for (const { items } of this.#indexes.values()) items.remove(old);
    }
    if (item !== undefined) {
      const entry = { id, item, size: sizeOfItem(item) };
      this.#entries.set(id, entry);
      this.#sorted.put(entry);
      for (const { items } of this.#indexes.values()) items.put(entry);
    } else if (old !== undefined) {
      this.#entries.delete(id);
      this.#sorted.remove(old);
    }
    const whose = item ?? old?.item;
    if (this.feed === undefined || whose === undefined) return;
    this.feed.add({ keys: keyOf(whose, this.schema.keys), before: old?.item, after: item });
  }
}

export function checkSize(item: Item, what: "put" | "update"): void {
  if (sizeOfItem(item) <= LARGEST_ITEM) return;
  throw invalid(
    what === "put"
      ? "Item size has exceeded the maximum allowed size"
      : "Item size to update has exceeded the maximum allowed size",
  );
}

function text(value: Attribute | undefined): string {
  return value === undefined ? "" : keyText(value);
}
