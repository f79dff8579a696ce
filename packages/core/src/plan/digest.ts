import { type Digest, digestOf } from "../kit/digest.ts";
import type { Plan } from "./schema.ts";

/** The digest of the canonical plan: what approvals are given on. */
export function planDigest(plan: Plan): Digest {
  return digestOf(plan);
}
