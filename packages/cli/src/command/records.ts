import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { DeploymentRecord } from "@gonogo/core/deployment/events";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";

export interface Log {
  readonly records: readonly AuditRecord[];
  readonly names: Readonly<Record<string, string>>;
}

/** The whole log of a release, or of the `deployment`, page by page. Throws a Failure when the pages lead nowhere. */
export async function allRecords({ api }: Session, id: string): Promise<Log> {
  const records: (AuditRecord | DeploymentRecord)[] = [];
  const names: Record<string, string> = {};
  let after: string | undefined;
  for (;;) {
    const query = { limit: 500, ...(after === undefined ? {} : { after }) };
    const page = id === DEPLOYMENT ? await api.deploymentRecords(query) : await api.records(id, query);
    records.push(...page.items);
    Object.assign(names, page.names);
    if (page.next === undefined) return { records: records as readonly AuditRecord[], names };
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
