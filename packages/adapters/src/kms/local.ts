import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { PublicKey, Signer } from "@gonogo/core/audit/signature";

/** Signs with a key that this process holds, in the same form as KMS: where a deployment keeps it as a secret. */
export class LocalSigner implements Signer {
  readonly #key: KeyObject;

  /** The private key in PEM (PKCS #8). Throws for any other than one on P-256, and never says what it was. */
  constructor(pem: string) {
    const key = privateKeyIn(pem);
    if (key === undefined) throw new Error("the audit's key is no private key on P-256 in PEM");
    this.#key = key;
  }

  static generate(): LocalSigner {
    return new LocalSigner(newPrivateKey());
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    return new Uint8Array(sign("sha256", message, this.#key));
  }

  async publicKey(): Promise<PublicKey> {
    return new Uint8Array(createPublicKey(this.#key).export({ type: "spki", format: "der" }));
  }
}

/** Whether a text is a private key that LocalSigner takes. */
export function isPrivateKey(pem: string): boolean {
  return privateKeyIn(pem) !== undefined;
}

function privateKeyIn(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? key : undefined;
  } catch {
    // What OpenSSL says can quote the text (S16).
    return undefined;
  }
}

/** A new private key on P-256, in PEM (PKCS #8). */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
