import type { HistoryEvent } from "./history.ts";
import { nextToken, pageSize, placeOf } from "./paging.ts";
import type { Tables } from "./tables.ts";

type Input = Readonly<Record<string, unknown>>;

/** GetExecutionHistory, in pages, either way round. */
export function historyPage(tables: Tables, arn: string, input: Input) {
  const limit = pageSize(input.maxResults);
  const from = Number(placeOf(input.nextToken) ?? 1);
  const events = tables.history.read(arn, { from, limit: limit + 1, reverse: input.reverseOrder === true });
  const data = input.includeExecutionData !== false;
  return {
    events: events.slice(0, limit).map((event) => shown(event, data)),
    ...nextToken(events.length > limit ? String(from + limit) : undefined),
  };
}

/** Members that carry what the execution works on, left out when the caller wants none of it. */
const DATA = ["input", "output", "parameters", "assignedVariables"];

function shown(event: HistoryEvent, data: boolean): Record<string, unknown> {
  const { timestamp, ...rest } = event;
  const dated: Record<string, unknown> = { timestamp: new Date(timestamp), ...rest };
  if (data) return dated;
  for (const [key, value] of Object.entries(dated)) {
    if (!key.endsWith("EventDetails")) continue;
    const kept = Object.entries(value as object).filter(([name]) => !DATA.includes(name));
    dated[key] = Object.fromEntries(kept);
  }
  return dated;
}
