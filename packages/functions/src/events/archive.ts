import { archiveKey, closedAt } from "@gonogo/core/archive/state";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { unaccounted } from "@gonogo/core/erasure/accounted";
import type { EvidenceFile } from "@gonogo/core/evidence/schema";
import type { Plan } from "@gonogo/core/plan/schema";
import type { Loaded } from "@gonogo/core/release/ports";
import { byMachine } from "../execute.ts";
import type { Using, Writing } from "../runtime.ts";

const PAGE = 500;

/**
 * Puts a closed release into the archive, once: its documents, and every plan, state and whole log as JSON. What is
 * there already is kept as it is, for nothing in the archive is written over; what is recorded is what is there.
 * People stand in it by their ids: a name that has to be forgotten must not be held by a lock. Throws
 * ObjectStoreUnavailable, so that the event is tried again; after that the clock asks anew.
 */
export async function archive(
  runtime: Writing & Using<"objects" | "shelves">,
  { plan, state, seq }: Loaded,
): Promise<void> {
  if (closedAt(state) === undefined || state.archive?.archivedAt !== undefined) return;
  const records: AuditRecord[] = [];
  while (records.length < seq) {
    const limit = Math.min(PAGE, seq - records.length);
    const page = await runtime.store.records(state.id, records.length + 1, limit);
    if (page.length === 0) throw new Error(`${state.id}: record ${records.length + 1} is not there`);
    records.push(...page);
  }
  // What is in the archive is not changed again: a text that goes just now must not look as though it were cut out.
  const gap = unaccounted(records);
  if (gap !== undefined) throw new Error(`${state.id}: a text of record ${gap.seq} was erased meanwhile`);
  // Large, and needed once a release: loaded when it is.
  const { exportJson, exportMarkdown } = await import("@gonogo/core/document/export/index");
  const plans = await plansOf(runtime, { plan, state });
  const documents = exportMarkdown(plan, state, records, undefined, plans).map((one) => ({
    ...one,
    contentType: "text/markdown",
  }));
  const whole = { ...exportJson(plan, state, records, plans), contentType: "application/json" };
  const files: EvidenceFile[] = [];
  for (const { name, text, contentType } of [...documents, whole]) {
    const key = archiveKey(state.id, name);
    const body = new TextEncoder().encode(text);
    const there =
      (await runtime.objects.head(key)) ??
      (await runtime.objects.put({ key, body, contentType, ifPresent: "keep" }));
    if (there.digest === undefined) throw new Error(`${key} has no digest in the archive`);
    files.push({ digest: there.digest, size: there.size, contentType, name, key });
  }
  await byMachine(runtime, state.id, "clock", {
    type: "RecordArchive",
    files,
    seq,
    copyTo: runtime.shelves.places,
  });
}

/** Every plan that it had, the first one first. */
async function plansOf(
  runtime: Using<"store">,
  { plan, state }: Pick<Loaded, "plan" | "state">,
): Promise<readonly Plan[]> {
  const earlier: Plan[] = [];
  for (let n = 1; n < state.revision; n++) {
    const one = await runtime.store.revision(state.id, n);
    if (one === undefined) throw new Error(`${state.id}: revision ${n} of its plan is not there`);
    earlier.push(one);
  }
  return [...earlier, plan];
}
