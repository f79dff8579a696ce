import type { AuditRecord } from "../audit/schema.ts";
import { commitmentTo, eachText, isCommitment, withTexts } from "./commitment.ts";
import type { ErasedText } from "./events.ts";

export type AnyRecord = AuditRecord<{ readonly type: string }>;

/** A text that can be erased and is there. */
export interface Erasable extends ErasedText {
  readonly text: string;
}

const WORD = "erased:";

/** The texts of a record that can be erased, and have not been. */
export function erasableIn(record: AnyRecord): Erasable[] {
  const { salts = {} } = record;
  const found: Erasable[] = [];
  eachText(record, (text, pointer) => {
    const salt = Object.hasOwn(salts, pointer) ? salts[pointer] : undefined;
    if (salt !== undefined) {
      found.push({ seq: record.seq, pointer, text, digest: commitmentTo(text, salt).slice(WORD.length) });
    }
  });
  return found;
}

/** The places of a record where a text was and is not any more. */
export function erasedIn(record: AnyRecord): ErasedText[] {
  const { salts = {} } = record;
  const found: ErasedText[] = [];
  eachText(record, (text, pointer) => {
    if (isCommitment(text) && !Object.hasOwn(salts, pointer)) {
      found.push({ seq: record.seq, pointer, digest: text.slice(WORD.length) });
    }
  });
  return found;
}

/** The record without those of its texts: each is its commitment from now on, and its salt is gone. */
export function erased<R extends AnyRecord>(record: R, pointers: readonly string[]): R {
  const { salts = {}, ...body } = record;
  const gone = new Map(
    pointers.flatMap((pointer) => {
      const salt = Object.hasOwn(salts, pointer) ? salts[pointer] : undefined;
      return salt === undefined ? [] : [[pointer, salt] as const];
    }),
  );
  const left = Object.entries(salts).filter(([pointer]) => !gone.has(pointer));
  const masked = withTexts(body, (text, pointer) => {
    const salt = gone.get(pointer);
    return salt === undefined ? text : commitmentTo(text, salt);
  });
  return { ...masked, ...(left.length === 0 ? {} : { salts: Object.fromEntries(left) }) } as R;
}

/** A shorter text says too little to be looked for in others. */
const SHORTEST = 8;
/** Of a longer text its beginning is looked for: what is made of it may have been cut. */
const LONGEST = 200;

/** Whether a text gives another one away: it is the same, or has it in it. */
export function repeats(text: string, other: string): boolean {
  return text === other || (other.length >= SHORTEST && text.includes(other.slice(0, LONGEST)));
}

/** The texts of a log that give away one of these, themselves left out. */
export function repeating(records: readonly AnyRecord[], texts: readonly Erasable[]): Erasable[] {
  const known = new Set(texts.map(placeOf));
  const words = [...new Set(texts.map(({ text }) => text))];
  return records.flatMap((record) =>
    erasableIn(record).filter((one) => {
      return !known.has(placeOf(one)) && words.some((word) => repeats(one.text, word));
    }),
  );
}

/** The one key of a place in a log. */
export function placeOf({ seq, pointer, digest }: ErasedText): string {
  return `${seq} ${digest} ${pointer}`;
}
