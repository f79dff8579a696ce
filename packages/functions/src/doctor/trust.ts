import type { Finding } from "@gonogo/core/doctor/schema";
import type { Using } from "../runtime.ts";

const REMEDY =
  "fetch it anew (gh attestation trusted-root, or cosign), look it over, and deploy; docs/operations.md says how";

/** Whether signatures without a key can be verified yet. A deployment that verifies none is not told of any. */
export async function examineTrust({ trust }: Using<"trust">): Promise<Finding[]> {
  const found = await trust.look();
  if (found === undefined) return [];
  const { condition, says } = found;
  return [{ part: "trusted root", condition, says, ...(condition === "well" ? {} : { remedy: REMEDY }) }];
}
