import type { FILE_TYPES } from "./schema.ts";

type FileType = (typeof FILE_TYPES)[number];

const BY_ENDING: Readonly<Record<string, FileType>> = {
  txt: "text/plain",
  log: "text/plain",
  csv: "text/csv",
  md: "text/markdown",
  json: "application/json",
  har: "application/json",
  sarif: "application/json",
  jsonl: "application/x-ndjson",
  ndjson: "application/x-ndjson",
  xml: "application/xml",
  pdf: "application/pdf",
  zip: "application/zip",
  gz: "application/gzip",
  tgz: "application/gzip",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  mp4: "video/mp4",
  webm: "video/webm",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** The endings of names that are taken, for messages. */
export const ENDINGS = Object.keys(BY_ENDING);

/** What a file is, by the end of its name; undefined for what is not taken as evidence. */
export function typeByName(name: string): FileType | undefined {
  return BY_ENDING[(/\.([^.]+)$/.exec(name)?.[1] ?? "").toLowerCase()];
}
