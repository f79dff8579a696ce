import { createHash } from "node:crypto";
import { arn } from "../kernel/arn.ts";
import { type Input, invalid, refuseOthers, text } from "../kernel/checks.ts";
import { AwsError, jsonService, type Service } from "../kernel/wire.ts";
import { multiply, signDigest } from "./ecdsa.ts";

/** The alias under which the audit's key is called, as the stacks name theirs. */
export const AUDIT_KEY = "alias/gonogo-audit";
/** That of the key which signed before, while the log is handed over. */
export const AUDIT_KEY_BEFORE = "alias/gonogo-audit-before";
const ALGORITHM = "ECDSA_SHA_256";
/** The SubjectPublicKeyInfo of a key on P-256, up to its point. */
const SPKI = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");

export interface Kms {
  readonly service: Service;
}

/** The private keys that KMS has. They are changed beside it, and it looks each time. */
export interface AuditKeys {
  now(): bigint;
  before(): bigint | undefined;
}

/** Of one key, which stays. */
export function oneKey(secret: bigint): AuditKeys {
  return { now: () => secret, before: () => undefined };
}

interface Key {
  readonly secret: bigint;
  readonly publicKey: Uint8Array;
  readonly arn: string;
  readonly names: readonly string[];
}

/**
 * AWS KMS with the asymmetric keys of the audit, which cannot be made, changed or deleted by any call:
 * https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html
 */
export function createKms(keys: AuditKeys): Kms {
  const made = new Map<bigint, Omit<Key, "names">>();
  const of = (secret: bigint, alias: string): Key => {
    const key = made.get(secret) ?? keyOf(secret);
    made.set(secret, key);
    const uuid = key.arn.split("/").at(-1) ?? "";
    return { ...key, names: [uuid, key.arn, alias, arn("kms", alias)] };
  };
  const find = (input: Input): Key => {
    const asked = text(input, "KeyId", { min: 1, max: 2048 });
    const before = keys.before();
    const all = [of(keys.now(), AUDIT_KEY), ...(before === undefined ? [] : [of(before, AUDIT_KEY_BEFORE)])];
    const found = all.find(({ names }) => names.includes(asked));
    if (found !== undefined) return found;
    const what = asked.includes("alias/") ? "Alias" : "Key";
    throw new AwsError("NotFoundException", `${what} '${asked}' does not exist`);
  };
  const service = jsonService({
    name: "kms",
    targetPrefix: "TrentService",
    version: "1.1",
    operations: {
      Sign: (input: Input) => {
        refuseOthers("Sign", input, ["KeyId", "Message", "MessageType", "SigningAlgorithm"]);
        const { secret, arn: KeyId } = find(input);
        text(input, "SigningAlgorithm", { oneOf: [ALGORITHM] });
        const digest = digestIn(input);
        return { KeyId, Signature: signDigest(secret, digest), SigningAlgorithm: ALGORITHM };
      },
      GetPublicKey: (input: Input) => {
        refuseOthers("GetPublicKey", input, ["KeyId"]);
        const { arn: KeyId, publicKey: PublicKey } = find(input);
        return {
          KeyId,
          PublicKey,
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

function keyOf(secret: bigint): Omit<Key, "names"> {
  const publicKey = new Uint8Array(Buffer.concat([SPKI, multiply(secret)]));
  const id = createHash("sha256").update(publicKey).digest("hex").slice(0, 32);
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { secret, publicKey, arn: arn("kms", `key/${uuid}`) };
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
