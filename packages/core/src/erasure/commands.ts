import type { ErasedText } from "./events.ts";

/** Asked by the API alone, which has looked for the texts in the log; the reason travels beside the command. */
export interface EraseTexts {
  readonly type: "EraseTexts";
  readonly texts: readonly ErasedText[];
}

/** The texts of an erasure are taken out together with this. */
export interface RecordErasure {
  readonly type: "RecordErasure";
  readonly erasure: number;
}
