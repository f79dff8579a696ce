import { isCheckpointOf, type SignedCheckpoint } from "@gonogo/core/audit/checkpoint";
import { type Signed, verifyKeyLine } from "@gonogo/core/audit/key-line";
import type { LastVerification } from "@gonogo/core/audit/ports";
import { keyId, type PublicKey } from "@gonogo/core/audit/signature";
import type { Using } from "../runtime.ts";

type Found = LastVerification["found"][number];
export type Trusting = Using<"anchors" | "trustedKey" | "trustedKeyBefore">;

/** Whether the newest checkpoint is of the key that signs now. Only where it is not the line of keys is read. */
export async function verifyKey(runtime: Trusting, newest: SignedCheckpoint): Promise<Found[]> {
  const { size, key: named } = newest.checkpoint;
  const key = await runtime.trustedKey.publicKey();
  if (named !== keyId(key)) return await verifyLine(runtime, newest);
  if (await isCheckpointOf(key, newest)) return [];
  return [{ class: "forged", detail: `the checkpoint of ${size} leaves is not signed by its key` }];
}

/** Whether the log's keys lead from one to the next, up to the newest checkpoint. */
export async function verifyLine(runtime: Trusting, newest: SignedCheckpoint): Promise<Found[]> {
  const { anchors, trustedKey, trustedKeyBefore } = runtime;
  const before = await trustedKeyBefore();
  const trusted: PublicKey[] = [await trustedKey.publicKey()];
  if (before !== undefined) trusted.push(await before.publicKey());
  const all: Signed[] = [];
  let signed = 0;
  for (const one of await anchors.successions()) {
    const { size } = one.succession;
    const [last] = size > signed ? await anchors.checkpoints(size - 1, 1) : [];
    if (last !== undefined) all.push({ kind: "checkpoint", signed: last });
    all.push({ kind: "succession", signed: one });
    signed = Math.max(signed, size);
  }
  if (newest.checkpoint.size > signed) all.push({ kind: "checkpoint", signed: newest });
  const { found } = await verifyKeyLine(trusted, all);
  return found.map(({ class: kind, detail }) => ({ class: kind, detail }));
}
