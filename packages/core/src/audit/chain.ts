import type { Actor } from "../actor/schema.ts";
import { type Digest, digestOf } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { AuditRecord } from "./schema.ts";

/** What the first record of a release points back to. */
export function genesis(release: string): Digest {
  return digestOf({ gonogo: "audit", release });
}

/** Turns what a command brought about into records that follow on `head`. */
export function seal<E extends { readonly type: string }>(
  head: { release: string; seq: number; digest: Digest },
  command: { id: string; at: Instant; actor: Actor; reason?: string | undefined },
  events: readonly E[],
): AuditRecord<E>[] {
  let { seq, digest: prev } = head;
  return events.map((event) => {
    seq += 1;
    const body: Omit<AuditRecord<E>, "digest"> = {
      release: head.release,
      seq,
      at: command.at,
      actor: command.actor,
      ...(command.reason === undefined ? {} : { reason: command.reason }),
      command: command.id,
      event,
      prev,
    };
    const record = { ...body, digest: digestOf(body) };
    prev = record.digest;
    return record;
  });
}

/** What is wrong with a log, named by its class, and the first record where it shows. */
export type Tampering =
  | { readonly class: "edited"; readonly seq: number; readonly detail: string }
  | { readonly class: "removed"; readonly seq: number; readonly detail: string }
  | { readonly class: "inserted"; readonly seq: number; readonly detail: string }
  | { readonly class: "reordered"; readonly seq: number; readonly detail: string }
  | { readonly class: "spliced"; readonly seq: number; readonly detail: string }
  | { readonly class: "truncated"; readonly seq: number; readonly detail: string };

export type Verification =
  | { readonly ok: true; readonly records: number; readonly head: Digest }
  | { readonly ok: false; readonly records: number; readonly found: Tampering };

/**
 * Walks a release's log from its first record. `head`, where it is known from elsewhere (the release's
 * current projection), lets a cut-off tail be seen, which a bare chain cannot show.
 */
export function verifyChain(
  release: string,
  records: readonly AuditRecord<{ readonly type: string }>[],
  head?: { seq: number; digest: Digest },
): Verification {
  const fail = (found: Tampering): Verification => ({ ok: false, records: records.length, found });
  let prev = genesis(release);
  for (const [index, record] of records.entries()) {
    const seq = index + 1;
    if (record.release !== release) {
      return fail({ class: "spliced", seq, detail: `record ${seq} belongs to ${record.release}` });
    }
    if (record.seq !== seq) return fail(misplaced(records, seq, record.seq));
    const { digest, ...body } = record;
    if (digestOf(body) !== digest) {
      return fail({ class: "edited", seq, detail: `record ${seq} is not what its digest was taken over` });
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
  if (head !== undefined && records.length < head.seq) {
    const seq = records.length + 1;
    return fail({
      class: "truncated",
      seq,
      detail: `the log ends at ${records.length}, the release is at ${head.seq}`,
    });
  }
  if (head !== undefined && head.seq > 0 && records[head.seq - 1]?.digest !== head.digest) {
    return fail({
      class: "edited",
      seq: head.seq,
      detail: `record ${head.seq} is not the one the release was left at`,
    });
  }
  return { ok: true, records: records.length, head: prev };
}

function misplaced(records: readonly Pick<AuditRecord, "seq">[], expected: number, found: number): Tampering {
  const places = records.map((record) => record.seq);
  if (found < expected) {
    return {
      class: "inserted",
      seq: expected,
      detail: `record ${found} stands a second time, in place ${expected}`,
    };
  }
  if (places.includes(expected)) {
    return { class: "reordered", seq: expected, detail: `record ${found} stands in place ${expected}` };
  }
  return { class: "removed", seq: expected, detail: `record ${expected} is missing` };
}
