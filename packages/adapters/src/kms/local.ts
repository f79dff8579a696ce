import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { PublicKey, Signer } from "@gonogo/core/audit/signature";

/** Signs with a key of one's own, in the same form as KMS: for tests, benches and tools on this machine. */
export class LocalSigner implements Signer {
  readonly #key: KeyObject;

  /** The private key in PEM (PKCS #8). */
  constructor(pem: string) {
    this.#key = createPrivateKey(pem);
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

/** A new private key on P-256, in PEM (PKCS #8). */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
