import { describe, expect, test } from "vitest";
import { samplePlan } from "../testing/plans.ts";
import { planDifference } from "./difference.ts";

const plan = samplePlan();

describe("planDifference", () => {
  test("a plan does not differ from itself, whatever it is filed under", () => {
    expect(planDifference(plan, { ...plan, id: "REL-OTHER" })).toEqual([]);
  });

  test("a changed field is named by its way, with both values", () => {
    const [first, ...others] = plan.metrics;
    const after = { ...plan, metrics: [{ ...first!, threshold: "< 9 %" }, ...others] };
    expect(planDifference(plan, after)).toEqual([
      { path: ["metrics", first!.id, "threshold"], before: first!.threshold, after: "< 9 %" },
    ]);
  });

  test("a step put in between is one change, and so is one taken away", () => {
    const [first, ...others] = plan.steps;
    const added = { ...first!, id: "fresh" };
    const after = { ...plan, steps: [first!, added, ...others] };
    expect(planDifference(plan, after)).toEqual([
      { path: ["steps", "fresh"], after: expect.stringContaining("fresh") },
    ]);
    expect(planDifference(after, plan)).toEqual([
      { path: ["steps", "fresh"], before: expect.stringContaining("fresh") },
    ]);
  });

  test("a list without names is compared as a whole", () => {
    const attendees = [...plan.review.attendees, "Auditor"];
    const after = { ...plan, review: { ...plan.review, attendees } };
    expect(planDifference(plan, after)).toEqual([
      expect.objectContaining({ path: ["review", "attendees"], after: attendees.join(", ") }),
    ]);
  });
});
