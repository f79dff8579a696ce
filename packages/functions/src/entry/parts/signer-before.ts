import type { SignerBefore } from "@gonogo/core/audit/signature";
import type { Process } from "../runtime.ts";
import { NO_KEY } from "../settings.ts";
import { inKms, kmsKey } from "./kms-key.ts";
import { ownKey } from "./own-key.ts";

/** By the key that GONOGO_AUDIT_KEY_BEFORE names, for as long as the deployment names one. */
export function signerBefore(process: Process): SignerBefore {
  const named = process.settings.GONOGO_AUDIT_KEY_BEFORE;
  if (named === NO_KEY) return async () => undefined;
  const signer = inKms(named)
    ? kmsKey(process, named)
    : ownKey(process, "GONOGO_AUDIT_SIGNING_KEY_BEFORE", "GONOGO_AUDIT_KEY_BEFORE", named);
  return async () => signer;
}
