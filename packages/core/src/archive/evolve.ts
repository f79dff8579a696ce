import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";
import type { ArchiveEvent } from "./events.ts";

export function evolveArchive(state: ReleaseState, event: ArchiveEvent, meta: Meta): ReleaseState {
  const before = state.archive ?? { asked: 0 };
  switch (event.type) {
    case "ArchiveAsked":
      return { ...state, archive: { ...before, asked: before.asked + 1, askedAt: meta.at } };
    case "ReleaseArchived": {
      const { files, seq } = event;
      return { ...state, archive: { ...before, archivedAt: meta.at, files, seq } };
    }
  }
}
