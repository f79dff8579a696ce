import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { ArchiveEvent } from "./events.ts";
import type { ArchivePlace } from "./schema.ts";
import type { ArchiveState, CopyState } from "./state.ts";

export function evolveArchive(state: ReleaseState, event: ArchiveEvent, meta: Meta): ReleaseState {
  const before = state.archive ?? { asked: 0 };
  switch (event.type) {
    case "ArchiveAsked":
      return { ...state, archive: { ...before, asked: before.asked + 1, askedAt: meta.at } };
    case "ReleaseArchived": {
      const { files, seq, copyTo = [] } = event;
      const archive: ArchiveState = { ...before, archivedAt: meta.at, files, seq };
      const wanted = (): CopyState => ({ status: "due", tries: 0, askedAt: meta.at });
      return { ...state, archive: copyTo.reduce((all, place) => withCopy(all, place, wanted()), archive) };
    }
    case "ArchiveCopyAsked": {
      const { tries = -1 } = event.byHand === true ? {} : (before.copies?.[event.place] ?? {});
      const copy: CopyState = { status: "due", tries: tries + 1, askedAt: meta.at };
      return { ...state, archive: withCopy(before, event.place, copy) };
    }
    case "ArchiveCopied": {
      const { place, links } = event;
      const { why: _, ...copy } = before.copies?.[place] ?? { tries: 0, askedAt: meta.at };
      return {
        ...state,
        archive: withCopy(before, place, { ...copy, status: "copied", at: meta.at, links }),
      };
    }
    case "ArchiveCopyFailed": {
      const { place, why, givenUp } = event;
      const copy = before.copies?.[place] ?? { tries: 0, askedAt: meta.at };
      const status = givenUp ? "given-up" : "due";
      return { ...state, archive: withCopy(before, place, { ...copy, status, at: meta.at, why }) };
    }
  }
}

function withCopy(archive: ArchiveState, place: ArchivePlace, copy: CopyState): ArchiveState {
  return { ...archive, copies: { ...archive.copies, [place]: copy } };
}
