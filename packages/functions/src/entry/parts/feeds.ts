import { feedsFrom } from "../../feeds.ts";
import type { CalendarFeeds } from "../../runtime.ts";
import type { Process } from "../runtime.ts";
import { readSecret } from "../secrets.ts";

export function feeds({ environment, base }: Process): CalendarFeeds {
  return feedsFrom(readSecret("GONOGO_CALENDARS", environment)?.hosts ?? [], base.clock);
}
