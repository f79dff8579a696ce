import type { Verification } from "@gonogo/client";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";
import type { Head } from "./log-file.ts";

/** Walks the chain on this machine. Throws a Failure for what no audit log can be. */
export function verifyLog(release: string, records: readonly AuditRecord[], head?: Head): Verification {
  try {
    return verifyChain(release, records, head);
  } catch (error) {
    // Canonical JSON has no form for half a surrogate pair, and a value can be nested too deep to walk.
    throw new Failure({
      code: "audit.not-canonical",
      exit: EXIT.refused,
      message: `a record has something in it that no digest can be taken over: ${error instanceof Error ? error.message : error}`,
      hint: "gonogo writes no such record: the file was made or changed by something else.",
    });
  }
}
