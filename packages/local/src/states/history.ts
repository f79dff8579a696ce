/** One event as it is stored; its details stand under a key of their own, as in the API. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly type: string;
  readonly [details: `${string}EventDetails`]: unknown;
}

/** "The history of an execution: 25,000 events"; the last one says that the execution failed for it. */
export const HISTORY_LIMIT = 25_000;

export class HistoryFull extends Error {}

export function historyEvent(
  place: { id: number; previousEventId: number; timestamp: number },
  type: string,
  details: Readonly<Record<string, unknown>> | undefined,
): HistoryEvent {
  return details === undefined ? { ...place, type } : { ...place, type, [detailsKey(type)]: details };
}

function detailsKey(type: string): `${string}EventDetails` {
  if (type.endsWith("StateEntered")) return "stateEnteredEventDetails";
  if (type.endsWith("StateExited")) return "stateExitedEventDetails";
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

export const whole = { truncated: false };

/** `{ error, cause }` without what is absent. */
export function errorDetails(failure: { error?: string; cause?: string }): Record<string, string> {
  return {
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
  };
}
