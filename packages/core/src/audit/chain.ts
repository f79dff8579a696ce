import type { Actor } from "../actor/schema.ts";
import { askedIn } from "../erasure/accounted.ts";
import { committed } from "../erasure/commitment.ts";
import { erasedIn, placeOf } from "../erasure/find.ts";
import { saltsFor } from "../erasure/salt.ts";
import { type Digest, digestOf } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { AuditRecord } from "./schema.ts";
import type { KnownHead, Tampering } from "./tampering.ts";

/** What the first record of a release points back to. */
export function genesis(release: string): Digest {
  return digestOf({ gonogo: "audit", release });
}

/**
 * Turns what a command brought about into records that follow on `head`. Each text in them that can be erased
 * gets a salt of its own: sixteen bytes of chance, in hex.
 */
export function seal<E extends { readonly type: string }>(
  head: { release: string; seq: number; digest: Digest },
  command: { id: string; at: Instant; actor: Actor; reason?: string | undefined },
  events: readonly E[],
  newSalt: () => string,
): AuditRecord<E>[] {
  let { seq, digest: prev } = head;
  return events.map((event) => {
    seq += 1;
    const body: Omit<AuditRecord<E>, "digest" | "salts"> = {
      release: head.release,
      seq,
      at: command.at,
      actor: command.actor,
      ...(command.reason === undefined ? {} : { reason: command.reason }),
      command: command.id,
      event,
      prev,
    };
    const salts = saltsFor(body, newSalt);
    const sealed = { ...body, ...(salts === undefined ? {} : { salts }) };
    const record = { ...sealed, digest: digestOf(committed(body, salts)) };
    prev = record.digest;
    return record;
  });
}

export type Verification =
  | { readonly ok: true; readonly records: number; readonly head: Digest }
  | { readonly ok: false; readonly records: number; readonly found: Tampering };

type AnyRecord = AuditRecord<{ readonly type: string }>;

/**
 * Walks a release's log from its first record. `known` are places in it that are known from elsewhere, in their
 * order: its anchors, and where the release was left. They let a tail be seen that was cut off or rewritten,
 * which a bare chain cannot show.
 */
export function verifyChain(
  release: string,
  records: readonly AnyRecord[],
  known: KnownHead | readonly KnownHead[] = [],
): Verification {
  const heads = "seq" in known ? [known] : known;
  const fail = (found: Tampering): Verification => ({ ok: false, records: records.length, found });
  const last = heads.at(-1);
  if (records.length === 0 && last !== undefined && last.seq > 0) {
    const detail = `there is no record at all, and there were ${last.seq}`;
    return fail({ class: "deleted", seq: 1, detail });
  }
  const asked = askedIn(records);
  let prev = genesis(release);
  for (const [index, record] of records.entries()) {
    const seq = index + 1;
    if (record.release !== release) {
      return fail({ class: "spliced", seq, detail: `record ${seq} belongs to ${record.release}` });
    }
    if (record.seq !== seq) return fail(misplaced(records, seq, record));
    const { digest, salts, ...body } = record;
    const sealed = committed(body, salts);
    if (sealed === undefined || digestOf(sealed) !== digest) {
      return fail({ class: "edited", seq, detail: `record ${seq} is not what its digest was taken over` });
    }
    const missing = erasedIn(record).find((text) => !((asked.get(placeOf(text))?.seq ?? 0) > seq));
    if (missing !== undefined) {
      const detail = `a text of record ${seq} is missing, ${missing.pointer}, and no record says that it was erased`;
      return fail({ class: "edited", seq, detail });
    }
    if (record.prev !== prev) {
      return fail({
        class: "spliced",
        seq,
        detail: `record ${seq} follows on another record than the one before it`,
      });
    }
    prev = digest;
  }
  const found = unlikeKnown(records, heads);
  return found === undefined ? { ok: true, records: records.length, head: prev } : fail(found);
}

/** The first place that is known from elsewhere and is not so here. */
function unlikeKnown(records: readonly AnyRecord[], known: readonly KnownHead[]): Tampering | undefined {
  let agreed = 0;
  for (const { seq, digest } of known) {
    if (seq === 0) continue;
    if (records.length < seq) {
      const detail = `the log ends at ${records.length}, and was at ${seq} already`;
      return { class: "truncated", seq: records.length + 1, detail };
    }
    if (records[seq - 1]?.digest !== digest) {
      const where =
        agreed + 1 === seq ? `record ${seq} was` : `records were, from one of ${agreed + 1} to ${seq} on,`;
      return {
        class: "rewritten",
        seq: agreed + 1,
        detail: `${where} rewritten: ${seq} is not as it is known`,
      };
    }
    agreed = seq;
  }
  return undefined;
}

function misplaced(
  records: readonly AnyRecord[],
  expected: number,
  { seq: found, digest }: AnyRecord,
): Tampering {
  const places = records.map((record) => record.seq);
  if (found < expected) {
    const other = records.find((record) => record.seq === found);
    if (other?.digest !== digest) {
      return { class: "forked", seq: found, detail: `there are two records ${found}, and they differ` };
    }
    return {
      class: "inserted",
      seq: expected,
      detail: `record ${found} stands a second time, in place ${expected}`,
    };
  }
  if (places.includes(expected)) {
    return { class: "reordered", seq: expected, detail: `record ${found} stands in place ${expected}` };
  }
  if (expected === 1) {
    return { class: "beheaded", seq: 1, detail: `the log begins with record ${found}` };
  }
  return { class: "removed", seq: expected, detail: `record ${expected} is missing` };
}
