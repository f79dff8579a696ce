import { type Input, invalid, isObject, optionalTime, refuseOthers } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Bus } from "./bus.ts";
import { busEvent, busNameOf, DEFAULT_BUS } from "./model.ts";

const MOST_ENTRIES = 10;
/** 1 MB for the whole request since 29 January 2026, before that 256 KB. */
const MOST_BYTES = 1_048_576;

/** An X-Ray trace header is taken and goes nowhere: the engine traces nothing. */
const served = ["Time", "Source", "Resources", "DetailType", "Detail", "EventBusName", "TraceHeader"];

type Result = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export function putEvents(
  kernel: Kernel,
  bus: Bus,
  input: Input,
): { FailedEntryCount: number; Entries: Result[] } {
  refuseOthers("PutEvents", input, ["Entries"]);
  const entries = readEntries(input);
  // All of a request's events are written at once: after a crash the answer is true for every entry.
  const results = kernel.store.transaction(() => entries.map((entry) => putOne(kernel, bus, entry)));
  return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
}

function readEntries(input: Input): Input[] {
  const entries = input.Entries;
  if (!Array.isArray(entries) || !entries.every(isObject))
    throw invalid("Entries must be a list of objects.");
  if (entries.length === 0) {
    throw invalid(
      "1 validation error detected: Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (entries.length > MOST_ENTRIES) {
    throw invalid(
      `1 validation error detected: Value '[${entries.map(shown).join(", ")}]' at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${MOST_ENTRIES}`,
    );
  }
  for (const entry of entries) {
    refuseOthers("PutEvents entry", entry, served);
    optionalTime(entry, "Time");
  }
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MOST_BYTES) {
    throw invalid("Total size of the entries in the request is over the limit.");
  }
  return entries;
}

function putOne(kernel: Kernel, bus: Bus, entry: Input): Result {
  for (const member of ["Source", "DetailType", "Detail"]) {
    if (typeof entry[member] !== "string" || entry[member] === "") return missing(member);
  }
  const source = String(entry.Source);
  if (source.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  const detail = objectIn(String(entry.Detail));
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const resources: unknown[] = Array.isArray(entry.Resources) ? entry.Resources : [];
  const event = busEvent(kernel.random.uuid(), optionalTime(entry, "Time") ?? kernel.clock.now(), {
    source,
    detailType: String(entry.DetailType),
    resources: resources.map(String),
    detail,
  });
  const named = typeof entry.EventBusName === "string" ? entry.EventBusName : DEFAULT_BUS;
  bus.accept(busNameOf(named), event);
  return { EventId: event.id };
}

function missing(member: string): Result {
  return {
    ErrorCode: "InvalidArgument",
    ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
  };
}

function objectIn(json: string): Input | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
function sizeOf(entry: Input): number {
  const resources: unknown[] = Array.isArray(entry.Resources) ? entry.Resources : [];
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...resources];
  const time = entry.Time === undefined || entry.Time === null ? 0 : 14;
  return texts.reduce<number>(
    (sum, text) => sum + (typeof text === "string" ? Buffer.byteLength(text) : 0),
    time,
  );
}

/** The entry as AWS's own validation prints it. */
function shown(entry: Input): string {
  const of = (member: string) => entry[member] ?? null;
  return (
    `PutEventsRequestEntry(time=${of("Time")}, source=${of("Source")}, resources=${of("Resources")}, ` +
    `detailType=${of("DetailType")}, detail=${of("Detail")}, eventBusName=${of("EventBusName")}, ` +
    `traceHeader=${of("TraceHeader")}, kmsKeyIdentifier=null, internalMetadata=null)`
  );
}
