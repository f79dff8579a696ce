import { DynamoAnchorStore } from "@gonogo/adapters/dynamodb/anchor-store";
import type { Process } from "../runtime.ts";

/** The log over all releases. */
export function anchors({ settings }: Process): DynamoAnchorStore {
  return new DynamoAnchorStore({ region: settings.AWS_REGION }, settings.GONOGO_TABLE);
}
