import { S3Objects } from "@gonogo/adapters/s3/index";
import type { Process } from "../runtime.ts";

export function objects({ aws, settings, base }: Process): S3Objects {
  return new S3Objects(aws, { bucket: settings.GONOGO_EVIDENCE_BUCKET, now: () => base.clock.now() });
}
