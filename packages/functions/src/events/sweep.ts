import { CLOCK } from "@gonogo/core/actor/schema";
import { noticesDue } from "@gonogo/core/calendar/decide";
import { hours } from "@gonogo/core/kit/duration";
import { fromMillis, plus, toMillis } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import type { Page } from "@gonogo/core/release/ports";
import { executeForDeployment } from "../execute-deployment.ts";
import { attempt } from "../follow-up.ts";
import type { Using } from "../runtime.ts";
import { type Looking, visit } from "../tasks/visit.ts";
import { applyCalendar, sendNotices } from "./calendar.ts";
import { eraseOfDeployment } from "./erase-of-deployment.ts";
import { fetchFeeds } from "./feeds.ts";

/** What it takes to look after everything. */
export type Sweeping = Looking & Using<"feeds">;

/** A change of the calendar that is this young may not have reached every release yet. */
const YOUNG = hours(1);

/** Announces the maintenance windows that come, and tells releases of what the effects may have lost. */
async function sweepCalendar(runtime: Sweeping): Promise<void> {
  const now = runtime.clock.now();
  const { state } = await runtime.store.deployment();
  if (noticesDue(state.calendar, now).length > 0) {
    const body = { type: "AnnounceWindows" } as const;
    await executeForDeployment(runtime, { id: runtime.newId(), actor: CLOCK, body });
  }
  await sendNotices(runtime, true);
  await attempt(runtime, "fetch calendars", () => refreshFeeds(runtime));
  const { changedAt } = state.calendar;
  if (changedAt !== undefined && now < plus(changedAt, YOUNG)) await applyCalendar(runtime);
}

/** Feeds are fetched by the first sweep of each hour. */
const FEEDS_EVERY_MS = 3_600_000;
const SWEEPS_EVERY_MS = 300_000;

async function refreshFeeds(runtime: Sweeping): Promise<void> {
  const now = toMillis(runtime.clock.now());
  const isFirst = Math.floor(now / FEEDS_EVERY_MS) !== Math.floor((now - SWEEPS_EVERY_MS) / FEEDS_EVERY_MS);
  if (isFirst) await fetchFeeds(runtime);
}

/** A visit that is late by this much was lost. */
const LATE_MS = 120_000;
/** Releases looked at side by side. */
const AT_ONCE = 10;

/**
 * Finds releases whose next visit was lost and visits them (S10). What is well costs one look at its timer.
 */
export async function sweep(runtime: Sweeping): Promise<{ active: number; visited: string[] }> {
  const { store } = runtime;
  await attempt(runtime, "look after the calendar", () => sweepCalendar(runtime));
  await attempt(runtime, "erase texts", () => eraseOfDeployment(runtime));
  const active = await sweepAll(runtime, async (page) => {
    const { items, ...next } = await store.list("active", page);
    return { items: items.map(({ id }) => id), ...next };
  });
  // What has ended is looked after as long as something of it is still to come.
  const ended = await sweepAll(runtime, (page) => store.leftovers("visits", page));
  return { active: active.seen, visited: [...active.visited, ...ended.visited] };
}

async function sweepAll(
  runtime: Looking,
  pageOf: (page: { limit: number; after?: string }) => Promise<Page<string>>,
): Promise<{ seen: number; visited: string[] }> {
  const visited: string[] = [];
  let seen = 0;
  let after: string | undefined;
  do {
    const page = await pageOf({ limit: 100, ...(after === undefined ? {} : { after }) });
    seen += page.items.length;
    for (let from = 0; from < page.items.length; from += AT_ONCE) {
      const some = page.items.slice(from, from + AT_ONCE);
      visited.push(...(await Promise.all(some.map((id) => sweepOne(runtime, id)))).flat());
    }
    after = page.next;
  } while (after !== undefined);
  return { seen, visited };
}

async function sweepOne(runtime: Looking, release: string): Promise<string[]> {
  try {
    const armed = await runtime.timers.armed(release);
    const late = fromMillis(toMillis(runtime.clock.now()) - LATE_MS);
    if (armed !== undefined && armed >= late) return [];
    await visit(runtime, { release });
    return [release];
  } catch (error) {
    runtime.log.error("the sweep could not look after a release", { release, error: messageOf(error) });
    return [];
  }
}
