import { fromBase64, type TrustedKey } from "@gonogo/core/audit/signature";
import type { Process } from "../runtime.ts";
import { WrongEnvironment } from "../settings.ts";
import { inKms, kmsKey } from "./kms-key.ts";

/** The public key that checkpoints have to be signed with. Who verifies never holds the private one. */
export function trustedKey(process: Process): TrustedKey {
  const named = process.settings.GONOGO_AUDIT_KEY;
  if (inKms(named)) return kmsKey(process);
  const key = fromBase64(named);
  if (key === undefined) throw new WrongEnvironment(["GONOGO_AUDIT_KEY is no public key"]);
  return { publicKey: async () => key };
}
