import { StoreUnavailable } from "@gonogo/core/release/ports";
import { awsErrorName } from "../aws/config.ts";

/** What a call of the table threw: a mistake of ours stays what it is, all else means that the store is not there. */
export function unavailable(error: unknown): unknown {
  const name = awsErrorName(error);
  return name === "ValidationException" || name === "ResourceNotFoundException"
    ? error
    : new StoreUnavailable(error);
}

/** A call of the table, whose failures are told as those of the store. */
export async function reaching<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw unavailable(error);
  }
}
