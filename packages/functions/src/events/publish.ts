import type { AuditRecord } from "@gonogo/core/audit/schema";
import { messageOf } from "@gonogo/core/kit/text";
import type { Using } from "../runtime.ts";

/** As much of a DynamoDB stream record as is read here. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly NewImage?: Record<string, { readonly S?: string | undefined }> | undefined;
      }
    | undefined;
}

/**
 * Puts each audit record that was written on the bus. Records come in order; from the first that could not
 * be put on, the rest is left to the next try, so that order is kept.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export async function publish(
  runtime: Using<"bus">,
  event: { readonly Records: readonly StreamRecord[] },
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  for (const record of event.Records) {
    const written = recordIn(record);
    if (written === undefined) continue;
    try {
      await runtime.bus.publish([{ type: written.event.type, detail: written }]);
    } catch (error) {
      runtime.log.warn("a record could not be put on the bus", {
        release: written.release,
        seq: written.seq,
        error: messageOf(error),
      });
      const itemIdentifier = record.dynamodb?.SequenceNumber ?? "";
      return { batchItemFailures: [{ itemIdentifier }] };
    }
  }
  return { batchItemFailures: [] };
}

function recordIn({ eventName, dynamodb }: StreamRecord): AuditRecord | undefined {
  const image = dynamodb?.NewImage;
  if (eventName !== "INSERT" || image?.sk?.S?.startsWith("EVENT#") !== true) return undefined;
  return JSON.parse(image.doc?.S ?? "null") as AuditRecord;
}
