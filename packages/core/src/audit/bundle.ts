import { z } from "zod";
import { Checkpoint, SignedCheckpoint } from "./checkpoint.ts";
import { Leaf } from "./leaf.ts";
import type { AuditRecord } from "./schema.ts";
import { SignedSuccession, Succession } from "./succession.ts";

/**
 * The whole audit log in one file, a JSON value a line, to be checked by whoever holds the public key and nothing
 * else. In this order: the header; the checkpoints, the smallest first, and behind the last one of a key the succession
 * of the next; all leaves; for each release that was asked for its head and its records up to it; the end.
 */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);

export const BundleHeader = z.strictObject({
  kind: z.literal("bundle"),
  version: z.literal(1),
  /** The public key in PEM that the log has come to, as the server has it. Nobody should trust it for standing here. */
  key: z.string(),
  /** Leaves of the checkpoint that everything is proved against: the last one in the file. */
  size: z.number().int().min(1),
  /** Releases whose records are in the file; `all` that were ever anchored. */
  releases: z.union([z.literal("all"), z.array(z.string()).min(1)]),
});

export const BundleCheckpoint = z.strictObject({
  kind: z.literal("checkpoint"),
  ...SignedCheckpoint.shape,
  checkpoint: Checkpoint,
  /** That this log goes on from the one of the checkpoint before; nothing for the first. */
  consistency: z.array(hash).max(128),
});

export const BundleSuccession = z.strictObject({
  kind: z.literal("succession"),
  ...SignedSuccession.shape,
  succession: Succession,
});

export const BundleLeaf = z.strictObject({ kind: z.literal("leaf"), index: count, leaf: Leaf });

export const BundleRelease = z.strictObject({
  kind: z.literal("release"),
  release: z.string(),
  /** The lines with records that follow. */
  records: count,
  /** The leaf that is the release's newest head, and that it is in the log. */
  index: count,
  inclusion: z.array(hash).max(128),
});

export const BundleEnd = z.strictObject({
  kind: z.literal("end"),
  /** Lines of the file, this one included. */
  lines: z.number().int().min(1),
});

export type BundleHeader = z.infer<typeof BundleHeader>;
export type BundleCheckpoint = z.infer<typeof BundleCheckpoint>;
export type BundleSuccession = z.infer<typeof BundleSuccession>;
export type BundleLeaf = z.infer<typeof BundleLeaf>;
export type BundleRelease = z.infer<typeof BundleRelease>;
export type BundleEnd = z.infer<typeof BundleEnd>;
export interface BundleRecord {
  readonly kind: "record";
  readonly record: AuditRecord<{ readonly type: string }>;
}

export type BundleLine =
  | BundleHeader
  | BundleCheckpoint
  | BundleSuccession
  | BundleLeaf
  | BundleRelease
  | BundleRecord
  | BundleEnd;

/** Of a record only what tells it for one is looked at: its digest is over all of it. */
const BundleRecord = z.strictObject({
  kind: z.literal("record"),
  record: z.looseObject({
    release: z.string(),
    seq: z.number(),
    prev: z.string(),
    digest: z.string(),
    event: z.looseObject({ type: z.string() }),
  }),
});

const Line = z.discriminatedUnion("kind", [
  BundleHeader,
  BundleCheckpoint,
  BundleSuccession,
  BundleLeaf,
  BundleRelease,
  BundleRecord,
  BundleEnd,
]);

/** The line, or why it is none. */
export function readLine(text: string): { readonly line: BundleLine } | { readonly why: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: "it is no JSON" };
  }
  const result = Line.safeParse(value);
  // What was read and not what the schema made of it: a record's digest is over everything that is in it.
  if (result.success) return { line: value as BundleLine };
  const [issue] = result.error.issues;
  return { why: `${issue?.path.map(String).join(".") || "the line"}: ${issue?.message}` };
}
