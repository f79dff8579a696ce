import { type Instant, stamped } from "../kit/instant.ts";
import type { ReleaseState } from "../release/state.ts";
import { ARCHIVE_PLACES, type ArchivePlace, type CopyLink, PLACE_NAMES } from "./schema.ts";
import { type ArchiveState, type CopyState, copiesDue } from "./state.ts";

/** A closed release's archive as people see it: what is kept, and what became of each copy. */
export interface ArchiveView extends Omit<ArchiveState, "copies"> {
  readonly copies: readonly CopyView[];
}

export interface CopyView {
  readonly place: ArchivePlace;
  /** What people call it. */
  readonly name: string;
  readonly status: CopyState["status"];
  /** When it was copied, or last failed. */
  readonly at?: Instant;
  readonly links: readonly CopyLink[];
  readonly why?: string;
  /** When it is tried again. */
  readonly nextAt?: Instant;
  readonly says: string;
}

export function archiveView(state: ReleaseState): ArchiveView | undefined {
  if (state.archive === undefined) return undefined;
  const { copies, ...archive } = state.archive;
  const due = copiesDue(state);
  const views = ARCHIVE_PLACES.flatMap((place): CopyView[] => {
    const copy = copies?.[place];
    if (copy === undefined) return [];
    const nextAt = due.find((one) => one.place === place)?.at;
    return [
      {
        place,
        name: PLACE_NAMES[place],
        status: copy.status,
        ...(copy.at === undefined ? {} : { at: copy.at }),
        links: copy.links ?? [],
        ...(copy.why === undefined ? {} : { why: copy.why }),
        ...(nextAt === undefined ? {} : { nextAt }),
        says: wordsOf(copy, nextAt),
      },
    ];
  });
  return { ...archive, copies: views };
}

function wordsOf({ status, askedAt, at = askedAt, why }: CopyState, nextAt = at): string {
  switch (status) {
    case "copied":
      return `copied ${stamped(at)}`;
    case "given-up":
      return `given up ${stamped(at)}: ${why}`;
    case "due":
      return why === undefined
        ? "being copied"
        : `failed ${stamped(at)}: ${why}; again at ${stamped(nextAt)}`;
  }
}
