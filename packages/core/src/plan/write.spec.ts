import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { phase, samplePlan } from "../testing/plans.ts";
import { planDigest, readPlan } from "./read.ts";
import type { Plan } from "./schema.ts";
import { writePlan } from "./write.ts";

function expectSame(plan: Plan, comments: string[] = []): string {
  const text = writePlan(plan, comments);
  const back = readPlan(text, "plan.yaml");
  expect(back.problems).toEqual([]);
  expect(back.plan).toEqual(plan);
  expect(back.plan && planDigest(back.plan)).toBe(planDigest(plan));
  return text;
}

describe("a plan as YAML", () => {
  it("reads as a person would write it: in order, times spoken, defaults left out", () => {
    const text = expectSame(samplePlan());
    expect(text.startsWith("gonogo: 1\nid: REL-1\ntitle: Sample\nstart: 2025-06-04 02:00 UTC\n")).toBe(true);
    expect(text).toContain("  - id: p4\n    kind: phase\n    at: T+2 h 30 min\n");
    expect(text).toContain("watch: 15 min\n");
    for (const unsaid of ["limits:", "onRed:", "needs: []", "of: traffic", "kind: person"]) {
      expect(text).not.toContain(unsaid);
    }
  });

  it("keeps what stands where a default would be", () => {
    const plan = samplePlan({
      start: "2025-06-04T02:00:30.500Z",
      onRed: { choice: "override", reason: "known" },
      rehearsal: {},
      limits: { decideWithin: "45 min" },
      environments: [{ name: "Production", account: "000000000012" }],
      steps: [{ ...phase("p1", "T", "api", 10, "15 min"), stated: { at: "T+1h" }, judge: ["errors"] }],
    });
    const text = expectSame(plan);
    expect(text).toContain("limits:\n  decideWithin: 45 min\n");
    expect(text).toContain('account: "000000000012"');
  });

  it("puts comments on top, and none of them can become a field", () => {
    const text = expectSame(samplePlan(), [
      "plan.md:3:1 warning: mind this\nid: other",
      "odd \u2028 line\rtitle: x",
    ]);
    expect(text.startsWith("# plan.md:3:1 warning: mind this\n# id: other\n# odd   line title: x\n")).toBe(
      true,
    );
  });

  it("comes back as the same plan, whatever its texts are", () => {
    const text = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what a plan's lines may not hold
      .filter((one) => one.trim() !== "" && !/[\u0000-\u001F\u007F\u202A-\u202E\u2066-\u2069]/.test(one));
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 100_000 }), (a, b, minutes) => {
        expectSame(
          samplePlan({
            title: a,
            description: `${a}\n\n  ${b}`,
            roles: [{ name: a, people: [b] }],
            checklist: [{ id: "x", check: b, role: a }],
            steps: [phase("p1", `T+${minutes} min`, "api", 10, `${minutes} min`)],
            messages: [
              { id: "m", at: `T-${minutes} s`, audience: a, channel: b, text: `${b}\n${a}`, owner: a },
            ],
          }),
          [a, b],
        );
      }),
      { numRuns: 200 },
    );
  });
});
