import { signCheckpoint } from "@gonogo/core/audit/checkpoint";
import { hashOf, type Leaf } from "@gonogo/core/audit/leaf";
import { EMPTY_ROOT, isSame } from "@gonogo/core/audit/merkle";
import type { Head, LogState } from "@gonogo/core/audit/ports";
import { toPem } from "@gonogo/core/audit/signature";
import { grown, rootOf } from "@gonogo/core/audit/tree";
import { canonicalJson } from "@gonogo/core/kit/digest";
import { ms } from "@gonogo/core/kit/duration";
import type { Using } from "../runtime.ts";
import { attest } from "./attest.ts";

export type Anchoring = Using<"anchors" | "signer" | "objects" | "store">;

/** Races that may be lost before something else must be wrong. */
const MOST_TRIES = 20;
/** Rounds of one run; what is left is the next one's. */
const MOST_ROUNDS = 50;
/** Copies that one run makes. */
const MOST_KEPT = 100;
/** What the keys of the copies begin with, in the bucket for evidence. */
export const CHECKPOINTS = "audit/checkpoints/";

/**
 * Anchors the log of every release that has moved on, and signs what the log over all of them is now. Costs two
 * reads when nothing has moved. Two at once do no harm: leaves are appended on the condition that nobody was
 * faster, and only what is written is signed.
 */
export async function checkpoint(runtime: Anchoring): Promise<{ anchored: number; size: number }> {
  let anchored = 0;
  const seen = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const heads = await runtime.anchors.moved();
    if (heads.length === 0) break;
    anchored += await anchor(runtime, heads);
    for (const { release } of heads) seen.add(release);
  }
  const state = await runtime.anchors.state();
  if (state.size > state.signed) await sign(runtime, state);
  if (state.size > state.kept) await keep(runtime, state.kept);
  for (const release of seen) await attest(runtime, release);
  return { anchored, size: state.size };
}

async function anchor(runtime: Anchoring, heads: readonly Head[]): Promise<number> {
  const { anchors, clock } = runtime;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const before = await anchors.state();
    const leaves = await newLeaves(runtime, heads);
    const after = grown(before, leaves.map(hashOf));
    if (leaves.length === 0 || (await anchors.append(before, after, leaves))) {
      for (const head of heads) await anchors.settle(head);
      return leaves.length;
    }
    await clock.sleep(ms(10 * (attempt + 1)));
  }
  throw new Error(`the log over all releases was overtaken ${MOST_TRIES} times in a row`);
}

/** A run that died before it took the marks away leaves some that are anchored already. */
async function newLeaves({ anchors }: Anchoring, heads: readonly Head[]): Promise<Leaf[]> {
  const leaves: Leaf[] = [];
  for (const { release, seq, digest } of heads) {
    const last = (await anchors.anchors(release)).at(-1);
    if (last === undefined || last.seq < seq) leaves.push({ kind: "head", release, seq, digest });
  }
  return leaves;
}

/**
 * Signs the log as it is written. Throws when it would be another key than that of the checkpoints before: who
 * trusts those cannot know the new one, so a key is changed by people, and never by a deployment.
 */
async function sign(runtime: Anchoring, state: LogState): Promise<void> {
  const { anchors, signer, clock } = runtime;
  const key = toPem(await signer.publicKey());
  if (state.key !== undefined && state.key !== key) {
    throw new Error("the audit's key is another than the one that signed the log so far: put that one back");
  }
  if (isSame(rootOf(state), EMPTY_ROOT)) throw new Error("the log over all releases has lost its peaks");
  const signed = await signCheckpoint(signer, state, { origin: anchors.origin, at: clock.now() });
  await anchors.putCheckpoint(signed, key);
}

/** Copies checkpoints to where nobody can delete them, those included that could not be copied before. */
async function keep({ anchors, objects }: Anchoring, after: number): Promise<void> {
  for (const signed of await anchors.checkpoints(after, MOST_KEPT)) {
    const { size } = signed.checkpoint;
    const body = new TextEncoder().encode(canonicalJson(signed));
    const contentType = "application/json";
    // Of two at once the second adds a version of the same bytes, and needs no right to read the first's.
    await objects.put({ key: checkpointKey(size), body, contentType, ifPresent: "replace" });
    await anchors.keptUpTo(size);
  }
}

/** Where the copy of a checkpoint lies; keys are in the order of sizes. */
export function checkpointKey(size: number): string {
  return `${CHECKPOINTS}${String(size).padStart(8, "0")}.json`;
}
