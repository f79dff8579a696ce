import type { EvidenceFile } from "../evidence/schema.ts";

export type ArchiveEvent =
  /** The archive was not there in time: it is asked for again. */
  | { readonly type: "ArchiveAsked" }
  | {
      readonly type: "ReleaseArchived";
      readonly files: readonly EvidenceFile[];
      /** The last record that is in the archive. */
      readonly seq: number;
    };
