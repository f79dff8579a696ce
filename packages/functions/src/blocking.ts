import { changeClassOf } from "@gonogo/core/change/schema";
import { blockingNow } from "@gonogo/core/obligation/state";
import type { Plan } from "@gonogo/core/plan/schema";
import { targetKey } from "@gonogo/core/target/port";
import type { Using } from "./runtime.ts";

/**
 * What other releases owe that holds up this one: a sentence each, which names the release, the obligation
 * and whose it is. Empty where nothing does; an emergency change is held up by nothing. The pointers in the
 * store only say where to look.
 */
export async function blockedBy(runtime: Using<"store" | "clock">, plan: Plan): Promise<string[]> {
  if (changeClassOf(plan) === "emergency") return [];
  const locks = new Set(plan.components.map(({ id, target }) => targetKey(target, id)));
  const found = await Promise.all([...locks].map((lock) => runtime.store.owing(lock)));
  const releases = [...new Set(found.flat())].filter((id) => id !== plan.id).sort();
  const sentences = await Promise.all(
    releases.map(async (id) => {
      const loaded = await runtime.store.load(id);
      if (loaded === undefined) return [];
      return blockingNow(loaded.state, runtime.clock.now()).map(
        (one) => `${id} owes "${one.what}" (${one.id}, for ${one.role}, due ${one.due})`,
      );
    }),
  );
  return sentences.flat();
}
