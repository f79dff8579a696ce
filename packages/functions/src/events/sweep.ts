import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import { type Looking, visit } from "../tasks/visit.ts";

/** A visit that is late by this much was lost. */
const LATE_MS = 120_000;
/** Releases looked at side by side. */
const AT_ONCE = 10;

/**
 * Finds releases whose next visit was lost and visits them (S10). What is well costs one look at its timer.
 */
export async function sweep(runtime: Looking): Promise<{ active: number; visited: string[] }> {
  const visited: string[] = [];
  let active = 0;
  let after: string | undefined;
  do {
    const page = await runtime.store.list("active", {
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    active += page.items.length;
    const ids = page.items.map(({ id }) => id);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const found = await Promise.all(ids.slice(from, from + AT_ONCE).map((id) => sweepOne(runtime, id)));
      visited.push(...found.flat());
    }
    after = page.next;
  } while (after !== undefined);
  return { active, visited };
}

async function sweepOne(runtime: Looking, release: string): Promise<string[]> {
  try {
    const armed = await runtime.timers.armed(release);
    const late = fromMillis(toMillis(runtime.clock.now()) - LATE_MS);
    if (armed !== undefined && armed >= late) return [];
    await visit(runtime, { release });
    return [release];
  } catch (error) {
    runtime.log.error("the sweep could not look after a release", { release, error: messageOf(error) });
    return [];
  }
}
