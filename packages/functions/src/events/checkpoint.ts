import { isCheckpointOf, signCheckpoint } from "@gonogo/core/audit/checkpoint";
import { hashOf, type Leaf } from "@gonogo/core/audit/leaf";
import { EMPTY_ROOT, isSame } from "@gonogo/core/audit/merkle";
import type { Head, LogState } from "@gonogo/core/audit/ports";
import { toPem } from "@gonogo/core/audit/signature";
import { grown, rootOf } from "@gonogo/core/audit/tree";
import { canonicalJson } from "@gonogo/core/kit/digest";
import { ms } from "@gonogo/core/kit/duration";
import type { Using } from "../runtime.ts";
import { attest } from "./attest.ts";
import { compareCopies } from "./compare-copies.ts";
import { checkpointKey } from "./copies.ts";
import { keepElsewhere } from "./keep-elsewhere.ts";
import { isChanged, record, succeed } from "./succession.ts";

export type Anchoring = Using<
  "anchors" | "copies" | "elsewhere" | "signer" | "signerBefore" | "objects" | "store"
>;

/** Races that may be lost before something else must be wrong. */
const MOST_TRIES = 20;
/** Rounds of one run; what is left is the next one's. */
const MOST_ROUNDS = 50;
/** Copies that one run makes. */
const MOST_KEPT = 100;

/**
 * Anchors the log of every release that has moved on, and signs what the log over all of them is now. Costs two
 * reads when nothing has moved. Two at once do no harm: leaves are appended on the condition that nobody was
 * faster, and only what is written is signed.
 */
export async function checkpoint(runtime: Anchoring): Promise<{ anchored: number; size: number }> {
  const { anchors } = runtime;
  let heads = await anchors.moved();
  let state = await anchors.state();
  if (await begin(runtime, state)) {
    heads = await anchors.moved();
    state = await anchors.state();
  }
  let anchored = 0;
  const seen = new Set<string>();
  for (let round = 0; heads.length > 0 && round < MOST_ROUNDS; round++) {
    anchored += await anchor(runtime, heads);
    for (const { release } of heads) seen.add(release);
    heads = await anchors.moved();
  }
  // Read behind what moved: whatever somebody else has anchored meanwhile is in it, and is signed here too.
  if (seen.size > 0) state = await anchors.state();
  if (state.size > state.signed) {
    await expectCopies(runtime, state);
    await sign(runtime, state);
  }
  if (state.size > state.kept) await keep(runtime, state.kept);
  for (const release of seen) await attest(runtime, release);
  const failed = await keepElsewhere(runtime, { signed: state.size, successions: state.successions });
  // Told at the end, and by failing: all else is done, and that is what the alarm hears.
  if (failed !== undefined) throw new Error(failed);
  return { anchored, size: state.size };
}

/**
 * Before anything else the log is handed over to another key, where a deployment has one and names the one before.
 * Whether something was done.
 */
async function begin(runtime: Anchoring, state: LogState): Promise<boolean> {
  const { anchors, signer, signerBefore } = runtime;
  const before = await signerBefore();
  const isHandover = before !== undefined && isChanged(state, await signer.publicKey());
  if (isHandover) {
    await expectCopies(runtime, state);
    await succeed(runtime, state);
  }
  const { successions, recorded } = isHandover ? await anchors.state() : state;
  if (successions === recorded) return isHandover;
  await record(runtime, recorded);
  return true;
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
 * Throws where copies of what was signed lie under Object Lock that the log does not have: it was set back to an
 * earlier day, and what would be signed now contradicts them. Where they cannot be read nothing is signed either.
 */
async function expectCopies(runtime: Anchoring, { signed }: LogState): Promise<void> {
  const { anchors, clock, log } = runtime;
  const found = await compareCopies(runtime, signed);
  const [first] = found;
  if (first === undefined) return;
  const before = await anchors.lastVerification();
  const { copiesAt: _, ...rest } = before ?? { releases: 0, records: 0 };
  await anchors.putVerification({ ...rest, at: clock.now(), found });
  log.error("the audit log does not verify, and is not signed", { found });
  throw new Error(`the audit log does not verify, and is not signed: ${first.class}: ${first.detail}`);
}

/**
 * Signs the log as it is written. Throws when it would be another key than that of the checkpoints before, and no
 * succession leads to it.
 */
async function sign(runtime: Anchoring, state: LogState): Promise<void> {
  const { anchors, signer, clock } = runtime;
  const key = await signer.publicKey();
  if (isChanged(state, key)) await succeed(runtime, state);
  if (isSame(rootOf(state), EMPTY_ROOT)) throw new Error("the log over all releases has lost its peaks");
  const signed = await signCheckpoint(signer, state, { origin: anchors.origin, at: clock.now() });
  // An alias may have been led to another key since it was asked for.
  if (!(await isCheckpointOf(key, signed))) throw new Error("the audit's key signs otherwise than it says");
  await anchors.putCheckpoint(signed, toPem(key));
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
