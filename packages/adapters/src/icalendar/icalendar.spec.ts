import type { Span } from "@gonogo/core/calendar/schema";
import type { Instant } from "@gonogo/core/kit/instant";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutsideError } from "../http/call.ts";
import { fetchFeed, readICalendar, whyNoFeed, writeICalendar } from "./index.ts";

const at = (text: string) => text as Instant;
const wanted = {
  name: "fair",
  kind: "freeze" as const,
  scope: { environments: ["Production"] },
  zone: "UTC",
  from: at("2025-01-01T00:00:00.000Z"),
  to: at("2026-01-01T00:00:00.000Z"),
};

function calendar(lines: string[], before: string[] = []): string {
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//test//EN",
    ...before,
    "BEGIN:VEVENT",
    "UID:1@test",
    "SUMMARY:Fair",
    ...lines,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

function times(text: string, zone = "UTC"): string[] {
  const read = readICalendar(text, { ...wanted, zone });
  if (!read.ok) throw new Error(read.message);
  return read.spans.map(({ from, to }) => `${from.slice(0, 16)}/${to.slice(0, 16)}`);
}

const OUTLOOK = [
  "BEGIN:VTIMEZONE",
  "TZID:W. Europe Standard Time",
  "BEGIN:STANDARD",
  "DTSTART:16010101T030000",
  "TZOFFSETFROM:+0200",
  "TZOFFSETTO:+0100",
  "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
  "END:STANDARD",
  "BEGIN:DAYLIGHT",
  "DTSTART:16010101T020000",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0200",
  "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
  "END:DAYLIGHT",
  "END:VTIMEZONE",
];

describe("an iCalendar text", () => {
  const cases: [string, string, string[], string?][] = [
    [
      "in UTC",
      calendar(["DTSTART:20250604T020000Z", "DTEND:20250604T040000Z"]),
      ["2025-06-04T02:00/2025-06-04T04:00"],
    ],
    [
      "with a duration",
      calendar(["DTSTART:20250604T020000Z", "DURATION:PT90M"]),
      ["2025-06-04T02:00/2025-06-04T03:30"],
    ],
    [
      "of whole days, in the zone that it is taken in",
      calendar(["DTSTART;VALUE=DATE:20250604", "DTEND;VALUE=DATE:20250606"]),
      ["2025-06-03T22:00/2025-06-05T22:00"],
      "Europe/Berlin",
    ],
    [
      "of a day without an end",
      calendar(["DTSTART;VALUE=DATE:20250604"]),
      ["2025-06-04T00:00/2025-06-05T00:00"],
    ],
    [
      "of a zone by its name, over the change of clocks",
      calendar([
        "DTSTART;TZID=Europe/Berlin:20250329T100000",
        "DTEND;TZID=Europe/Berlin:20250329T110000",
        "RRULE:FREQ=DAILY;COUNT=3",
      ]),
      [
        "2025-03-29T09:00/2025-03-29T10:00",
        "2025-03-30T08:00/2025-03-30T09:00",
        "2025-03-31T08:00/2025-03-31T09:00",
      ],
    ],
    [
      "of a zone that only the text knows",
      calendar(
        [
          "DTSTART;TZID=W. Europe Standard Time:20250604T100000",
          "DTEND;TZID=W. Europe Standard Time:20250604T110000",
        ],
        OUTLOOK,
      ),
      ["2025-06-04T08:00/2025-06-04T09:00"],
    ],
    [
      "that comes again, with a time left out and a time moved",
      `${calendar([
        "DTSTART:20250602T100000Z",
        "DTEND:20250602T110000Z",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20250630T235959Z",
        "EXDATE:20250609T100000Z",
      ]).replace("END:VCALENDAR\r\n", "")}${[
        "BEGIN:VEVENT",
        "UID:1@test",
        "SUMMARY:Fair, later",
        "RECURRENCE-ID:20250616T100000Z",
        "DTSTART:20250617T100000Z",
        "DTEND:20250617T120000Z",
        "END:VEVENT",
        "END:VCALENDAR",
      ].join("\r\n")}`,
      [
        "2025-06-02T10:00/2025-06-02T11:00",
        "2025-06-17T10:00/2025-06-17T12:00",
        "2025-06-23T10:00/2025-06-23T11:00",
        "2025-06-30T10:00/2025-06-30T11:00",
      ],
    ],
    [
      "the first Tuesday of each month",
      calendar([
        "DTSTART:20250107T020000Z",
        "DTEND:20250107T040000Z",
        "RRULE:FREQ=MONTHLY;BYDAY=1TU;COUNT=2",
      ]),
      ["2025-01-07T02:00/2025-01-07T04:00", "2025-02-04T02:00/2025-02-04T04:00"],
    ],
    [
      "that was cancelled",
      calendar(["DTSTART:20250604T020000Z", "DTEND:20250604T040000Z", "STATUS:CANCELLED"]),
      [],
    ],
    [
      "long ago, for ever",
      calendar(["DTSTART;VALUE=DATE:20000101", "RRULE:FREQ=YEARLY"]),
      ["2025-01-01T00:00/2025-01-02T00:00"],
    ],
  ];
  for (const [name, text, expected, zone] of cases) {
    it(`is read ${name}`, () => expect(times(text, zone)).toEqual(expected));
  }

  it("gives what it holds a name, a scope, and an id that stays", () => {
    const text = calendar(["DTSTART:20250604T020000Z", "DTEND:20250604T040000Z"]);
    const read = readICalendar(text, wanted);
    const again = readICalendar(text, wanted);
    expect(read).toMatchObject({
      ok: true,
      spans: [{ name: "Fair", kind: "freeze", source: "import", environments: ["Production"] }],
    });
    expect(again).toEqual(read);
  });

  it("says which zone it does not know", () => {
    const read = readICalendar(
      calendar(["DTSTART;TZID=Nowhere:20250604T020000", "DTEND;TZID=Nowhere:20250604T040000"]),
      wanted,
    );
    expect(read).toMatchObject({ ok: true, notes: [expect.stringContaining("Nowhere")] });
  });

  const refused: [string, string][] = [
    ["no calendar", "hello"],
    ["nothing", ""],
    ["one that never ends", calendar(["DTSTART:20000101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"])],
    ["too much", `BEGIN:VCALENDAR\r\n${"X-A:b\r\n".repeat(200_000)}END:VCALENDAR`],
    [
      "more times than are kept",
      calendar(["DTSTART:20250101T000000Z", "DURATION:PT1M", "RRULE:FREQ=HOURLY"]),
    ],
  ];
  for (const [name, text] of refused) {
    it(`is refused where it is ${name}`, () => {
      expect(readICalendar(text, wanted)).toMatchObject({ ok: false, message: expect.any(String) });
    });
  }

  it("never throws, whatever it says", () => {
    const lines = fc.array(
      fc.constantFrom(
        "DTSTART:20250604T020000Z",
        "DTSTART;VALUE=DATE:20250604",
        "DTSTART;TZID=Europe/Berlin:20250604T020000",
        "DTSTART:nonsense",
        "DTEND:20250604T040000Z",
        "DTEND:20240604T040000Z",
        "DURATION:-PT1H",
        "RRULE:FREQ=DAILY;COUNT=5",
        "RRULE:FREQ=NEVER",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=20",
        "EXDATE:20250605T020000Z",
        "RECURRENCE-ID:20250604T020000Z",
        "STATUS:CANCELLED",
        "BEGIN:VALARM",
        "END:VALARM",
        ":",
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(lines, (some) => {
        const read = readICalendar(calendar(some), wanted);
        if (read.ok) for (const span of read.spans) expect(span.from < span.to).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});

describe("an iCalendar that is written", () => {
  it("is read back as it was", () => {
    const span = fc
      .tuple(
        fc.integer({ min: 0, max: 500_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.string({ minLength: 1, maxLength: 80 }),
      )
      .map(([start, length, name]): Span => {
        const from = Date.UTC(2025, 0, 2) + start * 60_000;
        return {
          id: `x-${start}`,
          kind: "freeze",
          name: name.replace(/[^\p{L}\p{N},;:\\ ]/gu, "").trim() || "a, b; c\\d",
          from: new Date(from).toISOString() as Instant,
          to: new Date(from + length * 60_000).toISOString() as Instant,
          source: "declared",
        };
      });
    fc.assert(
      fc.property(fc.uniqueArray(span, { selector: ({ id }) => id, maxLength: 5 }), (spans) => {
        const text = writeICalendar(spans, at("2025-01-01T00:00:00.000Z"));
        for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(76);
        const read = readICalendar(text, { ...wanted, to: at("2027-01-01T00:00:00.000Z") });
        const seen = read.ok ? read.spans.map(({ from, to }) => `${from} ${to}`) : [];
        expect(new Set(seen)).toEqual(new Set(spans.map(({ from, to }) => `${from} ${to}`)));
      }),
    );
  });
});

describe("a feed", () => {
  const hosts = ["calendar.example.com"];
  const config = (answer: Response) => ({
    hosts,
    fetch: (async () => answer) as typeof fetch,
    now: () => at("2025-01-01T00:00:00.000Z"),
  });
  const url = "https://calendar.example.com/secret-part/basic.ics";

  it("is fetched from a host that is allowed", async () => {
    expect(await fetchFeed(config(new Response("BEGIN:VCALENDAR")), url)).toBe("BEGIN:VCALENDAR");
  });

  const away: [string, string][] = [
    ["http", "http://calendar.example.com/a.ics"],
    ["another host", "https://calendar.example.com.evil.test/a.ics"],
    ["an address", "https://169.254.169.254/a.ics"],
    ["another port", "https://calendar.example.com:8443/a.ics"],
    ["a password", "https://me:pw@calendar.example.com/a.ics"],
    ["no URL", "calendar.example.com"],
  ];
  for (const [name, address] of away) {
    it(`is not fetched from ${name}`, async () => {
      expect(whyNoFeed(hosts, address)).toEqual(expect.any(String));
      await expect(fetchFeed(config(new Response("")), address)).rejects.toThrow(OutsideError);
    });
  }

  it("follows no redirect, and says nothing of the address but its host", async () => {
    const moved = new Response(null, { status: 302, headers: { location: "https://10.0.0.1/" } });
    const failed = fetchFeed(config(moved), url);
    await expect(failed).rejects.toThrow("redirects elsewhere");
    await expect(failed).rejects.not.toThrow("secret-part");
    await expect(fetchFeed(config(new Response("", { status: 503 })), url)).rejects.toThrow("503");
  });

  it("is read up to a megabyte", async () => {
    const large = new Response("x".repeat(2_000_000));
    await expect(fetchFeed(config(large), url)).rejects.toThrow("larger");
  });
});
