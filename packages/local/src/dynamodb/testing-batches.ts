import type { AuditRecord } from "@gonogo/core/audit/schema";
import { digestOf } from "@gonogo/core/kit/digest";
import type { Plan } from "@gonogo/core/plan/schema";
import { claimsOf } from "@gonogo/core/release/claims";
import { evolve, initialState, metaOf } from "@gonogo/core/release/evolve";
import type { Batch } from "@gonogo/core/release/ports";
import type { ReleaseState } from "@gonogo/core/release/state";

/** The log of a release as the writes that brought it about, one a command. */
export function batchesOf(plan: Plan, log: readonly AuditRecord[]): Batch[] {
  const commands = Map.groupBy(log, (record) => record.command);
  const batches: Batch[] = [];
  let state: ReleaseState | undefined;
  for (const [command, records] of commands) {
    for (const record of records) state = stateAfter(plan, state, record);
    const [first] = records;
    if (first === undefined || state === undefined) continue;
    const release = first.release;
    batches.push({
      release,
      before: first.seq - 1,
      records,
      state,
      ...(first.seq === 1 ? { plan } : {}),
      claims: claimsOf(plan, state, records),
      answer: { command, fingerprint: digestOf({ command }) },
    });
  }
  return batches;
}

function stateAfter(plan: Plan, state: ReleaseState | undefined, record: AuditRecord): ReleaseState {
  const { event } = record;
  const meta = metaOf(record);
  if (event.type === "ReleaseSubmitted") return initialState(record.release, event, meta);
  if (state === undefined) throw new Error("the log does not begin with ReleaseSubmitted");
  return evolve(plan, state, event, meta);
}
