import { LocalSigner } from "@gonogo/adapters/kms/local";
import type { Signer } from "@gonogo/core/audit/signature";
import { checkpoint } from "@gonogo/functions/events/checkpoint";
import type { Runtime } from "@gonogo/functions/runtime";
import type { VirtualControlPlane } from "@gonogo/local/simulation/control-plane";

/** Gives a control plane another key, and the one before for one checkpoint. Answers with both. */
export async function rotate(control: VirtualControlPlane, next: Signer = LocalSigner.generate()) {
  const before = control.runtime.signer;
  await control.during(() => checkpoint(control.runtime));
  giveKey(control.runtime, next, before);
  await control.during(() => checkpoint(control.runtime));
  giveKey(control.runtime, next);
  return { before, next };
}

/** As a deployment does with its settings. */
export function giveKey(runtime: Runtime, signer: Signer, before?: Signer): void {
  const signerBefore = async () => before;
  Object.assign(runtime, { signer, trustedKey: signer, signerBefore, trustedKeyBefore: signerBefore });
}
