import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { canonicalJson } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import { toHex } from "./merkle.ts";
import { fromBase64, isSigned, keyId, type PublicKey, type Signer, toBase64 } from "./signature.ts";
import { type Peaks, rootOf } from "./tree.ts";

/** The one form that an Instant has. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What the log over all releases was at a moment: this many leaves, with this root. */
export const Checkpoint = z.strictObject({
  gonogo: z.literal("checkpoint"),
  /** Which log this is of. */
  origin: z.string().min(1),
  size: z.number().int().min(1),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.custom<Instant>((value) => typeof value === "string" && INSTANT.test(value)),
  /** The key that signs it, see keyId. */
  key: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

export const SignedCheckpoint = z.strictObject({ checkpoint: Checkpoint, signature: z.string() });
export type SignedCheckpoint = z.infer<typeof SignedCheckpoint>;

/** What the signature is over: the checkpoint as canonical JSON. */
export function checkpointBytes(checkpoint: Checkpoint): Uint8Array {
  return utf8ToBytes(canonicalJson(checkpoint));
}

/** Signs what a tree is. Only for a tree that is written: what is signed can never be taken back. */
export async function signCheckpoint(
  signer: Signer,
  tree: Peaks,
  about: { readonly origin: string; readonly at: Instant },
): Promise<SignedCheckpoint> {
  const checkpoint: Checkpoint = {
    gonogo: "checkpoint",
    origin: about.origin,
    size: tree.size,
    root: toHex(rootOf(tree)),
    at: about.at,
    key: keyId(await signer.publicKey()),
  };
  return { checkpoint, signature: toBase64(await signer.sign(checkpointBytes(checkpoint))) };
}

/** Whether this key signed it. */
export async function isCheckpointOf(key: PublicKey, signed: SignedCheckpoint): Promise<boolean> {
  const signature = fromBase64(signed.signature);
  if (signature === undefined || signed.checkpoint.key !== keyId(key)) return false;
  return await isSigned(key, checkpointBytes(signed.checkpoint), signature);
}
