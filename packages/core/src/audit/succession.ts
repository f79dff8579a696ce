import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { canonicalJson } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import { Checkpoint } from "./checkpoint.ts";
import { fromBase64, fromPem, isSigned, type PublicKey, type Signer, toBase64, toPem } from "./signature.ts";

/**
 * That a log goes on under another key: up to these leaves it was signed with `from`, and from there on with `to`.
 * Both keys say so. The whole keys are in it, not their ids alone, so that who trusts one of them has the other.
 */
export const Succession = z.strictObject({
  gonogo: z.literal("succession"),
  ...Checkpoint.pick({ origin: true, size: true, root: true, at: true }).shape,
  /** The key that has signed so far, in PEM. */
  from: z.string(),
  /** The key that signs from now on, in PEM. */
  to: z.string(),
});
export type Succession = z.infer<typeof Succession>;

export const SignedSuccession = z.strictObject({
  succession: Succession,
  signatures: z.strictObject({ from: z.string(), to: z.string() }),
});
export type SignedSuccession = z.infer<typeof SignedSuccession>;

/** What both signatures are over: the statement as canonical JSON. */
export function successionBytes(succession: Succession): Uint8Array {
  return utf8ToBytes(canonicalJson(succession));
}

/** Has both keys sign that the log goes on from its newest checkpoint under the second. */
export async function signSuccession(
  from: Signer,
  to: Signer,
  { origin, size, root }: Pick<Checkpoint, "origin" | "size" | "root">,
  at: Instant,
): Promise<SignedSuccession> {
  const succession: Succession = {
    gonogo: "succession",
    origin,
    size,
    root,
    at,
    from: toPem(await from.publicKey()),
    to: toPem(await to.publicKey()),
  };
  const bytes = successionBytes(succession);
  const signatures = { from: toBase64(await from.sign(bytes)), to: toBase64(await to.sign(bytes)) };
  return { succession, signatures };
}

/** The two keys of a succession, and which of them have signed it. */
export interface Handover {
  readonly from: PublicKey;
  readonly to: PublicKey;
  readonly signedBy: "both" | "the old key alone" | "the new key alone" | "neither key";
}

/** Undefined where one of its keys is none, or is not written in the one way that a key is. */
export async function openSuccession({
  succession,
  signatures,
}: SignedSuccession): Promise<Handover | undefined> {
  const from = keyIn(succession.from);
  const to = keyIn(succession.to);
  if (from === undefined || to === undefined) return undefined;
  const bytes = successionBytes(succession);
  const hasSigned = async (key: PublicKey, text: string) => {
    const signature = fromBase64(text);
    return signature !== undefined && (await isSigned(key, bytes, signature));
  };
  const old = await hasSigned(from, signatures.from);
  const next = await hasSigned(to, signatures.to);
  if (old) return { from, to, signedBy: next ? "both" : "the old key alone" };
  return { from, to, signedBy: next ? "the new key alone" : "neither key" };
}

function keyIn(pem: string): PublicKey | undefined {
  const key = fromPem(pem);
  return key !== undefined && toPem(key) === pem ? key : undefined;
}
