import { DynamoGuard } from "@gonogo/adapters/dynamodb/guard";
import type { Process } from "../runtime.ts";

/** What may be guesses, and what was refused. */
export function guard({ settings }: Process): DynamoGuard {
  return new DynamoGuard({ region: settings.AWS_REGION }, settings.GONOGO_TABLE);
}
