import { describeActor } from "../../actor/schema.ts";
import type { AuditRecord } from "../../audit/schema.ts";
import type { Instant } from "../../kit/instant.ts";
import type { Plan } from "../../plan/schema.ts";
import type { ReleaseState } from "../../release/state.ts";
import type { TableKind } from "../table/kinds.ts";
import type { Column } from "./markdown.ts";

/** What the documents are written from. Without a state they are the plan's, with nothing filled in. */
export interface Export {
  readonly plan: Plan;
  readonly state: ReleaseState | undefined;
  readonly records: readonly AuditRecord[];
  /** The name that belongs to a person's id. */
  readonly nameOf: (id: string) => string;
  /** Every plan that it had, the first one first; none where only the one in force is at hand. */
  readonly plans?: readonly Plan[];
  /** Tables whose ids cannot be told from their rows. */
  readonly withIds: ReadonlySet<TableKind>;
}

/** `2026-03-10 02:17:03` */
export function shown(at: Instant | undefined): string | undefined {
  return at?.slice(0, 19).replace("T", " ");
}

export function idColumn(context: Export, kind: TableKind): Column<{ readonly id: string }> | undefined {
  return context.withIds.has(kind) ? { title: "ID", cell: ({ id }) => id, code: true } : undefined;
}

/** A column that only a release fills in. */
export function answer<T>(
  context: Export,
  title: string,
  cell: (item: T, state: ReleaseState) => string | undefined,
): Column<T> {
  const { state } = context;
  return { title, cell: (item) => (state === undefined ? undefined : cell(item, state)) };
}

export function actorName(context: Export, record: AuditRecord): string {
  const { actor } = record;
  return actor.kind === "person" || actor.kind === "tool" ? context.nameOf(actor.id) : describeActor(actor);
}
