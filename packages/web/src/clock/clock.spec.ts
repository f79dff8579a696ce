import { describe, expect, test } from "vitest";
import { heard, serverTime } from "./clock.ts";

const anchor = { server: 1_000_000, local: 500, speed: 1 };

describe("serverTime", () => {
  test("goes on at the server's pace between answers", () => {
    expect(serverTime(anchor, 2500)).toBe(1_002_000);
    expect(serverTime({ ...anchor, speed: 60 }, 1500)).toBe(1_060_000);
  });

  test("does not go back when the viewer's clock does", () => {
    expect(serverTime(anchor, 0)).toBe(1_000_000);
  });
});

describe("heard", () => {
  test("follows the server ahead", () => {
    expect(heard(anchor, 1_009_000, 1500)).toEqual({ server: 1_009_000, local: 1500, speed: 1 });
  });

  test("does not step back for a late answer", () => {
    expect(heard(anchor, 1_000_400, 1500).server).toBe(1_001_000);
  });

  test("steps back when the server's clock was really put back", () => {
    expect(heard(anchor, 400_000, 1500).server).toBe(400_000);
  });

  test("takes the server's word when the pace changes", () => {
    expect(heard({ ...anchor, speed: 60 }, 1_059_000, 1500, 1)).toEqual({
      server: 1_059_000,
      local: 1500,
      speed: 1,
    });
  });
});
