import { createHash } from "node:crypto";
import type { CopyVersion, LastVerification } from "@gonogo/core/audit/ports";
import type { TamperingClass } from "@gonogo/core/audit/tampering";
import { canonicalJson } from "@gonogo/core/kit/digest";
import type { Using } from "../runtime.ts";
import { behind, checkpointKey, isSuccession, sizeIn, successionKey } from "./copies.ts";

export type Comparing = Using<"anchors" | "copies">;
type Found = LastVerification["found"][number];

/** Checkpoints that are read at a time. */
const PIECE = 500;
/** Of more there is nothing to learn. */
const MOST_FOUND = 20;

/**
 * What lies under Object Lock and the table does not have, from the checkpoint of `from` leaves on. The copies are read
 * first: each is made of what the table has, so that none can be there before what it is a copy of.
 */
export async function compareCopies({ anchors, copies }: Comparing, from = 0): Promise<Found[]> {
  const versions = await copies.versions(from === 0 ? undefined : behind(from - 1));
  if (versions.length === 0) return [];
  const known = new Map<string, string>();
  let newest = 0;
  for (let after = Math.max(0, from - 1); ; ) {
    const page = await anchors.checkpoints(after, PIECE);
    for (const signed of page) {
      newest = signed.checkpoint.size;
      known.set(checkpointKey(newest), md5Of(signed));
    }
    if (page.length < PIECE) break;
    after = newest;
  }
  if (versions.some(({ key }) => isSuccession(key))) {
    for (const [at, signed] of (await anchors.successions()).entries())
      known.set(successionKey(signed.succession.size, at + 1), md5Of(signed));
  }
  const found = versions.flatMap((version) => {
    const wrong = differing(version, known.get(version.key), newest);
    return wrong === undefined ? [] : [wrong];
  });
  const unlike = new Map(found.map((one) => [one.detail, one]));
  return [...unlike.values()].slice(0, MOST_FOUND);
}

/** A name that no copy has is not of a copy, and says nothing. */
function differing(
  { key, md5 }: CopyVersion,
  mine: string | undefined,
  newest: number,
): (Found & { class: TamperingClass }) | undefined {
  const size = sizeIn(key);
  if (size === undefined || mine === md5) return undefined;
  if (mine !== undefined) {
    return { class: "forked", detail: `${key} is a copy of something else than what the log has there` };
  }
  // A succession stands behind the checkpoint of its size.
  if (size > newest || (size === newest && isSuccession(key))) {
    const detail = `${key} was signed and copied, and the log's newest checkpoint has ${newest} leaves: it was set back`;
    return { class: "truncated", detail };
  }
  return { class: "removed", detail: `${key} was signed and copied, and the log does not have it` };
}

/** As S3 tells it of what was written: see checkpoint.ts. */
function md5Of(signed: object): string {
  return createHash("md5").update(canonicalJson(signed)).digest("hex");
}
