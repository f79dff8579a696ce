import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type Evidence, LARGEST_FILE } from "@gonogo/core/evidence/schema";
import { ENDINGS, typeByName } from "@gonogo/core/evidence/types";
import type { Digest } from "@gonogo/core/kit/digest";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";

export const EVIDENCE_OPTION = [
  "--evidence <file, link or words>",
  "a file is uploaded; a link or words stand as they are",
] as const;

/**
 * What was given with --evidence: a file of that name is uploaded for the release, everything else are words.
 * Throws a Failure for a path that leads nowhere, and for a file that is not taken.
 */
export async function evidenceOf(
  { api, terminal, dryRun }: Session,
  release: string,
  given: string | undefined,
): Promise<Evidence | undefined> {
  if (given === undefined || !isFile(given)) return given;
  const contentType = typeByName(given);
  if (contentType === undefined) {
    throw refused(
      "evidence.type",
      `${given}: files of this kind are not taken`,
      `Taken are ${ENDINGS.join(", ")}.`,
    );
  }
  const body = new Uint8Array(readFileSync(given));
  if (body.length === 0)
    throw refused("evidence.empty", `${given}: it is empty`, "Is this the file that you meant?");
  const name = basename(given);
  if (dryRun) return `${name} (not uploaded)`;
  const attached = await terminal.during("uploading", api.attach(release, { name, contentType, body }));
  terminal.note(`${given} is uploaded as ${attached.name} (${attached.digest.slice(0, 19)})`);
  return { digest: attached.digest as Digest, name: attached.name };
}

/** A path is one that begins like one; of other words only those are, of which there is a file. */
function isFile(given: string): boolean {
  if (/^https?:\/\//i.test(given)) return false;
  const stat = statSync(given, { throwIfNoEntry: false });
  if (stat?.isFile() === true) {
    if (stat.size <= LARGEST_FILE) return true;
    const most = `At most ${LARGEST_FILE / 1_000_000} MB are kept: put it elsewhere, and give the link.`;
    throw refused("evidence.too-large", `${given}: it has ${(stat.size / 1_000_000).toFixed(1)} MB`, most);
  }
  if (!/^\.{0,2}\//.test(given)) return false;
  throw refused("file.missing", `${given}: there is no such file`, "Check the path.");
}

function refused(code: string, message: string, hint: string): Failure {
  return new Failure({ code, exit: EXIT.refused, message, hint });
}
