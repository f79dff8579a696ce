import { LocalSigner } from "@gonogo/adapters/kms/local";
import { type Signer, toBase64 } from "@gonogo/core/audit/signature";
import type { Process } from "../runtime.ts";
import { readSecret } from "../secrets.ts";
import { WrongEnvironment } from "../settings.ts";
import { inKms, kmsKey } from "./kms-key.ts";

/** By the key that GONOGO_AUDIT_KEY names: in KMS by its ARN, or one's own, by its public half. */
export function signer(process: Process): Signer {
  const named = process.settings.GONOGO_AUDIT_KEY;
  if (inKms(named)) return kmsKey(process);
  const own = readSecret("GONOGO_AUDIT_SIGNING_KEY", process.environment);
  if (own === undefined)
    throw new WrongEnvironment(["GONOGO_AUDIT_SIGNING_KEY is not set, and nothing is signed"]);
  const made = new LocalSigner(own.privateKey);
  return {
    sign: (message) => made.sign(message),
    publicKey: async () => {
      const key = await made.publicKey();
      if (toBase64(key) === named) return key;
      throw new WrongEnvironment(["GONOGO_AUDIT_SIGNING_KEY is another key than GONOGO_AUDIT_KEY says"]);
    },
  };
}
