import { CLOCK } from "@gonogo/core/actor/schema";
import type { CalendarReport } from "@gonogo/core/calendar/commands";
import { days } from "@gonogo/core/kit/duration";
import { type Instant, minus, plus } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import { executeForDeployment } from "../execute-deployment.ts";
import type { Using } from "../runtime.ts";

/** So far ahead an imported calendar is read. */
const READ_AHEAD = days(400);
/** What has been over for longer is left out. */
const KEPT_AFTER = days(1);

/** Between which moments an imported calendar is read. */
export function importedBetween(now: Instant): { from: Instant; to: Instant } {
  return { from: minus(now, KEPT_AFTER), to: plus(now, READ_AHEAD) };
}

/** Fetches every feed again. One that cannot be fetched keeps what it last said, and the calendar says so. */
export async function fetchFeeds(runtime: Using<"store" | "feeds">): Promise<void> {
  const { calendar } = (await runtime.store.deployment()).state;
  for (const [name, { host }] of Object.entries(calendar.imports)) {
    if (host === undefined) continue;
    const outcome = await fetchOne(runtime, name);
    const body = { type: "RecordFeed", name, outcome } as const;
    await executeForDeployment(runtime, { id: runtime.newId(), actor: CLOCK, body });
  }
}

type Fetched = Extract<CalendarReport, { type: "RecordFeed" }>["outcome"];

async function fetchOne(runtime: Using<"store" | "feeds">, name: string): Promise<Fetched> {
  const { calendar } = (await runtime.store.deployment()).state;
  const known = calendar.imports[name];
  if (known === undefined) return { ok: false, why: "it was removed" };
  try {
    const address = await runtime.store.feedAddress(name);
    if (address === undefined) return { ok: false, why: "its address is not known; import it again" };
    const text = await runtime.feeds.fetch(address);
    // Large, and needed once an hour: loaded when it is.
    const { readICalendar } = await import("@gonogo/adapters/icalendar/read");
    const between = importedBetween(runtime.clock.now());
    const { kind, scope } = known;
    const read = readICalendar(text, { name, kind, scope, zone: calendar.rules.zone, ...between });
    if (!read.ok) return { ok: false, why: read.message };
    return { ok: true, spans: read.spans, until: between.to };
  } catch (error) {
    runtime.log.warn("a calendar could not be fetched", { name, error: messageOf(error) });
    return { ok: false, why: messageOf(error).slice(0, 300) };
  }
}
