import type { LogState } from "@gonogo/core/audit/ports";
import { toPem } from "@gonogo/core/audit/signature";
import { checkpoint } from "@gonogo/functions/events/checkpoint";
import type { Runtime } from "@gonogo/functions/runtime";
import type { KeyFiles } from "../kms/key-file.ts";

/**
 * Has the key of the audit log changed where somebody has asked for it, and takes up a change that was begun: after
 * each write here it may be called anew and goes on. The log says what was asked for, the files which keys there are,
 * and the log again how far they have handed over.
 */
export async function changeAuditKey(runtime: Runtime, keys: KeyFiles): Promise<void> {
  const { anchors, signer, store } = runtime;
  const { auditKey } = (await store.deployment()).state;
  const log = await anchors.state();
  const now = toPem(await signer.publicKey());
  if (isThrough(log, now)) keys.forgetBefore();
  if (auditKey.isAsked && log.key === now && keys.before() === undefined) keys.change();
  if (keys.before() === undefined) return;
  await checkpoint(runtime);
  if (isThrough(await anchors.state(), toPem(await signer.publicKey()))) keys.forgetBefore();
}

/** The new key signs, and that it does is copied and on record: nothing needs the old one any more. */
function isThrough({ key, successions, recorded }: LogState, now: string): boolean {
  return key === now && successions === recorded;
}
