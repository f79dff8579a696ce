import type { ClosingKind } from "../closing/schema.ts";
import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { ReleaseState } from "../release/state.ts";
import type { ClosedBy } from "./events.ts";
import type { Blocks } from "./schema.ts";

export interface ObligationState {
  readonly what: string;
  readonly role: string;
  readonly createdAt: Instant;
  readonly due: Instant;
  readonly blocks: Blocks;
  readonly closedBy: ClosedBy;
  readonly act?: ClosingKind;
  readonly closes?: boolean;
  readonly remindedAt?: Instant;
  readonly overdueAt?: Instant;
  readonly completedAt?: Instant;
  readonly completedBy?: string;
  readonly note?: string;
  readonly evidence?: string;
  readonly record?: { readonly seq: number; readonly digest: Digest };
}

export type Obligations = Readonly<Record<string, ObligationState>>;

/** An obligation with the id that it has in its release. */
export type Owed = ObligationState & { readonly id: string };

/** All that was ever owed, in the order in which it fell due. */
export function owedIn(state: ReleaseState): Owed[] {
  return Object.entries(state.obligations ?? {})
    .map(([id, one]) => ({ id, ...one }))
    .toSorted((a, b) => a.due.localeCompare(b.due) || a.id.localeCompare(b.id));
}

export function openIn(state: ReleaseState): Owed[] {
  return owedIn(state).filter(({ completedAt }) => completedAt === undefined);
}

/** What keeps other releases of the same components from starting, now or once it is overdue. */
export function blockingIn(state: ReleaseState): Owed[] {
  return openIn(state).filter(({ blocks }) => blocks !== false);
}

/** What keeps them from it now. */
export function blockingNow(state: ReleaseState, now: Instant): Owed[] {
  return blockingIn(state).filter(({ blocks, due }) => blocks !== "overdue" || now >= due);
}
