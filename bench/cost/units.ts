/** An attribute as DynamoDB's JSON has it, or a map of them. */
type Item = Readonly<Record<string, unknown>>;

/** Bytes of an item, near enough: names and values as text. */
export function sizeOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => {
    const [inner] = Object.values(value as Item);
    const text = typeof inner === "string" ? inner : JSON.stringify(inner);
    return sum + Buffer.byteLength(name) + Buffer.byteLength(text ?? "");
  }, 0);
}

/** Units of a write: one a kilobyte begun, twice that in a transaction. Other writes than puts are taken as one. */
export function writeUnits(item: Item | undefined, how: { readonly inTransaction: boolean }): number {
  const units = item === undefined ? 1 : Math.max(1, Math.ceil(sizeOf(item) / 1024));
  return how.inTransaction ? units * 2 : units;
}

/** What the index costs besides: the entry is written over. (Once a release, when it ends, its key changes.) */
export function indexUnits(item: Item | undefined, partition: string): number {
  return item?.[partition] === undefined ? 0 : writeUnits(item, { inTransaction: false });
}

/** Units of a read: one for four kilobytes begun, half that when it need not be the newest. */
export function readUnits(bytes: number, how: { readonly isConsistent: boolean }): number {
  const units = Math.max(1, Math.ceil(bytes / 4096));
  return how.isConsistent ? units : units / 2;
}
