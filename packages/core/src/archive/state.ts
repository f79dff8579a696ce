import { allClosedAt } from "../closing/state.ts";
import type { EvidenceFile } from "../evidence/schema.ts";
import { hours, minutes, ms, toMs } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import type { ReleaseState } from "../release/state.ts";

/** What has become of a closed release's archive. */
export interface ArchiveState {
  /** How often it was asked for again. */
  readonly asked: number;
  readonly askedAt?: Instant;
  readonly archivedAt?: Instant;
  readonly files?: readonly EvidenceFile[];
  readonly seq?: number;
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

/** When the archive of a closed release is asked for again; undefined once it is there. */
export function archiveDue(state: ReleaseState): Instant | undefined {
  const closed = closedAt(state);
  if (closed === undefined || state.archive?.archivedAt !== undefined) return undefined;
  const { asked = 0, askedAt = closed } = state.archive ?? {};
  return plus(askedAt, ms(Math.min(toMs(FIRST) * 2 ** Math.min(asked, 10), toMs(LONGEST))));
}

/** Where an archive's files are. */
export function archiveKey(release: string, name: string): string {
  return `releases/${release}/archive/${name}`;
}
