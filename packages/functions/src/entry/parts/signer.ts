import type { Signer } from "@gonogo/core/audit/signature";
import type { Process } from "../runtime.ts";
import { inKms, kmsKey } from "./kms-key.ts";
import { ownKey } from "./own-key.ts";

/** By the key that GONOGO_AUDIT_KEY names: in KMS by its ARN, or one's own, by its public half. */
export function signer(process: Process): Signer {
  const named = process.settings.GONOGO_AUDIT_KEY;
  if (inKms(named)) return kmsKey(process, named);
  return ownKey(process, "GONOGO_AUDIT_SIGNING_KEY", "GONOGO_AUDIT_KEY", named);
}
