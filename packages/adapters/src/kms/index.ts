import { createHash } from "node:crypto";
import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import type { PublicKey, Signer } from "@gonogo/core/audit/signature";
import type { AwsConfig } from "../aws/config.ts";

/**
 * Signs with a key of AWS KMS: ECC_NIST_P256, for SIGN_VERIFY.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export class KmsSigner implements Signer {
  readonly #client: KMSClient;
  readonly #key: string;
  readonly #remembers: boolean;
  #publicKey: PublicKey | undefined;
  #keyId: string | undefined;

  /** `key` is the ARN of a key or of its alias. Unless told otherwise the public key is asked for once. */
  constructor(config: AwsConfig, key: string, { remembers = true }: { readonly remembers?: boolean } = {}) {
    this.#client = new KMSClient(config);
    this.#key = key;
    this.#remembers = remembers;
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    const { Signature, KeyId } = await this.#client.send(
      new SignCommand({
        KeyId: this.#key,
        // Of a message itself KMS takes 4096 bytes.
        Message: createHash("sha256").update(message).digest(),
        MessageType: "DIGEST",
        SigningAlgorithm: "ECDSA_SHA_256",
      }),
    );
    // An alias that was led to another key: what is remembered is of the one before.
    if (KeyId !== this.#keyId) this.#publicKey = undefined;
    if (Signature === undefined) throw new Error("KMS answered without a signature");
    return Signature;
  }

  async publicKey(): Promise<PublicKey> {
    if (this.#remembers && this.#publicKey !== undefined) return this.#publicKey;
    const { PublicKey, KeySpec, KeyId } = await this.#client.send(
      new GetPublicKeyCommand({ KeyId: this.#key }),
    );
    if (PublicKey === undefined || KeySpec !== "ECC_NIST_P256") {
      throw new Error(`the audit's key is ${KeySpec}; it has to be ECC_NIST_P256`);
    }
    this.#keyId = KeyId;
    this.#publicKey = new Uint8Array(PublicKey);
    return this.#publicKey;
  }
}
