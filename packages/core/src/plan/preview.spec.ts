import { describe, expect, it } from "vitest";
import { spokenOffset } from "../kit/offset.ts";
import { samplePlan } from "../testing/plans.ts";
import { previewOf } from "./preview.ts";

describe("the preview of a plan", () => {
  const rows = (app: "app-store" | "google-play") =>
    previewOf(samplePlan({}, app)).map(({ kind, offset, endsOffset, what }) => ({
      kind,
      from: spokenOffset(offset),
      to: spokenOffset(endsOffset),
      what,
    }));

  it("has a row for everything that happens, in order of time", () => {
    expect(rows("google-play").map(({ kind, from }) => `${from} ${kind}`)).toEqual([
      "T-30 min gates",
      "T-30 min manual",
      "T phase",
      "T+15 min check",
      "T+20 min phase",
      "T+30 min phase",
      "T+2 h message",
      "T+2 h 30 min phase",
      "T+6 h 30 min phase",
      "T+1 day 6 h 30 min review",
    ]);
  });

  it("shows the true times of what keeps its own pace", () => {
    const phases = rows("app-store").filter(({ kind }) => kind === "phase");
    expect(phases.slice(2).map(({ from, to }) => [from, to])).toEqual([
      ["T+30 min", "T+3 days 30 min"],
      ["T+2 h 30 min", "T+5 days 30 min"],
      ["T+6 h 30 min", "T+6 days 30 min"],
    ]);
  });

  it("sends a message no earlier than what it claims", () => {
    const plan = samplePlan({
      messages: [
        {
          id: "all",
          at: "T+1 h",
          audience: "All",
          channel: "Mail",
          text: "At 100 %",
          owner: "Ops",
          needs: ["p5"],
        },
      ],
    });
    const message = previewOf(plan).find(({ kind }) => kind === "message");
    expect(message).toMatchObject({ offset: "T+1d6h30m", heldUpBy: ["p5"] });
  });
});
