import type { AuditRecord } from "@gonogo/core/audit/schema";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";

export interface Log {
  readonly records: readonly AuditRecord[];
  readonly names: Readonly<Record<string, string>>;
}

/** A release's whole log, page by page. Throws a Failure when the pages lead nowhere. */
export async function allRecords({ api }: Session, id: string): Promise<Log> {
  const records: AuditRecord[] = [];
  const names: Record<string, string> = {};
  let after: string | undefined;
  for (;;) {
    const page = await api.records(id, { limit: 500, ...(after === undefined ? {} : { after }) });
    records.push(...page.items);
    Object.assign(names, page.names);
    if (page.next === undefined) return { records, names };
    if (page.next === after || page.items.length === 0) {
      throw new Failure({
        code: "audit.pages",
        exit: EXIT.unreachable,
        message: `the server's pages of ${id}'s log go round in a circle after record ${records.length}`,
        hint: "Is the server of the same version as this command?",
      });
    }
    after = page.next;
  }
}
