import { releaseStatement, signStatement } from "@gonogo/core/audit/attestation";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { hasEnded } from "@gonogo/core/release/state";
import type { Using } from "../runtime.ts";

/**
 * Signs what a release was, once it is over and again whenever something is added to its log. What moves on
 * between the two reads here is attested with its next anchor.
 */
export async function attest(runtime: Using<"anchors" | "signer" | "store">, release: string): Promise<void> {
  const { anchors, signer, store } = runtime;
  if (release === DEPLOYMENT) return;
  const loaded = await store.load(release);
  if (loaded === undefined || !hasEnded(loaded.state.status)) return;
  const records = await store.records(release, 1, loaded.seq);
  if (records.at(-1)?.digest !== loaded.head) return;
  const envelope = await signStatement(signer, releaseStatement(loaded, records));
  await anchors.putAttestation(release, loaded.seq, JSON.stringify(envelope));
}
