import { fromMillis } from "@gonogo/core/kit/instant";
import { measured } from "@gonogo/core/measure/gather";
import { expect, it } from "vitest";
import { painter } from "../terminal/paint.ts";
import { measureLines } from "./measures.ts";

const from = fromMillis(Date.UTC(2025, 5, 2));
const to = fromMillis(Date.UTC(2025, 5, 9));

it("shows a line a period and one for all, and a dash where there is nothing to say", () => {
  const one = {
    release: "REL-1",
    title: "Sample",
    environment: "Production",
    components: ["api"],
    changeClass: "standard",
    at: fromMillis(Date.UTC(2025, 5, 3)),
    deployed: true,
    failed: true,
    restoreMs: 250_000,
    rollbackMs: 301_000,
    smoke: { passed: 0, total: 0 },
    gateMs: { CTO: 3_600_000, QA: 60_000 },
  };
  const whole = measured([one], { from, to });
  const lines = measureLines({ from, to, by: "week", whole, periods: [whole] }, painter(false));
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(
    /^2025-06-02 +1 +1 \(100 %\) +- +4 min 10 s +5 min 1 s \(0 % in time\) +- +- +CTO 1 h$/,
  );
  expect(lines[2]).toMatch(/^in all +1 /);
});
