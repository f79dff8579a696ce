import { dayTime, localTime, span } from "../kit/format.ts";
import { useNow } from "./use-now.ts";

/** A moment in UTC; the viewer's own zone is in the title. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={localTime(at)}>
      {dayTime(at)}
    </time>
  );
}

/** How long until a moment, or since when it is past. */
export function Countdown({ to }: { readonly to: string }) {
  const left = Date.parse(to) - useNow();
  return <span class="countdown">{left >= 0 ? `in ${span(left)}` : `${span(-left)} ago`}</span>;
}
