import { KmsSigner } from "@gonogo/adapters/kms/index";
import type { Process } from "../runtime.ts";

export function signer({ aws, settings }: Process): KmsSigner {
  return new KmsSigner(aws, settings.GONOGO_AUDIT_KEY);
}
