import { guardedFetch } from "@gonogo/adapters/http/guarded-fetch";
import { fetchFeed, whyNoFeed } from "@gonogo/adapters/icalendar/feed";
import type { Clock } from "@gonogo/core/release/ports";
import type { CalendarFeeds } from "./runtime.ts";

/** Feeds of the hosts that a deployment allows, at public addresses only. */
export function feedsFrom(hosts: readonly string[], clock: Pick<Clock, "now">): CalendarFeeds {
  return {
    whyNot: (address) => whyNoFeed(hosts, address),
    fetch: (address) => fetchFeed({ hosts, fetch: guardedFetch(), now: () => clock.now() }, address),
  };
}
