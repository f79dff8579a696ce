import type { Process } from "../runtime.ts";
import { AuditCopies, NO_KEY } from "../settings.ts";

/** The bucket of another account, as the deployment names it. */
export function auditCopies({ settings }: Process): ReturnType<typeof AuditCopies.parse> | undefined {
  const named = settings.GONOGO_AUDIT_COPIES;
  return named === NO_KEY ? undefined : AuditCopies.parse(JSON.parse(named));
}

export function whereElse(process: Process): string | undefined {
  const there = auditCopies(process);
  return there === undefined ? undefined : `${there.bucket} in ${there.account}`;
}
