import { createHash, createVerify, type Hash, type Verify } from "node:crypto";

/** An artefact larger than this is not read: its digest has to be had some other way. */
export const MOST_BYTES = 512 * 1024 * 1024;

export class TooLarge extends Error {}

/** Reads bytes once, and keeps none of them: their SHA-256, and whether an ECDSA signature is theirs. */
export async function digestOfStream(
  body: AsyncIterable<Uint8Array>,
  signed?: { readonly publicKey: string; readonly signature: Buffer },
): Promise<{ readonly sha256: string; readonly isSigned: boolean }> {
  const hash: Hash = createHash("sha256");
  const verify: Verify | undefined = signed === undefined ? undefined : createVerify("sha256");
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new TooLarge();
    hash.update(chunk);
    verify?.update(chunk);
  }
  const isSigned = signed !== undefined && verify?.verify(signed.publicKey, signed.signature) === true;
  return { sha256: hash.digest("hex"), isSigned };
}
