import { describe, expect, it } from "vitest";
import { instantOf, instantsOf, isTimeZone, wallTime } from "./zone.ts";

const iso = (ms: number) => new Date(ms).toISOString();
const wall = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[-T:]/).map(Number);
  return { year, month, day, hour, minute, second };
};

describe("wall times and instants", () => {
  it.each([
    ["an ordinary time", "2026-07-01T09:00:00", "America/New_York", ["2026-07-01T13:00:00.000Z"]],
    ["a time the clock jumps over", "2026-03-08T02:30:00", "America/New_York", []],
    [
      "a time shown twice",
      "2026-11-01T01:30:00",
      "America/New_York",
      ["2026-11-01T05:30:00.000Z", "2026-11-01T06:30:00.000Z"],
    ],
    [
      "a half-hour shift, shown twice",
      "2026-04-05T01:45:00",
      "Australia/Lord_Howe",
      ["2026-04-04T14:45:00.000Z", "2026-04-04T15:15:00.000Z"],
    ],
    ["UTC", "2026-03-08T02:30:00", "UTC", ["2026-03-08T02:30:00.000Z"]],
    ["a zone without summer time", "2026-03-08T02:30:00", "Asia/Kolkata", ["2026-03-07T21:00:00.000Z"]],
  ])("%s", (_name, text, zone, instants) => {
    expect(instantsOf(wall(text), zone).map(iso)).toEqual(instants);
  });

  it("moves a time that is jumped over as far as the clock jumps", () => {
    expect(iso(instantOf(wall("2026-03-08T02:30:00"), "America/New_York"))).toBe("2026-03-08T07:30:00.000Z");
    expect(wallTime(Date.parse("2026-03-08T07:30:00Z"), "America/New_York")).toEqual(
      wall("2026-03-08T03:30:00"),
    );
  });

  it("knows zones by their IANA names only", () => {
    expect(["UTC", "Europe/Berlin", "Asia/Kathmandu"].map(isTimeZone)).toEqual([true, true, true]);
    expect(["+01:00", "Mars/Olympus", "", "Berlin"].map(isTimeZone)).toEqual([false, false, false, false]);
  });
});
