import type { S3Objects } from "@gonogo/adapters/s3/index";
import type { ObjectStore } from "@gonogo/core/evidence/port";
import type { Process } from "../runtime.ts";
import { deferred } from "./deferred.ts";

/** S3's client is among the largest, and most events have no file. */
export function objects({ aws, settings, base }: Process): ObjectStore {
  return deferred<S3Objects, keyof ObjectStore>(async () => {
    const { S3Objects } = await import("@gonogo/adapters/s3/index");
    return new S3Objects(aws, { bucket: settings.GONOGO_EVIDENCE_BUCKET, now: () => base.clock.now() });
  }, ["put", "get", "head", "uploadUrl", "downloadUrl", "list"]);
}
