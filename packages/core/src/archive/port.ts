import type { EvidenceFile } from "../evidence/schema.ts";
import type { ArchivePlace, CopyLink } from "./schema.ts";

/** A closed release as it lies in the evidence bucket: all of it is text. */
export interface ArchivedRelease {
  readonly release: string;
  readonly title: string;
  readonly files: readonly { readonly about: EvidenceFile; readonly text: string }[];
}

/** Takes copies of archives to one place outside. */
export interface ArchiveShelf {
  /**
   * Puts the copy there, or finds it there: what was done and not answered is not done twice, and what is there
   * with another content is left as it is. Throws OutsideError; `retryable` where it may be tried again.
   */
  copy(archive: ArchivedRelease): Promise<readonly CopyLink[]>;
  /** Whether a copy could be put there, and what the credentials may do. It writes nothing. Throws OutsideError. */
  look(): Promise<{ readonly ok: boolean; readonly says: string }>;
}

export interface ArchiveShelves {
  /** What this deployment is set up for. */
  readonly places: readonly ArchivePlace[];
  /** Undefined where it is not set up. */
  on(place: ArchivePlace): ArchiveShelf | undefined;
}

export const NO_SHELVES: ArchiveShelves = { places: [], on: () => undefined };
