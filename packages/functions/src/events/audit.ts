import { verifyChain } from "@gonogo/core/audit/chain";
import type { SignedCheckpoint } from "@gonogo/core/audit/checkpoint";
import { hashOf, type Leaf } from "@gonogo/core/audit/leaf";
import { MerkleTree, toHex } from "@gonogo/core/audit/merkle";
import type { LastVerification } from "@gonogo/core/audit/ports";
import type { KnownHead } from "@gonogo/core/audit/tampering";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { unaccounted } from "@gonogo/core/erasure/accounted";
import { ObjectStoreUnavailable } from "@gonogo/core/evidence/port";
import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import type { Using } from "../runtime.ts";
import { compareCopies } from "./compare-copies.ts";
import { verifyKey, verifyLine } from "./verify-key.ts";

type Auditing = Using<"anchors" | "copies" | "store" | "trustedKey" | "trustedKeyBefore">;
type Found = LastVerification["found"][number];

/** Records that one run reads of releases that are over; those under way are read in each. */
const MOST_RECORDS = 5_000;
const PIECE = 500;
const DAY_MS = 86_400_000;

/**
 * Verifies what has been signed: the newest checkpoint, the log that it is of, and the records of the releases
 * that are under way; of those that are over some, so that each has its turn. Throws when something does not
 * hold, which is what the alarm hears; that it has not run at all is another alarm's.
 */
export async function audit(runtime: Auditing): Promise<LastVerification> {
  const { anchors, clock, log } = runtime;
  const before = await anchors.lastVerification();
  const newest = await anchors.newestCheckpoint();
  const leaves = newest === undefined ? [] : await leavesOf(runtime, newest.checkpoint.size);
  const found = newest === undefined ? [] : await verifyNewest(runtime, newest, leaves);
  const walked = await verifyLogs(runtime, leaves, before?.after);
  const copied = await verifyCopies(runtime, newest, before);
  found.push(...copied.found, ...walked.found);
  const at = clock.now();
  const wholeAt = found.length === 0 ? at : before?.wholeAt;
  const { releases, records, after } = walked;
  const result: LastVerification = {
    at,
    ...(wholeAt === undefined ? {} : { wholeAt }),
    releases,
    records,
    ...(after === undefined ? {} : { after }),
    ...(copied.at === undefined ? {} : { copiesAt: copied.at }),
    found,
  };
  await anchors.putVerification(result);
  const [first] = found;
  if (first === undefined) return result;
  log.error("the audit log does not verify", { found });
  throw new Error(`the audit log does not verify: ${first.class}: ${first.detail}`);
}

/**
 * Once a day, and for as long as something does not hold: whether the log has all that lies under Object Lock, and
 * whether its keys lead from one to the next. A day on which the copies could not be read is not forgotten.
 */
async function verifyCopies(
  runtime: Auditing,
  newest: SignedCheckpoint | undefined,
  before: LastVerification | undefined,
): Promise<{ readonly at?: Instant; readonly found: readonly Found[] }> {
  const { clock, log } = runtime;
  const now = clock.now();
  const last = before?.copiesAt;
  const since = last === undefined ? Number.POSITIVE_INFINITY : toMillis(now) - toMillis(last);
  if (last !== undefined && before?.found.length === 0 && since < DAY_MS) return { at: last, found: [] };
  try {
    const line = newest === undefined ? [] : await verifyLine(runtime, newest);
    const found = [...(await compareCopies(runtime)), ...line];
    return { ...(found.length === 0 ? { at: now } : {}), found };
  } catch (error) {
    if (!(error instanceof ObjectStoreUnavailable)) throw error;
    log.error("the copies of checkpoints cannot be read", { error: error.message });
    if (last !== undefined && since < 2 * DAY_MS) return { at: last, found: [] };
    const detail = `the copies of checkpoints cannot be compared: ${error.message}`;
    return { ...(last === undefined ? {} : { at: last }), found: [{ class: "unproved", detail }] };
  }
}

async function leavesOf({ anchors }: Auditing, size: number): Promise<Leaf[]> {
  const leaves: Leaf[] = [];
  while (leaves.length < size) {
    const page = await anchors.leaves(leaves.length, Math.min(PIECE, size - leaves.length));
    if (page.length === 0) break;
    leaves.push(...page);
  }
  return leaves;
}

async function verifyNewest(
  runtime: Auditing,
  newest: SignedCheckpoint,
  leaves: readonly Leaf[],
): Promise<Found[]> {
  const { size, root } = newest.checkpoint;
  const found = await verifyKey(runtime, newest);
  if (leaves.length < size) {
    found.push({ class: "unproved", detail: `${size} leaves were signed, and ${leaves.length} are there` });
  } else if (toHex(new MerkleTree(leaves.map(hashOf)).root()) !== root) {
    found.push({ class: "unproved", detail: `the ${size} leaves do not give the root that was signed` });
  }
  return found;
}

interface Walked {
  readonly releases: number;
  readonly records: number;
  readonly after?: string;
  readonly found: readonly Found[];
}

async function verifyLogs(
  runtime: Auditing,
  leaves: readonly Leaf[],
  cursor: string | undefined,
): Promise<Walked> {
  const { anchors } = runtime;
  const anchored = new Map<string, KnownHead[]>();
  for (const leaf of leaves) anchored.set(leaf.release, [...(anchored.get(leaf.release) ?? []), leaf]);
  const active = new Set([DEPLOYMENT, ...(await activeOf(runtime))]);
  const over = [...anchored.keys()].filter((release) => !active.has(release)).toSorted();
  const rest = over.filter((release) => cursor === undefined || release > cursor);
  const found: Found[] = [];
  let releases = 0;
  let records = 0;
  const look = async (release: string) => {
    let known: readonly KnownHead[] = anchored.get(release) ?? [];
    let all = await recordsOf(runtime, release, known.at(-1)?.seq ?? 0);
    if (unaccounted(all) !== undefined) {
      // A text was erased since the anchors were read: they have the record that says so by now.
      known = await anchors.anchors(release);
      all = await recordsOf(runtime, release, known.at(-1)?.seq ?? 0);
    }
    releases += 1;
    records += all.length;
    const result = verifyChain(release, all, known);
    if (result.ok) return;
    const { class: kind, detail } = result.found;
    found.push({ class: kind, detail: `${release}: ${detail}` });
  };
  for (const release of active) if (anchored.has(release)) await look(release);
  const limit = records + MOST_RECORDS;
  let last: string | undefined;
  for (const release of rest) {
    if (records >= limit) break;
    await look(release);
    last = release;
  }
  const isRound = last === undefined || last === over.at(-1);
  return { releases, records, found, ...(isRound || last === undefined ? {} : { after: last }) };
}

/** Those under way, and those that were written before there was a log over all: they are anchored from now on. */
async function activeOf({ store, anchors }: Auditing): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.list("active", { limit: 100, ...(after === undefined ? {} : { after }) });
    for (const { id } of page.items) {
      ids.push(id);
      if ((await anchors.anchors(id)).length > 0) continue;
      const loaded = await store.load(id);
      if (loaded !== undefined) await anchors.mark({ release: id, seq: loaded.seq, digest: loaded.head });
    }
    after = page.next;
  } while (after !== undefined);
  return ids;
}

async function recordsOf({ store }: Auditing, release: string, seq: number) {
  const records = [];
  for (let from = 1; from <= seq; from += PIECE) {
    const limit = Math.min(PIECE, seq - from + 1);
    const page =
      release === DEPLOYMENT
        ? await store.deploymentRecords(from, limit)
        : await store.records(release, from, limit);
    records.push(...page);
  }
  return records;
}
