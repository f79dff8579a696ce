import type { RecordedEvent } from "./vectors.ts";

type Fields = Record<string, unknown>;

export const details = (event: RecordedEvent): Fields =>
  (Object.entries(event).find(([key]) => key.endsWith("EventDetails"))?.[1] as Fields | undefined) ?? {};

export const parsed = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);

/** ARNs, ids and times that differ with every run. */
function located(text: string): string {
  return text
    .replace(
      /arn:(aws|<partition>):lambda:(us-east-1|<region>):\d+:function:[^":\s']+(:\$LATEST)?|(no_such_)?<lambda_function[^>]*>/g,
      "FUNCTION",
    )
    .replace(
      /arn:(aws|<partition>):states:(us-east-1|<region>):\d+:(stateMachine|execution):[^"\s']+/g,
      "STATES",
    )
    .replace(/Request ID: [^;]+/g, "Request ID")
    .replace(/us-east-1|<region>/g, "REGION");
}

const MASKED = [
  "EnteredTime",
  "StartTime",
  "StartDate",
  "StopDate",
  "roleArn",
  "RoleArn",
  "EventId",
  "Id",
  "start_at",
];

function normal(value: unknown, key = ""): unknown {
  if (MASKED.includes(key)) return key;
  if (key === "Name" && !/^[A-Z][A-Za-z0-9]*$/.test(String(value))) return key;
  if (key === "SdkHttpMetadata" || key === "SdkResponseMetadata") return typeof value;
  if (typeof value === "string") {
    try {
      const inner: unknown = JSON.parse(value);
      return normal(inner);
    } catch {
      return located(value);
    }
  }
  if (Array.isArray(value)) return value.map((item) => normal(item));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Fields;
  if (typeof fields.errorType === "string")
    return { errorType: fields.errorType, errorMessage: fields.errorMessage };
  return Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, normal(item, name)]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, item]) => [name, sorted(item)]));
}

/** What is compared of an event. The recorder blanked the order around parallel
 * branches, and lost the events without details. */
export function comparable(events: readonly RecordedEvent[], blank: boolean) {
  const plain = events.map((event) => {
    const { id, previousEventId, type } = event;
    return { id, previousEventId, type, details: normal(details(event)) };
  });
  if (!blank) return plain;
  return plain
    .filter(({ type }) => !/^ParallelState(Succeeded|Failed)$/.test(type))
    .map(({ type, details: said }) => JSON.stringify([type, sorted(said)]))
    .sort();
}

/** Tasks that timed out in the same moment: their order is chance. */
export function settled(events: readonly RecordedEvent[]): RecordedEvent[] {
  return events.map((event) =>
    event.type === "TaskTimedOut" && events.length > 20 ? { ...event, previousEventId: 0 } : event,
  );
}
