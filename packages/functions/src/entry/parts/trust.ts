import { type TrustStanding, trustedRootAt } from "../../trusted-root.ts";
import type { Process } from "../runtime.ts";

export function trust({ settings, base }: Process): TrustStanding {
  return trustedRootAt(settings.GONOGO_SIGSTORE_ROOT, base.clock);
}
