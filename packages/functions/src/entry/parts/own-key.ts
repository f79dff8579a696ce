import { LocalSigner } from "@gonogo/adapters/kms/local";
import { type Signer, toBase64 } from "@gonogo/core/audit/signature";
import type { Process } from "../runtime.ts";
import { readSecret } from "../secrets.ts";
import { WrongEnvironment } from "../settings.ts";

/** A key that the function is given as a secret, whose public half a variable names. Throws where they do not fit. */
export function ownKey(
  { environment }: Process,
  secret: "GONOGO_AUDIT_SIGNING_KEY" | "GONOGO_AUDIT_SIGNING_KEY_BEFORE",
  variable: string,
  named: string,
): Signer {
  const own = readSecret(secret, environment);
  if (own === undefined) throw new WrongEnvironment([`${secret} is not set, and nothing is signed`]);
  const made = new LocalSigner(own.privateKey);
  return {
    sign: (message) => made.sign(message),
    publicKey: async () => {
      const key = await made.publicKey();
      if (toBase64(key) === named) return key;
      throw new WrongEnvironment([`${secret} is another key than ${variable} says`]);
    },
  };
}
