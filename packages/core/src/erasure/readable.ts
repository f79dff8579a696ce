import { askedIn } from "./accounted.ts";
import { isCommitment, withTexts } from "./commitment.ts";
import { type AnyRecord, placeOf } from "./find.ts";

/** What is shown in the place of a text that is erased. */
export function erasedWords(at?: string): string {
  return at === undefined ? "(erased)" : `(erased on ${at.slice(0, 10)})`;
}

/**
 * The records as people read them: in the place of each text that is erased stands when it was asked for. For
 * what is shown and for what is folded, never for what is verified.
 */
export function readable<R extends AnyRecord>(records: readonly R[]): readonly R[] {
  const asked = askedIn(records);
  return records.map((record) => {
    const { salts = {}, seq } = record;
    let isErased = false;
    const shown = withTexts(record, (text, pointer) => {
      if (!isCommitment(text) || Object.hasOwn(salts, pointer)) return text;
      isErased = true;
      const digest = text.slice("erased:".length);
      return erasedWords(asked.get(placeOf({ seq, pointer, digest }))?.at);
    });
    return isErased ? shown : record;
  });
}
