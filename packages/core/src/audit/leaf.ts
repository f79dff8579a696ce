import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { canonicalJson, type Digest } from "../kit/digest.ts";
import { type Hash, leafHash } from "./merkle.ts";

/**
 * One entry of the log over all releases: where the log of one of them was found to stand. Every record up to
 * there is proved by its chain up to this one.
 */
export const Leaf = z.strictObject({
  kind: z.literal("head"),
  /** The release, or `deployment`. */
  release: z.string(),
  seq: z.number().int().min(1),
  digest: z.custom<Digest>((value) => typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value)),
});
export type Leaf = z.infer<typeof Leaf>;

export function hashOf(leaf: Leaf): Hash {
  return leafHash(utf8ToBytes(canonicalJson(leaf)));
}
