import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { committed } from "../erasure/commitment.ts";
import { digestOf } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import { Drive } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { genesis, seal, verifyChain } from "./chain.ts";
import type { AuditRecord } from "./schema.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;

function logOf(id = "REL-1"): readonly AuditRecord[] {
  const drive = new Drive(samplePlan({ id }), EVE);
  drive.openGates();
  drive.runUntil(({ status }) => status === "reviewing", "2025-07-01T00:00:00.000Z" as Instant);
  return drive.log;
}

const SALT = "00112233445566778899aabbccddeeff";
const LOG = logOf();
const OTHER = logOf("REL-2");
const HEAD = { seq: LOG.length, digest: LOG.at(-1)?.digest ?? genesis("REL-1") };

/** The record as somebody would leave it who knows how digests are taken. */
function resealed(record: AuditRecord, change: Partial<AuditRecord>): AuditRecord {
  const { digest: _, salts, ...body } = { ...record, ...change };
  const sealed = { ...body, ...(salts === undefined ? {} : { salts }) };
  return { ...sealed, digest: digestOf(committed(body, salts)) };
}

function rewrittenFrom(place: number): AuditRecord[] {
  const kept = LOG.slice(0, place - 1);
  let prev = kept.at(-1)?.digest ?? genesis("REL-1");
  const rest = LOG.slice(place - 1).map((record) => {
    const next = resealed(record, { prev, at: "2025-06-05T00:00:00.000Z" as Instant });
    prev = next.digest;
    return next;
  });
  return [...kept, ...rest];
}

const at = (place: number) => LOG[place - 1] as AuditRecord;

/** What somebody writes who has lost the log, and begins it again. */
const OTHER_START = rewrittenFrom(1).slice(0, 4);

const CLASSES: [string, readonly AuditRecord[], { class: string; seq: number }][] = [
  ["an edited record", LOG.with(4, { ...at(5), at: EVE, reason: "another" }), { class: "edited", seq: 5 }],
  [
    "an edited record with a digest that fits it",
    LOG.with(4, resealed(at(5), { reason: "another" })),
    { class: "spliced", seq: 6 },
  ],
  ["a record removed from the middle", LOG.toSpliced(6, 1), { class: "removed", seq: 7 }],
  ["records removed from the front", LOG.slice(3), { class: "beheaded", seq: 1 }],
  ["a record twice", LOG.toSpliced(7, 0, at(7)), { class: "inserted", seq: 8 }],
  ["two records in each other's place", LOG.with(3, at(5)).with(4, at(4)), { class: "reordered", seq: 4 }],
  ["a record of another release", LOG.with(2, OTHER[2] as AuditRecord), { class: "spliced", seq: 3 }],
  ["a tail cut off", LOG.slice(0, -3), { class: "truncated", seq: LOG.length - 2 }],
  ["the whole log gone", [], { class: "deleted", seq: 1 }],
  ["a tail rewritten with digests that fit", rewrittenFrom(10), { class: "rewritten", seq: 1 }],
  [
    "a fork of the last record",
    LOG.with(-1, resealed(at(LOG.length), { command: "another" })),
    { class: "rewritten", seq: 1 },
  ],
  [
    "two records with one number",
    LOG.toSpliced(7, 0, resealed(at(7), { command: "another" })),
    { class: "forked", seq: 7 },
  ],
  ["a log that begins anew in the middle", [...LOG.slice(0, 5), ...OTHER_START], { class: "forked", seq: 1 }],
];

describe("the audit chain", () => {
  it("verifies, with and without its head, and names its last digest", () => {
    expect(verifyChain("REL-1", LOG)).toEqual({ ok: true, records: LOG.length, head: HEAD.digest });
    expect(verifyChain("REL-1", LOG, HEAD)).toMatchObject({ ok: true });
    expect(verifyChain("REL-1", [])).toMatchObject({ ok: true });
  });

  for (const [name, records, found] of CLASSES) {
    it(`names ${name} and its first place`, () => {
      expect(verifyChain("REL-1", records, HEAD)).toMatchObject({ ok: false, found });
    });
  }

  it("sees a rewritten past behind a head that lies further back than the log's end", () => {
    const head = { seq: 12, digest: at(12).digest };
    expect(verifyChain("REL-1", LOG, head)).toMatchObject({ ok: true });
    expect(verifyChain("REL-1", rewrittenFrom(8), head)).toMatchObject({
      ok: false,
      found: { class: "rewritten", seq: 1 },
    });
  });

  it("bounds what was rewritten by the anchors: behind the last that agrees", () => {
    const anchors = [4, 9, 15, LOG.length].map((seq) => ({ seq, digest: at(seq).digest }));
    expect(verifyChain("REL-1", LOG, anchors)).toMatchObject({ ok: true });
    for (const [from, found] of [
      [3, 1],
      [7, 5],
      [10, 10],
      [16, 16],
    ] as const) {
      expect(verifyChain("REL-1", rewrittenFrom(from), anchors), `from ${from}`).toMatchObject({
        found: { class: "rewritten", seq: found },
      });
    }
    expect(verifyChain("REL-1", LOG.slice(0, 12), anchors)).toMatchObject({
      found: { class: "truncated", seq: 13 },
    });
  });

  it("finds any one value changed anywhere", () => {
    const places = LOG.flatMap((record, index) => leaves(record).map((path) => ({ index, path })));
    fc.assert(
      fc.property(fc.constantFrom(...places), ({ index, path }) => {
        const copy = structuredClone(LOG) as AuditRecord[];
        change(copy[index] as never, path);
        const result = verifyChain("REL-1", copy, HEAD);
        expect(result.ok).toBe(false);
        if (!result.ok) expect(result.found.seq).toBeLessThanOrEqual(index + 2);
      }),
      { numRuns: 300 },
    );
  });

  it("finds any way of leaving out, repeating and moving records", () => {
    const indices = LOG.map((_, index) => index);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...indices), { maxLength: LOG.length + 2 }), (order) => {
        const isWhole = order.length === LOG.length && order.every((index, place) => index === place);
        const result = verifyChain(
          "REL-1",
          order.map((index) => LOG[index] as AuditRecord),
          HEAD,
        );
        expect(result.ok).toBe(isWhole);
      }),
    );
  });

  it("goes on from its head, whoever seals", () => {
    const head = { release: "REL-1", ...HEAD };
    const command = { id: "c", at: EVE, actor: { kind: "clock" as const } };
    const more = seal(head, command, [{ type: "ReleaseResumed" }, { type: "ReleaseCompleted" }], () => SALT);
    expect(more.map(({ seq }) => seq)).toEqual([LOG.length + 1, LOG.length + 2]);
    expect(verifyChain("REL-1", [...LOG, ...more])).toMatchObject({ ok: true });
  });
});

type Tree = { [key: string]: unknown };

/** The paths to every text, number and truth value in it. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, [...path, key]));
}

function change(tree: Tree, [key = "", ...rest]: string[]): void {
  if (rest.length > 0) {
    change(tree[key] as Tree, rest);
    return;
  }
  const before = tree[key];
  tree[key] =
    typeof before === "number" ? before + 1 : typeof before === "boolean" ? !before : `${String(before)}x`;
}
