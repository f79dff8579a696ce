import { createHash } from "node:crypto";
import { arn } from "../kernel/arn.ts";
import { type Input, invalid, refuseOthers, text } from "../kernel/checks.ts";
import { AwsError, jsonService, type Service } from "../kernel/wire.ts";
import { multiply, signDigest } from "./ecdsa.ts";

/** The alias under which the audit's key is called, as the stacks name theirs. */
export const AUDIT_KEY = "alias/gonogo-audit";
const ALGORITHM = "ECDSA_SHA_256";
/** The SubjectPublicKeyInfo of a key on P-256, up to its point. */
const SPKI = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");

export interface Kms {
  readonly service: Service;
}

/**
 * AWS KMS with one asymmetric key, which is there and cannot be made, changed or deleted by any call:
 * https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html
 */
export function createKms(secret: bigint): Kms {
  const point = multiply(secret);
  const publicKey = new Uint8Array(Buffer.concat([SPKI, point]));
  const id = createHash("sha256").update(publicKey).digest("hex").slice(0, 32);
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const keyArn = arn("kms", `key/${uuid}`);
  const names = [uuid, keyArn, AUDIT_KEY, arn("kms", AUDIT_KEY)];
  const find = (input: Input) => {
    const asked = text(input, "KeyId", { min: 1, max: 2048 });
    if (!names.includes(asked)) {
      const what = asked.includes("alias/") ? "Alias" : "Key";
      throw new AwsError("NotFoundException", `${what} '${asked}' does not exist`);
    }
  };
  const service = jsonService({
    name: "kms",
    targetPrefix: "TrentService",
    version: "1.1",
    operations: {
      Sign: (input: Input) => {
        refuseOthers("Sign", input, ["KeyId", "Message", "MessageType", "SigningAlgorithm"]);
        find(input);
        text(input, "SigningAlgorithm", { oneOf: [ALGORITHM] });
        const digest = digestIn(input);
        return { KeyId: keyArn, Signature: signDigest(secret, digest), SigningAlgorithm: ALGORITHM };
      },
      GetPublicKey: (input: Input) => {
        refuseOthers("GetPublicKey", input, ["KeyId"]);
        find(input);
        return {
          KeyId: keyArn,
          PublicKey: publicKey,
          KeySpec: "ECC_NIST_P256",
          CustomerMasterKeySpec: "ECC_NIST_P256",
          KeyUsage: "SIGN_VERIFY",
          SigningAlgorithms: [ALGORITHM],
        };
      },
    },
  });
  return { service };
}

/** SHA-256 of the message, or the message itself where it is said to be one. */
function digestIn(input: Input): Uint8Array {
  const message = Buffer.from(text(input, "Message", { min: 1, max: 8192 }), "base64");
  const isDigest = (input.MessageType ?? "RAW") === "DIGEST";
  if (!isDigest) {
    if (input.MessageType !== undefined) text(input, "MessageType", { oneOf: ["RAW", "DIGEST"] });
    if (message.length > 4096) throw invalid("Message must have length less than or equal to 4096");
    return createHash("sha256").update(message).digest();
  }
  if (message.length === 32) return message;
  throw invalid(`Digest is invalid length for algorithm ${ALGORITHM}.`);
}
