import type { Finding } from "@gonogo/core/doctor/schema";
import { toMillis } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import type { Using } from "../runtime.ts";

const PART = "audit log";
/** It is verified every ten minutes. */
const LATE_MS = 3_600_000;
const REMEDY =
  "keep the table as it is, and compare a bundle of it with the copies under audit/checkpoints: docs/operations.md, The audit";

/** What the last verification of the audit log said, and when that was. */
export async function examineAudit(runtime: Using<"anchors">): Promise<Finding[]> {
  const finding = (one: Omit<Finding, "part">): Finding[] => [{ part: PART, ...one }];
  try {
    const verified = await runtime.anchors.lastVerification();
    if (verified === undefined) return finding({ condition: "well", says: "nothing of it was verified yet" });
    const [first] = verified.found;
    if (first !== undefined) {
      const says = `it does not verify: ${first.class}: ${first.detail}`;
      return finding({ condition: "ill", says, remedy: REMEDY });
    }
    const late = toMillis(runtime.clock.now()) - toMillis(verified.at);
    if (late > LATE_MS) {
      const says = `it was verified at ${verified.at}, and not since`;
      return finding({ condition: "warning", says, remedy: "read the log of the function audit" });
    }
    return finding({ condition: "well", says: `whole, as verified at ${verified.at}` });
  } catch (error) {
    return finding({ condition: "unknown", says: `it could not be looked at: ${messageOf(error)}` });
  }
}

/** Whether what was signed is copied into another account, where a deployment wants that. */
export async function examineElsewhere(runtime: Using<"anchors" | "whereElse">): Promise<Finding[]> {
  const { anchors, whereElse } = runtime;
  if (whereElse === undefined) return [];
  const finding = (one: Omit<Finding, "part">): Finding[] => [{ part: "audit copies", ...one }];
  try {
    const state = await anchors.elsewhere();
    if (state?.where !== whereElse) {
      return finding({
        condition: "warning",
        says: `nothing was copied to ${whereElse} yet`,
        remedy: COPY_REMEDY,
      });
    }
    const { failed, size } = state;
    if (failed === undefined)
      return finding({ condition: "well", says: `up to ${size} leaves in ${whereElse}` });
    const says = `nothing can be copied to ${whereElse} since ${failed.since}: ${failed.why}`;
    return finding({ condition: "ill", says, remedy: COPY_REMEDY });
  } catch (error) {
    return finding({ condition: "unknown", says: `it could not be looked at: ${messageOf(error)}` });
  }
}

const COPY_REMEDY =
  "see that the bucket is there, and has Object Lock and the policy of docs/operations.md, The audit; it is tried again every ten minutes";
