import type { AuditRecord } from "@gonogo/core/audit/schema";
import { foldRelease } from "@gonogo/core/erasure/fold";
import type { ReleaseState } from "@gonogo/core/release/state";
import { execute } from "../execute.ts";
import type { Writing } from "../runtime.ts";
import { type ErasableLog, type Erasing, finishErasures } from "./erase.ts";

/** Finishes what is asked to be erased from a release's log. */
export async function eraseOfRelease(runtime: Writing & Erasing, release: string): Promise<void> {
  const planOf = async (revision: number) => {
    const plan = await runtime.store.revision(release, revision);
    if (plan === undefined) throw new Error(`${release} has no revision ${revision} of its plan`);
    return plan;
  };
  const log: ErasableLog<AuditRecord, ReleaseState> = {
    name: release,
    stands: () => runtime.store.load(release),
    ask: (request) => execute(runtime, { release, ...request }),
    take: async (request, stood, records, over) => {
      const state = await foldRelease(records, planOf);
      const { status, plan, revision } = stood.state;
      if (state.status !== status || state.plan !== plan || state.revision !== revision) {
        const detail = `its records lead to ${state.status}, and it is ${status}: nothing was erased`;
        throw new Error(`${release}: ${detail}`);
      }
      return await execute(runtime, {
        release,
        ...request,
        cleansed: { state, erased: over },
        standsAt: (seq) => seq === stood.seq,
      });
    },
  };
  await finishErasures(runtime, log);
}
