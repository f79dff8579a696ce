import type { Attribute, Item } from "./attribute.ts";
import { compareText, order } from "./attribute-order.ts";
import type { SortRange } from "./expression/key-condition.ts";
import type { Keys } from "./schema.ts";

/** An item in its place. `id` is the text of its key in the table; `size` is in bytes. */
export interface Entry {
  readonly id: string;
  readonly item: Item;
  readonly size: number;
}

/** Items by partition and, within it, in the order of the sort key. One for a table, one for each index. */
export class SortedItems {
  readonly #keys: Keys;
  readonly #partitions = new Map<string, Entry[]>();

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  /** Where the item does not have the keys, it is not here: an index may be sparse. */
  put(entry: Entry): void {
    const text = this.#partitionOf(entry.item);
    if (text === undefined) return;
    const entries = this.#partitions.get(text);
    if (entries === undefined) {
      this.#partitions.set(text, [entry]);
      return;
    }
    const at = this.#firstFrom(entries, (other) => this.#compare(other, entry) >= 0);
    const same = entries[at]?.id === entry.id;
    if (at === entries.length) entries.push(entry);
    else entries.splice(at, same ? 1 : 0, entry);
  }

  remove(entry: Entry): void {
    const text = this.#partitionOf(entry.item);
    const entries = text === undefined ? undefined : this.#partitions.get(text);
    if (text === undefined || entries === undefined) return;
    const at = this.#firstFrom(entries, (other) => this.#compare(other, entry) >= 0);
    if (entries[at]?.id !== entry.id) return;
    if (entries.length === 1) this.#partitions.delete(text);
    else entries.splice(at, 1);
  }

  /** The entries of a partition within a range of the sort key, and past `after` in the order of reading. */
  *read(
    partition: Attribute,
    options: {
      range: SortRange | undefined;
      forward: boolean;
      after: Pick<Entry, "id" | "item"> | undefined;
    },
  ): Generator<Entry> {
    const entries = this.#partitions.get(keyText(partition)) ?? [];
    let [from, to] = this.#bounds(entries, options.range);
    const { after, forward } = options;
    if (after !== undefined) {
      const past = forward
        ? this.#firstFrom(entries, (entry) => this.#compare(entry, after) > 0)
        : this.#firstFrom(entries, (entry) => this.#compare(entry, after) >= 0);
      if (forward) from = Math.max(from, past);
      else to = Math.min(to, past);
    }
    for (let step = 0; step < to - from; step++) {
      const entry = entries[forward ? from + step : to - 1 - step];
      if (entry !== undefined) yield entry;
    }
  }

  /** Everything, partition by partition in the order of their keys' text. For scans. */
  *all(after: Pick<Entry, "id" | "item"> | undefined): Generator<Entry> {
    const passed = after === undefined ? undefined : this.#partitionOf(after.item);
    for (const text of [...this.#partitions.keys()].sort(compareText)) {
      const order = passed === undefined ? 1 : compareText(text, passed);
      if (order < 0) continue;
      for (const entry of this.#partitions.get(text) ?? []) {
        if (order > 0 || after === undefined || this.#compare(entry, after) > 0) yield entry;
      }
    }
  }

  #partitionOf(item: Item): string | undefined {
    const value = item[this.#keys.partition.name];
    if (value === undefined) return undefined;
    if (this.#keys.sort !== undefined && item[this.#keys.sort.name] === undefined) return undefined;
    return keyText(value);
  }

  #compare(a: Pick<Entry, "id" | "item">, b: Pick<Entry, "id" | "item">): number {
    const { sort } = this.#keys;
    const [x, y] = sort === undefined ? [] : [a.item[sort.name], b.item[sort.name]];
    const sorted = x === undefined || y === undefined ? 0 : (order(x, y) ?? 0);
    return sorted !== 0 ? sorted : compareText(a.id, b.id);
  }

  #bounds(entries: readonly Entry[], range: SortRange | undefined): [number, number] {
    const sort = this.#keys.sort?.name;
    if (range === undefined || sort === undefined) return [0, entries.length];
    const against = (value: Attribute, holds: (order: number) => boolean) =>
      this.#firstFrom(entries, ({ item }) => {
        const own = item[sort];
        return own !== undefined && holds(order(own, value) ?? 0);
      });
    const notBelow = (value: Attribute) => against(value, (order) => order >= 0);
    const above = (value: Attribute) => against(value, (order) => order > 0);
    switch (range.kind) {
      case "between":
        return [notBelow(range.low), above(range.high)];
      case "begins": {
        const from = notBelow(range.prefix);
        let to = from;
        while (begins(entries[to]?.item[sort], range.prefix)) to++;
        return [from, to];
      }
      case "compare":
        switch (range.by) {
          case "=":
            return [notBelow(range.value), above(range.value)];
          case "<":
            return [0, notBelow(range.value)];
          case "<=":
            return [0, above(range.value)];
          case ">":
            return [above(range.value), entries.length];
          case ">=":
            return [notBelow(range.value), entries.length];
        }
    }
  }

  /** The first position from which `holds` holds; the end where it never does. */
  #firstFrom(entries: readonly Entry[], holds: (entry: Entry) => boolean): number {
    const last = entries.at(-1);
    // Most writes come last: an event's number, a release's date.
    if (last === undefined || !holds(last)) return entries.length;
    let [low, high] = [0, entries.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = entries[middle];
      if (entry !== undefined && holds(entry)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** A key as text; two keys are the same if their texts are. */
export function keyText(value: Attribute): string {
  if ("S" in value) return value.S;
  if ("N" in value) return value.N;
  return "B" in value ? value.B : "";
}

function begins(value: Attribute | undefined, prefix: Attribute): boolean {
  if (value === undefined) return false;
  if ("S" in value && "S" in prefix) return value.S.startsWith(prefix.S);
  if (!("B" in value && "B" in prefix)) return false;
  const wanted = Buffer.from(prefix.B, "base64");
  return Buffer.from(value.B, "base64").subarray(0, wanted.length).equals(wanted);
}
