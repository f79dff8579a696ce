import type { AuditRecord } from "../audit/schema.ts";
import type { DeploymentRecord } from "../deployment/events.ts";
import type { Answer } from "../release/ports.ts";

/** What is written over in the transaction that records an erasure as done. */
export interface Erased<R = AuditRecord | DeploymentRecord> {
  /** Records as they stand without their texts. */
  readonly records: readonly R[];
  /** What their commands were answered, without what could give a text away. */
  readonly answers: readonly (Answer & { readonly command: string })[];
}
