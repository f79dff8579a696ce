import { firstGap, type Stretch } from "@gonogo/core/check/cover";
import type { Look } from "@gonogo/core/check/port";
import type { Instant } from "@gonogo/core/kit/instant";
import { samplePlan } from "@gonogo/core/testing/plans";
import { describe, expect, it } from "vitest";
import { OnCallCheck } from "./check.ts";
import { shiftsIn } from "./icalendar.ts";

const NOW = "2025-06-03T12:00:00.000Z" as Instant;
/** T is at 02:00 on the 4th, the first row half an hour before; the plan goes on for more than a day. */
const PLAN = samplePlan();
const STATE = { plannedT: PLAN.start } as never;

function schedule(answer: (request: Request) => Response, token: string | undefined = "k3y"): Promise<Look> {
  const fetch_ = (async (input: string | URL | Request, init?: RequestInit) =>
    answer(new Request(input, init))) as typeof fetch;
  const base = { fetch: fetch_, now: () => NOW };
  const feeds = { ...base, hosts: ["cal.example.org"], resolve: async () => ["93.184.216.34"] };
  const check = new OnCallCheck({ pagerduty: { ...base, token }, feeds });
  const probe = { kind: "on-call", rotation: { kind: "pagerduty", schedule: "PABC123" } } as const;
  return check.look({ probe, plan: PLAN, state: STATE, now: NOW });
}

const shift = (start: string | null, end: string | null) => ({ start, end, user: { summary: "Jo Doe" } });
const oncalls =
  (...list: object[]) =>
  () =>
    Response.json({ oncalls: list, more: false });

describe("a schedule of PagerDuty", () => {
  it.each([
    ["one shift", oncalls(shift("2025-06-04T00:00:00Z", "2025-06-05T06:00:00Z")), "yes", "somebody"],
    [
      "shifts that meet, in another zone",
      oncalls(
        shift("2025-06-04T12:00:00+02:00", "2025-06-05T06:00:00Z"),
        shift("2025-06-03T10:00:00Z", "2025-06-04T10:00:00Z"),
      ),
      "yes",
      "somebody",
    ],
    ["somebody always", oncalls(shift(null, null)), "yes", "somebody"],
    [
      "a gap",
      oncalls(shift("2025-06-04T00:00:00Z", "2025-06-04T10:00:00Z"), shift("2025-06-04T11:00:00Z", null)),
      "no",
      "nobody is on call at 2025-06-04T10:00:00.000Z",
    ],
    ["nobody", oncalls(), "no", "nobody is on call at 2025-06-04T01:30:00.000Z"],
    ["a wrong key", () => new Response("{}", { status: 401 }), "unknown", "does not know the token"],
    ["another form", () => Response.json({}), "unknown", "not as documented"],
  ] as [string, () => Response, string, string][])("with %s", async (_, answer, expected, detail) => {
    const look = await schedule(answer);
    expect(look.answer).toBe(expected);
    expect(look.saw.detail).toContain(detail);
    expect(JSON.stringify(look)).not.toMatch(/Jo Doe|k3y/);
  });

  it("is asked about the release's own time, page by page", async () => {
    const asked: URL[] = [];
    const look = await schedule((request) => {
      const url = new URL(request.url);
      asked.push(url);
      expect(request.headers.get("authorization")).toBe("Token token=k3y");
      return url.searchParams.get("offset") === "0"
        ? Response.json({ oncalls: [shift("2025-06-04T00:00:00Z", "2025-06-04T12:00:00Z")], more: true })
        : Response.json({ oncalls: [shift("2025-06-04T12:00:00Z", null)], more: false });
    });
    expect(look.answer).toBe("yes");
    expect(asked.map((url) => url.searchParams.get("offset"))).toEqual(["0", "100"]);
    expect(asked[0]?.searchParams.get("since")).toBe("2025-06-04T01:30:00.000Z");
    expect(asked[0]?.searchParams.get("schedule_ids[]")).toBe("PABC123");
  });
});

const feed = (...events: string[]) =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", ...events, "END:VCALENDAR", ""].join("\r\n");
const event = (...lines: string[]) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"].join("\r\n");
const DAY: Stretch = {
  from: "2025-06-04T00:00:00.000Z" as Instant,
  to: "2025-06-05T00:00:00.000Z" as Instant,
};

describe("a calendar of shifts", () => {
  const daily = event(
    "UID:1",
    "DTSTART:20250101T080000Z",
    "DTEND:20250101T200000Z",
    "RRULE:FREQ=DAILY",
    "SUMMARY:Jo",
  );
  const nightly = event("UID:2", "DTSTART:20250101T200000Z", "DTEND:20250102T080000Z", "RRULE:FREQ=DAILY");

  it("covers a day with shifts that repeat", () => {
    expect(firstGap(DAY, shiftsIn(feed(daily, nightly), DAY) ?? [])).toBeUndefined();
  });

  it("has a gap where one is taken out", () => {
    const without = nightly.replace("END:VEVENT", "EXDATE:20250603T200000Z\r\nEND:VEVENT");
    expect(firstGap(DAY, shiftsIn(feed(daily, without), DAY) ?? [])).toBe("2025-06-04T00:00:00.000Z");
  });

  it("knows the moved one of a series", () => {
    const moved = event(
      "UID:1",
      "RECURRENCE-ID:20250604T080000Z",
      "DTSTART:20250604T100000Z",
      "DTEND:20250604T200000Z",
    );
    expect(firstGap(DAY, shiftsIn(feed(daily, nightly, moved), DAY) ?? [])).toBe("2025-06-04T08:00:00.000Z");
  });

  it.each(["", "<html></html>", "BEGIN:VEVENT\r\nEND:VEVENT"])("%j is none", (text) => {
    expect(shiftsIn(text, DAY)).toBeUndefined();
  });
});
