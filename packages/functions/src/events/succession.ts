import type { Actor } from "@gonogo/core/actor/schema";
import { seal } from "@gonogo/core/audit/chain";
import type { SignedCheckpoint } from "@gonogo/core/audit/checkpoint";
import type { LogState } from "@gonogo/core/audit/ports";
import { fromPem, keyId, type PublicKey, toPem } from "@gonogo/core/audit/signature";
import { openSuccession, type SignedSuccession, signSuccession } from "@gonogo/core/audit/succession";
import type { RecordAuditKey } from "@gonogo/core/audit-key/commands";
import { evolveAuditKey } from "@gonogo/core/audit-key/evolve";
import { recordAuditKey } from "@gonogo/core/audit-key/record";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { canonicalJson } from "@gonogo/core/kit/digest";
import { ms } from "@gonogo/core/kit/duration";
import type { Using } from "../runtime.ts";
import { successionKey } from "./copies.ts";

type Succeeding = Using<"anchors" | "signer" | "signerBefore" | "objects" | "store">;

const CHECKPOINT: Actor = { kind: "machine", name: "checkpoint" };
/** Races for the deployment's log that may be lost before something else must be wrong. */
const MOST_TRIES = 20;

/** The log's key, where it is another than that of whoever signs now. */
export function isChanged(state: LogState, key: PublicKey): boolean {
  return state.key !== undefined && state.key !== toPem(key);
}

/**
 * Has the key that signed so far and the one that signs now state together that the log goes on from one to the
 * other, and writes it. Throws where the one before is not at hand: who trusts it could not tell the new one from a
 * forger's. Two at once do no harm: one statement is written, and the other thrown away.
 */
export async function succeed(runtime: Succeeding, state: LogState): Promise<void> {
  const { anchors, signer, signerBefore, clock } = runtime;
  const before = await signerBefore();
  if (before === undefined || isChanged(state, await before.publicKey())) {
    throw new Error(
      "the audit's key is another than the one that signed the log so far: put that one back, or give it as the one before",
    );
  }
  const to = toPem(await signer.publicKey());
  if ((await anchors.successions()).some(({ succession }) => succession.from === to)) {
    throw new Error(
      "the audit's key has signed this log before, and was changed for another: take a new one",
    );
  }
  const newest = await newestOf(runtime, state);
  const signed = await signSuccession(before, signer, newest.checkpoint, clock.now());
  const handover = await openSuccession(signed);
  if (handover?.signedBy !== "both") throw new Error("one of the two keys signs otherwise than it says");
  await anchors.putSuccession(state, signed);
}

async function newestOf({ anchors }: Succeeding, { signed }: LogState): Promise<SignedCheckpoint> {
  const newest = await anchors.newestCheckpoint();
  if (newest?.checkpoint.size === signed) return newest;
  throw new Error(`the log says that ${signed} leaves were signed, and its newest checkpoint says otherwise`);
}

/** Copies successions to where nobody can delete them, and has them in the deployment's log. */
export async function record(runtime: Succeeding, after: number): Promise<void> {
  const { anchors, objects } = runtime;
  const all = await anchors.successions();
  for (const [index, signed] of all.entries()) {
    const number = index + 1;
    if (number <= after) continue;
    const body = new TextEncoder().encode(canonicalJson(signed));
    const key = successionKey(signed.succession.size, number);
    await objects.put({ key, body, contentType: "application/json", ifPresent: "replace" });
    await tell(runtime, signed);
    await anchors.recordedUpTo(number);
  }
}

/**
 * The one path for what this function has to say of the deployment, and for nothing else: what can be asked of a
 * deployment is not in its bundle. See execute-deployment.ts.
 */
async function tell(
  { store, clock, newSalt }: Succeeding,
  { succession: { from, to, size } }: SignedSuccession,
): Promise<void> {
  const id = (pem: string) => keyId(fromPem(pem) ?? new Uint8Array());
  const body: RecordAuditKey = { type: "RecordAuditKey", from: id(from), to: id(to), size };
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const { state, seq, head } = await store.deployment();
    const events = recordAuditKey(state.auditKey, body);
    const command = { id: `audit-key ${body.to}`, at: clock.now(), actor: CHECKPOINT };
    const records = seal({ release: DEPLOYMENT, seq, digest: head }, command, events, newSalt);
    const auditKey = events.reduce(evolveAuditKey, state.auditKey);
    if (events.length === 0) return;
    const appended = await store.appendDeployment({ before: seq, records, state: { ...state, auditKey } });
    if (appended.kind === "written") return;
    await clock.sleep(ms(10 * (attempt + 1)));
  }
  throw new Error(`the change of the audit's key lost ${MOST_TRIES} races in a row for the deployment's log`);
}
