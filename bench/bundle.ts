import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalSigner } from "@gonogo/adapters/kms/local";
import { genesis, seal } from "@gonogo/core/audit/chain";
import { type SignedCheckpoint, signCheckpoint } from "@gonogo/core/audit/checkpoint";
import { hashOf, type Leaf } from "@gonogo/core/audit/leaf";
import { type BundleSource, bundleLines } from "@gonogo/core/audit/make-bundle";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { toPem } from "@gonogo/core/audit/signature";
import { type SignedSuccession, signSuccession } from "@gonogo/core/audit/succession";
import { grown, NO_PEAKS } from "@gonogo/core/audit/tree";
import { BundleVerifier } from "@gonogo/core/audit/verify-bundle";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import type { Measured } from "./kit.ts";

/** Records that are signed at a time: what some ten minutes of a release bring. */
const EACH = 6;

/**
 * A bundle of whole releases, verified as an auditor does, beside what somebody does who has a file and its digest from
 * elsewhere: that says that the file is the one, and not that the log in it is whole.
 */
export async function bundle(releases: number): Promise<Measured[]> {
  const { source, trusted, records } = await made(releases);
  const texts: string[] = [];
  for await (const line of bundleLines(source, "all")) texts.push(JSON.stringify(line));
  const folder = mkdtempSync(join(tmpdir(), "gonogo-bench-"));
  const file = join(folder, "audit.jsonl");
  writeFileSync(file, `${texts.join("\n")}\n`);
  const bytes = Buffer.byteLength(texts.join("\n")) + 1;
  try {
    const verified = await best(async () => {
      const verifier = new BundleVerifier([trusted]);
      for (const text of texts) await verifier.take(text);
      const { ok, found } = await verifier.finish();
      if (!ok) throw new Error(`the bundle does not verify: ${found[0]?.detail}`);
    });
    const summed = await best(async () => {
      for (let round = 0; round < 20; round++) createHash("sha256").update(readFileSync(file)).digest("hex");
    });
    const parsed = await best(async () => {
      for (const text of texts) JSON.parse(text);
    });
    const perSecond = Math.round(records / (verified / 1000));
    const size = (bytes / 1e6).toFixed(1);
    const times = (of: number) => Math.round(verified / of);
    return [
      {
        what: `records of a bundle verified a second (${releases} releases, ${size} MB)`,
        value: perSecond.toLocaleString("en"),
        beside: `of the processor's; ${times(summed / 20)} x SHA-256 of the file as sha256sum has it, ${times(parsed)} x reading its JSON`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const newSalt = () => randomBytes(16).toString("hex");

/** Milliseconds that were computed, whatever else the machine does. Of three, since the first one still compiles. */
async function best(work: () => Promise<void>): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < 3; round++) {
    const began = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(began);
    took.push((user + system) / 1000);
  }
  return Math.min(...took);
}

/** Releases that each went their whole way, anchored as they went, under a key that was changed half-way. */
async function made(releases: number) {
  const plan = samplePlan();
  const drive = new Drive(plan, fromMillis(toMillis(plan.start) - 3_600_000));
  drive.openGates();
  drive.runUntil((state) => state.status === "reviewing", fromMillis(toMillis(plan.start) + 40 * 3_600_000));
  const logs = new Map<string, readonly AuditRecord[]>();
  const leaves: Leaf[] = [];
  const checkpoints: SignedCheckpoint[] = [];
  const successions: SignedSuccession[] = [];
  const first = LocalSigner.generate();
  const second = LocalSigner.generate();
  let signer = first;
  let tree = NO_PEAKS;
  for (let number = 1; number <= releases; number++) {
    const release = `REL-${number}`;
    let head = { release, seq: 0, digest: genesis(release) };
    const log: AuditRecord[] = [];
    for (const { at, actor, command, event, reason } of drive.log) {
      const [record] = seal(head, { id: command, at, actor, reason }, [event], newSalt);
      if (record === undefined) throw new Error("nothing was sealed");
      log.push(record);
      head = { release, seq: record.seq, digest: record.digest };
      if (record.seq % EACH !== 0 && record.seq !== drive.log.length) continue;
      const leaf: Leaf = { kind: "head", release, seq: record.seq, digest: record.digest };
      leaves.push(leaf);
      tree = grown(tree, [hashOf(leaf)]);
      checkpoints.push(await signCheckpoint(signer, tree, { origin: "gonogo/bench", at }));
    }
    logs.set(release, log);
    const last = checkpoints.at(-1)?.checkpoint;
    if (number !== Math.ceil(releases / 2) || last === undefined) continue;
    successions.push(await signSuccession(first, second, last, last.at));
    signer = second;
  }
  const source: BundleSource = {
    key: toPem(await first.publicKey()),
    checkpoints,
    successions,
    leaves,
    async *records(release) {
      yield logs.get(release) ?? [];
    },
  };
  const records = [...logs.values()].reduce((sum, log) => sum + log.length, 0);
  return { source, trusted: await first.publicKey(), records };
}
