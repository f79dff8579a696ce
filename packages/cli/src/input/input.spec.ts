import { describe, expect, it } from "vitest";
import { parseAlarm } from "./alarm.ts";
import { quoted } from "./quote.ts";
import { decimal, field, wholeNumber } from "./values.ts";

describe("an alarm to be tried", () => {
  it.each([
    ["API5xxAlarm@T+17m", { name: "API5xxAlarm", at: "T+17m" }],
    ["Latency@T+2h/10m", { name: "Latency", at: "T+2h", for: "10m" }],
    ["ops@example.com down@T", { name: "ops@example.com down", at: "T" }],
    ["A/B@T-5 min", { name: "A/B", at: "T-5m" }],
    ["Alarm@T+2.5 h / 1h30m", { name: "Alarm", at: "T+2h30m", for: "1h30m" }],
  ])("%s", (text, alarm) => {
    expect(parseAlarm(text)).toEqual(alarm);
  });

  it.each([
    ["API5xxAlarm", "no @"],
    ["@T+17m", "no name before the @"],
    ["Alarm@17m", "column 7: expected T"],
    ["Alarm@T+17", 'column 9: after T+: "17" needs a unit'],
    ["Alarm@T+17m/", "column 13"],
    ["Alarm@T+17m/soon", "column 13"],
    ["Alarm@T+1m/2m/3m", "more than one /"],
    ["Alarm@T+1m/0s", "lasts no time"],
  ])("%s is refused: %s", (text, why) => {
    expect(() => parseAlarm(text)).toThrow(why);
    expect(() => parseAlarm(text)).toThrow("An alarm is written name@offset");
  });
});

describe("option values", () => {
  it("takes whole numbers within their bounds only", () => {
    expect(wholeNumber(1, 10)("7")).toBe(7);
    for (const text of ["0", "11", "-1", "1.5", "1e1", "0x3", "", " ", "NaN"]) {
      expect(() => wholeNumber(1, 10)(text), text).toThrow("a whole number from 1 to 10");
    }
  });

  it("takes a reading without exponent, unit or thousands separator", () => {
    expect(decimal("99.8")).toBe(99.8);
    expect(decimal("-3")).toBe(-3);
    for (const text of ["1,200", "5 %", "1e3", "Infinity", "", "."])
      expect(() => decimal(text), text).toThrow("number");
  });

  it("gathers fields, and takes the same one only once", () => {
    expect(field("b= x = y ", field("a=1"))).toEqual({ a: "1", b: "x = y" });
    expect(() => field("a=2", field("a=1"))).toThrow("twice");
    expect(() => field("=text")).toThrow("name=text");
    expect(() => field("text")).toThrow("name=text");
    expect(field("__proto__=x")).toEqual(Object.fromEntries([["__proto__", "x"]]));
  });

  it("quotes what a shell would take apart", () => {
    expect(quoted("REL-1")).toBe("REL-1");
    expect(quoted("Release Manager")).toBe('"Release Manager"');
    expect(quoted("it's $5")).toBe("'it'\\''s $5'");
  });
});
