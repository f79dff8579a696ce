import { describe, expect, it } from "vitest";
import { samplePlan } from "../testing/plans.ts";
import { previewOf } from "./preview.ts";

function phases(app: "app-store" | "google-play"): Record<string, [string, string]> {
  const rows = previewOf(samplePlan({}, app)).filter(({ kind }) => kind === "phase");
  return Object.fromEntries(rows.map(({ what, offset, endsOffset }) => [what, [offset, endsOffset]]));
}

describe("the timeline before it runs", () => {
  it("is the table's own where every target does as it is told", () => {
    expect(phases("google-play")).toEqual({
      "Shift api to 10 % (10 % of traffic)": ["T", "T+15m"],
      "Shift api to 100 % (100 % of traffic)": ["T+20m", "T+50m"],
      "Shift app to 10 % (10 % of traffic)": ["T+30m", "T+2h30m"],
      "Shift app to 50 % (50 % of traffic)": ["T+2h30m", "T+6h30m"],
      "Shift app to 100 % (100 % of traffic)": ["T+6h30m", "T+1d6h30m"],
    });
  });

  it("is Apple's curve for the App Store: day 4 for 10 %, day 6 for 50 %, day 7 for all", () => {
    expect(phases("app-store")).toMatchObject({
      "Shift app to 10 % (10 % of traffic)": ["T+30m", "T+3d30m"],
      "Shift app to 50 % (50 % of traffic)": ["T+2h30m", "T+5d30m"],
      "Shift app to 100 % (100 % of traffic)": ["T+6h30m", "T+6d30m"],
    });
  });

  it("names what makes a step later than its own offset, and is in order", () => {
    const base = samplePlan();
    const steps = base.steps.map((step) =>
      step.id === "p2" ? { ...step, at: "T+5m" as typeof step.at } : step,
    );
    const rows = previewOf({ ...base, steps });
    expect(rows.find(({ what }) => what.startsWith("Shift api to 100"))).toMatchObject({
      offset: "T+15m",
      heldUpBy: ["p1"],
    });
    expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).toSorted());
  });

  it("has the gates first, the bake after the last phase, and the review at the end", () => {
    const plan = samplePlan({
      limits: { bake: "1 h" },
      poll: { at: "T-45 min", closes: "T", roles: ["Ops"] },
    });
    const rows = previewOf(plan);
    expect(rows[0]).toMatchObject({ kind: "gates", offset: "T-45m" });
    expect(rows.find(({ kind }) => kind === "bake")).toMatchObject({
      offset: "T+1d6h30m",
      endsOffset: "T+1d7h30m",
    });
    expect(rows.at(-1)).toMatchObject({ kind: "review", offset: "T+1d7h30m" });
  });
});
