import { fromBase64, type TrustedKey, type TrustedKeyBefore } from "@gonogo/core/audit/signature";
import type { Process } from "../runtime.ts";
import { NO_KEY, WrongEnvironment } from "../settings.ts";
import { inKms, kmsKey } from "./kms-key.ts";

/** The public key that checkpoints have to be signed with. Who verifies never holds the private one. */
export function trustedKey(process: Process): TrustedKey {
  return trusted(process, "GONOGO_AUDIT_KEY");
}

/** The one that they were signed with before, for as long as the deployment names it. */
export function trustedKeyBefore(process: Process): TrustedKeyBefore {
  if (process.settings.GONOGO_AUDIT_KEY_BEFORE === NO_KEY) return async () => undefined;
  const key = trusted(process, "GONOGO_AUDIT_KEY_BEFORE");
  return async () => key;
}

function trusted(process: Process, variable: "GONOGO_AUDIT_KEY" | "GONOGO_AUDIT_KEY_BEFORE"): TrustedKey {
  const named = process.settings[variable];
  if (inKms(named)) return kmsKey(process, named);
  const key = fromBase64(named);
  if (key === undefined) throw new WrongEnvironment([`${variable} is no public key`]);
  return { publicKey: async () => key };
}
