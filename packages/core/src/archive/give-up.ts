import { tell } from "../message/auto.ts";
import type { Draft } from "../release/draft.ts";
import { type ArchivePlace, PLACE_NAMES } from "./schema.ts";

/** A copy is not tried again by itself, and people are told. The release is closed all the same. */
export function giveUp(draft: Draft, place: ArchivePlace, why: string): void {
  draft.emit({ type: "ArchiveCopyFailed", place, why, givenUp: true });
  const text = `the copy of its archive for ${PLACE_NAMES[place]} is given up: ${why}. The archive itself is in the evidence bucket; once that is mended, ask again with gonogo release copy ${draft.state.id} ${place}`;
  tell(draft, `archive-${place}-${draft.now}`, "status", text);
}
