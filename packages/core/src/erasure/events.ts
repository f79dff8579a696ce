/**
 * That a text is erased is recorded in its own log, before it is gone: whoever verifies takes a text for erased
 * by this record alone. What the text was is not in it.
 */
export type ErasureEvent =
  | {
      readonly type: "ErasureAsked";
      /** Which erasure of this log, from 1. */
      readonly erasure: number;
      readonly texts: readonly ErasedText[];
    }
  /** The texts are gone, from the records and from what was made of them; written in the same transaction. */
  | { readonly type: "TextsErased"; readonly erasure: number };

/** A text of a record, by its place. */
export interface ErasedText {
  readonly seq: number;
  /** RFC 6901, from the record down: `/reason`, `/event/note`. */
  readonly pointer: string;
  /** Of its commitment, without the word in front. */
  readonly digest: string;
}
