import type { S3Copies } from "@gonogo/adapters/s3/copies";
import type { Copies } from "@gonogo/core/audit/ports";
import { CHECKPOINTS } from "../../events/copies.ts";
import type { Process } from "../runtime.ts";
import { deferred } from "./deferred.ts";

/** The copies of what was signed. They are looked at when something is to be signed, and once a day. */
export function copies({ aws, settings }: Process): Copies {
  return deferred<S3Copies, keyof Copies>(async () => {
    const { S3Copies } = await import("@gonogo/adapters/s3/copies");
    return new S3Copies(aws, { bucket: settings.GONOGO_EVIDENCE_BUCKET, prefix: CHECKPOINTS });
  }, ["versions"]);
}
