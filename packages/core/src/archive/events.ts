import type { EvidenceFile } from "../evidence/schema.ts";
import type { ArchivePlace, CopyLink } from "./schema.ts";

export type ArchiveEvent =
  /** The archive was not there in time: it is asked for again. */
  | { readonly type: "ArchiveAsked" }
  | {
      readonly type: "ReleaseArchived";
      readonly files: readonly EvidenceFile[];
      /** The last record that is in the archive. */
      readonly seq: number;
      /** Where copies go, as the deployment is set up; none where it is left out. */
      readonly copyTo?: readonly ArchivePlace[];
    }
  /** A copy is wanted, by the clock because none came about, or by a person. */
  | { readonly type: "ArchiveCopyAsked"; readonly place: ArchivePlace; readonly byHand?: true }
  | { readonly type: "ArchiveCopied"; readonly place: ArchivePlace; readonly links: readonly CopyLink[] }
  | {
      readonly type: "ArchiveCopyFailed";
      readonly place: ArchivePlace;
      readonly why: string;
      /** It is not tried again by itself. */
      readonly givenUp: boolean;
    };
