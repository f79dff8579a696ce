import { allClosedAt } from "../closing/state.ts";
import type { EvidenceFile } from "../evidence/schema.ts";
import { hours, minutes, ms, toMs } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import type { ReleaseState } from "../release/state.ts";
import { ARCHIVE_PLACES, type ArchivePlace, type CopyLink } from "./schema.ts";

/** What has become of a closed release's archive. */
export interface ArchiveState {
  /** How often it was asked for again. */
  readonly asked: number;
  readonly askedAt?: Instant;
  readonly archivedAt?: Instant;
  readonly files?: readonly EvidenceFile[];
  readonly seq?: number;
  readonly copies?: Readonly<Partial<Record<ArchivePlace, CopyState>>>;
}

export interface CopyState {
  readonly status: "due" | "copied" | "given-up";
  /** How often it was asked for again since somebody wanted it. */
  readonly tries: number;
  readonly askedAt: Instant;
  /** When it was copied, or last failed. */
  readonly at?: Instant;
  readonly why?: string;
  readonly links?: readonly CopyLink[];
}

/** When it was closed: nothing is decided in it any more. Undefined while something still is. */
export function closedAt(state: ReleaseState): Instant | undefined {
  switch (state.status) {
    case "completed":
    case "aborted":
      return state.endedAt;
    case "rolled-back":
    case "rollback-unconfirmed":
      return allClosedAt(state);
    default:
      return undefined;
  }
}

const FIRST = minutes(5);
const LONGEST = hours(6);
/** After so many more tries a copy is given up: some two days. */
export const MOST_COPY_TRIES = 14;

/** When the archive of a closed release is asked for again; undefined once it is there. */
export function archiveDue(state: ReleaseState): Instant | undefined {
  const closed = closedAt(state);
  if (closed === undefined || state.archive?.archivedAt !== undefined) return undefined;
  const { asked = 0, askedAt = closed } = state.archive ?? {};
  return plus(askedAt, pause(asked));
}

/** Copies that nobody has made, and when each is asked for again. */
export function copiesDue(state: ReleaseState): { readonly place: ArchivePlace; readonly at: Instant }[] {
  return ARCHIVE_PLACES.flatMap((place) => {
    const copy = state.archive?.copies?.[place];
    return copy?.status === "due" ? [{ place, at: plus(copy.askedAt, pause(copy.tries)) }] : [];
  });
}

/** Copies to be made now: asked for, and not failed since. */
export function copiesToMake(state: ReleaseState): ArchivePlace[] {
  return copiesDue(state)
    .map(({ place }) => place)
    .filter((place) => state.archive?.copies?.[place]?.why === undefined);
}

function pause(tries: number) {
  return ms(Math.min(toMs(FIRST) * 2 ** Math.min(tries, 10), toMs(LONGEST)));
}

/** Where an archive's files are. */
export function archiveKey(release: string, name: string): string {
  return `releases/${release}/archive/${name}`;
}
