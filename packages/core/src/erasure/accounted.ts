import type { ErasedText } from "./events.ts";
import { type AnyRecord, erasedIn, placeOf } from "./find.ts";

/** The records of a log that say which texts are erased, by the places of those. A later one is as good. */
export function askedIn(records: readonly AnyRecord[]): ReadonlyMap<string, AnyRecord> {
  const asked = new Map<string, AnyRecord>();
  for (const record of records) for (const text of namedIn(record)) asked.set(placeOf(text), record);
  return asked;
}

/** What a record says is erased; nothing where it is none that says so, whatever stands in it. */
function namedIn({ event }: AnyRecord): readonly ErasedText[] {
  if (event.type !== "ErasureAsked") return [];
  const { texts } = event as { readonly texts?: unknown };
  return Array.isArray(texts) ? texts.filter((one) => typeof one === "object" && one !== null) : [];
}

/**
 * The first place where a text is missing of which no later record says that it is erased; undefined where
 * there is none. Where only the beginning of a log was read, what says so may lie behind it.
 */
export function unaccounted(records: readonly AnyRecord[]): ErasedText | undefined {
  const asked = askedIn(records);
  return records.flatMap(erasedIn).find((text) => !((asked.get(placeOf(text))?.seq ?? 0) > text.seq));
}
