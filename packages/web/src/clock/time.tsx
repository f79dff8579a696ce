import { clockTime, dayTime, localTime, span } from "../kit/format.ts";
import { useNow } from "./use-now.ts";

/** A moment in UTC; the viewer's own zone is in the title. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={localTime(at)}>
      {dayTime(at)}
    </time>
  );
}

/** The time of day in UTC, with the day where it is another one. */
export function ShortTime({ at }: { readonly at: string }) {
  const now = useNow(60_000);
  const isToday = new Date(now).toISOString().slice(0, 10) === at.slice(0, 10);
  return (
    <time dateTime={at} title={localTime(at)}>
      {isToday ? `${clockTime(at)} UTC` : dayTime(at)}
    </time>
  );
}

/** How long until a moment, or since when it is past. */
export function Countdown({ to }: { readonly to: string }) {
  const left = Date.parse(to) - useNow();
  return <span class="countdown">{left >= 0 ? `in ${span(left)}` : `${span(-left)} ago`}</span>;
}
