export { type FeedConfig, fetchFeed, whyNoFeed } from "./feed.ts";
export { LARGEST_CALENDAR, readICalendar, type Wanted } from "./read.ts";
export { writeICalendar } from "./write.ts";
