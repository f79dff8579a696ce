import type { Decision, Draft } from "../release/draft.ts";
import { reject } from "../release/draft.ts";
import type { Evidence, EvidenceFile } from "./schema.ts";

/** How evidence stands in an event: words or a link, or a file. */
export interface Shown {
  readonly evidence?: string;
  readonly file?: EvidenceFile;
}

type Refused = Extract<Decision, { ok: false }>;

/**
 * The evidence of an answer, as it is recorded. A file is only taken as the server found it, which travels
 * beside the command: that it is there, and that it has the digest that was given, nobody is believed.
 */
export function shownBy(
  { command }: Draft,
  evidence: Evidence | undefined,
): { readonly ok: true; readonly shown: Shown } | Refused {
  if (evidence === undefined) return { ok: true, shown: {} };
  if (typeof evidence === "string") return { ok: true, shown: { evidence } };
  const { file } = command;
  if (file?.digest === evidence.digest)
    return { ok: true, shown: { file: { ...file, name: evidence.name } } };
  return reject(
    "invalid",
    "evidence.missing",
    `no file of this release has the digest ${evidence.digest.slice(0, 19)}…: upload "${evidence.name}" first, then answer`,
  ) as Refused;
}
