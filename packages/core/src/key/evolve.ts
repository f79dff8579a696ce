import type { Meta } from "../release/evolve.ts";
import type { KeyEvent } from "./events.ts";
import { isGood, type KeyEntry, type KeyState, MOST_KEYS } from "./state.ts";

export function evolveKey({ entries }: KeyState, event: KeyEvent, meta: Meta): KeyState {
  const { at, by, reason = "" } = meta;
  switch (event.type) {
    case "KeyCreated": {
      const { type: _, key: id, ...rest } = event;
      return { entries: kept([...entries, { id, ...rest, createdAt: at, by, reason }], meta) };
    }
    case "KeyRevoked":
      return {
        entries: entries.map((one) => (one.id === event.key ? { ...one, revoked: { at, by, reason } } : one)),
      };
  }
}

/** All that are good, and the latest of those that are over. */
function kept(entries: readonly KeyEntry[], { at }: Meta): readonly KeyEntry[] {
  const over = entries.filter((one) => !isGood(one, at));
  const forgotten = new Set(over.slice(0, Math.max(0, over.length - MOST_KEYS)));
  return entries.filter((one) => !forgotten.has(one));
}
