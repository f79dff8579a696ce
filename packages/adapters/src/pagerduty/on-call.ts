import { firstGap, type Stretch } from "@gonogo/core/check/cover";
import { no, unknown, yes } from "@gonogo/core/check/look";
import type { Look } from "@gonogo/core/check/port";
import { parseInstant } from "@gonogo/core/kit/instant";
import { z } from "zod";
import { call, type Outside, OutsideError } from "../http/call.ts";

export interface PagerDutyConfig extends Outside {
  /** A read-only API key. */
  readonly token: string;
  /** `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com`. */
  readonly baseUrl?: string;
}

/** Without a start or an end somebody is on call always. */
const OnCalls = z.looseObject({
  oncalls: z.array(z.looseObject({ start: z.string().nullable(), end: z.string().nullable() })),
  more: z.boolean().nullish(),
});
const PAGE = 100;
const MOST_PAGES = 10;

/**
 * Whether a schedule has somebody on call for the whole of a stretch. Who it is stays with PagerDuty.
 * https://developer.pagerduty.com/api-reference/3a6b910f11050-list-all-of-the-on-calls
 */
export async function lookAtSchedule(
  config: PagerDutyConfig,
  schedule: string,
  stretch: Stretch,
): Promise<Look> {
  const source = `PagerDuty schedule ${schedule}`;
  const shifts: Stretch[] = [];
  try {
    for (let page = 0; ; page++) {
      if (page >= MOST_PAGES)
        return unknown(source, `it has more than ${MOST_PAGES * PAGE} shifts in that time`);
      const query = new URLSearchParams([
        ["schedule_ids[]", schedule],
        ["since", stretch.from],
        ["until", stretch.to],
        ["limit", String(PAGE)],
        ["offset", String(page * PAGE)],
      ]);
      const answer = await call(config, {
        what: "PagerDuty, list on-calls",
        url: `${(config.baseUrl ?? "https://api.pagerduty.com").replace(/\/$/, "")}/oncalls?${query}`,
        headers: {
          accept: "application/vnd.pagerduty+json;version=2",
          authorization: `Token token=${config.token}`,
        },
      });
      if (answer.status === 401) return unknown(source, "PagerDuty does not know the token in GONOGO_PROBES");
      if (answer.status !== 200) return unknown(source, `PagerDuty answered ${answer.status}`);
      const parsed = OnCalls.safeParse(answer.json);
      if (!parsed.success) return unknown(source, "PagerDuty's answer is not as documented");
      for (const { start, end } of parsed.data.oncalls) {
        const from = start === null ? stretch.from : parseInstant(start);
        const to = end === null ? stretch.to : parseInstant(end);
        if (from !== undefined && to !== undefined) shifts.push({ from, to });
      }
      if (parsed.data.more !== true) break;
    }
  } catch (error) {
    if (error instanceof OutsideError) return unknown(source, error.message);
    throw error;
  }
  return covered(source, stretch, shifts);
}

/** What a list of shifts says of a stretch. */
export function covered(source: string, stretch: Stretch, shifts: readonly Stretch[]): Look {
  const gap = firstGap(stretch, shifts);
  const value = `${stretch.from} to ${stretch.to}`;
  return gap === undefined
    ? yes(source, `somebody is on call from ${stretch.from} to ${stretch.to}`, { value })
    : no(source, `nobody is on call at ${gap}`, { value: `nobody at ${gap}` });
}
