import type { CopiesElsewhere } from "@gonogo/core/audit/ports";
import { NOWHERE } from "../../events/copies.ts";
import type { Process } from "../runtime.ts";
import { deferred } from "./deferred.ts";
import { auditCopies, whereElse } from "./where-else.ts";

/** Copies in another account, where the deployment names a bucket there. */
export function elsewhere(process: Process): CopiesElsewhere {
  const there = auditCopies(process);
  if (there === undefined) return NOWHERE;
  const made = deferred<CopiesElsewhere, "put">(async () => {
    const { S3Elsewhere } = await import("@gonogo/adapters/s3/elsewhere");
    return new S3Elsewhere(process.aws, there, () => process.base.clock.now());
  }, ["put"]);
  return { ...made, where: whereElse(process) };
}
