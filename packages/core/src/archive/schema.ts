/** Where a closed release's archive goes besides the evidence bucket, where a deployment is set up for it. */
export const ARCHIVE_PLACES = ["github", "confluence"] as const;
export type ArchivePlace = (typeof ARCHIVE_PLACES)[number];

/** What people call it. */
export const PLACE_NAMES: Readonly<Record<ArchivePlace, string>> = {
  github: "GitHub",
  confluence: "Confluence",
};

/** Where a copy is to be seen. */
export interface CopyLink {
  readonly name: string;
  readonly url: string;
}
