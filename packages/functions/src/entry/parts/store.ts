import { DynamoReleaseStore } from "@gonogo/adapters/dynamodb/store";
import type { Process } from "../runtime.ts";

/** The release store. It has less time than the rest, which goes on without it (S15). */
export function store({ settings }: Process): DynamoReleaseStore {
  return new DynamoReleaseStore({ region: settings.AWS_REGION }, settings.GONOGO_TABLE);
}
