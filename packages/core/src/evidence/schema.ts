import { z } from "zod";
import type { Digest } from "../kit/digest.ts";
import { prose } from "../kit/schema.ts";

/** Bytes. More is no evidence of one answer but a data set: link it. */
export const LARGEST_FILE = 25_000_000;

/** What may be kept as a file. Nothing that a browser would run, whoever serves it: no HTML, no SVG, no scripts. */
export const FILE_TYPES = [
  "text/plain",
  "text/csv",
  "text/markdown",
  "application/json",
  "application/x-ndjson",
  "application/xml",
  "application/pdf",
  "application/zip",
  "application/gzip",
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "video/mp4",
  "video/webm",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
] as const;

const LONGEST_NAME = 120;

/** A file's name as it is kept: its last part, in letters, digits and few signs, whatever a system made of it. */
export function safeName(given: string): string {
  const last = given.normalize("NFC").split(/[\\/]/).at(-1) ?? "";
  const plain = last
    .replaceAll(/[^\p{L}\p{N}._() -]+/gu, "_")
    .replaceAll(/\s+/g, " ")
    .replace(/^[. ]+/, "")
    .trim();
  const dot = plain.lastIndexOf(".");
  const end = dot > 0 && plain.length - dot <= 10 ? plain.slice(dot) : "";
  const start = plain.slice(0, plain.length - end.length).slice(0, LONGEST_NAME - end.length);
  return `${start}${end}` || "file";
}

export const FileName = z
  .string()
  .min(1, "must not be empty")
  .max(1_000, "at most 1,000 characters")
  .transform(safeName);

export const FileDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "is not sha256: and 64 hex digits")
  .describe("SHA-256 of the file's bytes: `sha256:9f86d0…`.")
  .transform((text) => text as Digest);

/** A file that was uploaded before the answer that refers to it. */
export const FileReference = z.strictObject({ digest: FileDigest, name: FileName });
export type FileReference = z.infer<typeof FileReference>;

/** What somebody shows for an answer: words or a link, or a file that they uploaded. */
export const Evidence = z.union([prose, FileReference]);
export type Evidence = z.infer<typeof Evidence>;

/** A file that is evidence, as it stands in the log: what it is and where, never what is in it. */
export interface EvidenceFile {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  readonly name: string;
  readonly key: string;
}

/** Where a release's files are. What has the same content is the same file. */
export function fileKey(release: string, digest: Digest): string {
  return `releases/${release}/evidence/${digest.slice("sha256:".length)}`;
}
