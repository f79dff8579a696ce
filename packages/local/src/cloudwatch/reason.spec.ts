import { describe, expect, it } from "vitest";
import type { MetricDefinition } from "./alarm-model.ts";
import type { Evaluation } from "./evaluate.ts";
import { reasonFor } from "./reason.ts";
import { javaDouble, longTime, shortTime } from "./text.ts";

const START = Date.UTC(2026, 7, 19, 9, 0);

const definition = (more: Partial<MetricDefinition>): MetricDefinition => ({
  kind: "metric",
  actionsEnabled: true,
  source: { kind: "math", queries: [], period: 60 },
  evaluationPeriods: 1,
  threshold: 0,
  comparison: "GreaterThanThreshold",
  ...more,
});

/** Values from the newest to the oldest; the breaching ones are above 0. */
function evaluation(values: number[], filled = 0): Evaluation {
  const counted = values.map((value, age) => ({ at: START - age * 60_000, value, breaching: value > 0 }));
  return { outcome: "OK", counted, filled };
}

describe("a reason", () => {
  it.each([
    [
      "ALARM",
      { evaluationPeriods: 3 },
      evaluation([2, 3, 1]),
      "Threshold Crossed: 3 datapoints [2.0 (19/08/26 09:00:00), 3.0 (19/08/26 08:59:00), 1.0 (19/08/26 08:58:00)] were greater than the threshold (0.0).",
    ],
    [
      "OK",
      { evaluationPeriods: 3 },
      evaluation([0, 3, 1]),
      "Threshold Crossed: 1 datapoint [0.0 (19/08/26 09:00:00)] was not greater than the threshold (0.0).",
    ],
    [
      "ALARM",
      { evaluationPeriods: 20, datapointsToAlarm: 1, treatment: "notBreaching" },
      evaluation([613], 19),
      "Threshold Crossed: 1 out of the last 20 datapoints [613.0 (19/08/26 09:00:00)] was greater than the threshold (0.0) and 19 missing datapoints were treated as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).",
    ],
    [
      "ALARM",
      { evaluationPeriods: 8, treatment: "breaching" },
      evaluation([], 8),
      "Threshold Crossed: no datapoints were received for 8 periods and 8 missing datapoints were treated as [Breaching].",
    ],
    [
      "ALARM",
      { evaluationPeriods: 3, datapointsToAlarm: 2, treatment: "breaching" },
      evaluation([0], 2),
      "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
    ],
    [
      "INSUFFICIENT_DATA",
      { evaluationPeriods: 2 },
      evaluation([], 2),
      "Insufficient Data: 2 datapoints were unknown.",
    ],
  ] as const)("for %s of %j", (to, more, evaluated, wanted) => {
    expect(reasonFor(to, definition(more), evaluated)).toBe(wanted);
  });

  it.each([
    [50, "50.0"],
    [0.0666851903306472, "0.0666851903306472"],
    [-1.5, "-1.5"],
    [0, "0.0"],
    [9_999_999, "9999999.0"],
    [1e7, "1.0E7"],
    [123_456_789, "1.23456789E8"],
    [0.0005, "5.0E-4"],
  ])("writes %d as Java does: %s", (value, wanted) => {
    expect(javaDouble(value)).toBe(wanted);
  });

  it("writes times as CloudWatch does", () => {
    const at = Date.UTC(2022, 6, 22, 15, 57, 45);
    expect(shortTime(at)).toBe("22/07/22 15:57:45");
    expect(longTime(at)).toBe("Friday 22 July, 2022 15:57:45 UTC");
  });
});
