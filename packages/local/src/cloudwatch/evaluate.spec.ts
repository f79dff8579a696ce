import { describe, expect, it } from "vitest";
import type { Treatment } from "./alarm-model.ts";
import { evaluateSlots, rangeLength } from "./evaluate.ts";

/** `0` within the threshold, `X` beyond it, `-` missing; the newest at the right, as AWS writes them. */
function outcome(points: string, m: number, n: number, treatment: Treatment) {
  const slots = points
    .split(" ")
    .toReversed()
    .map((mark, age) => ({ at: -age, value: mark === "-" ? undefined : mark === "X" ? 9 : 0 }));
  expect(slots).toHaveLength(rangeLength(n));
  return evaluateSlots(slots, {
    evaluationPeriods: n,
    datapointsToAlarm: m,
    threshold: 5,
    comparison: "GreaterThanThreshold",
    treatment,
  }).outcome;
}

type Row = [points: string, missing: string, ignore: string, breaching: string, notBreaching: string];

const [OK, ALARM, NONE, KEEP] = ["OK", "ALARM", "INSUFFICIENT_DATA", "retained"];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, both tables */
const threeOfThree: Row[] = [
  ["0 - X - X", OK, OK, OK, OK],
  ["- - - - 0", OK, OK, OK, OK],
  ["- - - - -", NONE, KEEP, ALARM, OK],
  ["0 X X - X", ALARM, ALARM, ALARM, ALARM],
  ["- - X - -", ALARM, KEEP, ALARM, OK],
  // From the text below the tables: a first breach alone does not set it off.
  ["- - - - X", NONE, KEEP, ALARM, OK],
  ["- - - X X", NONE, KEEP, ALARM, OK],
  ["- X - - -", ALARM, KEEP, ALARM, OK],
  ["X X X 0 0", OK, OK, OK, OK],
  ["0 0 X X X", ALARM, ALARM, ALARM, ALARM],
];

const twoOfThree: Row[] = [
  ["0 - X - X", ALARM, ALARM, ALARM, ALARM],
  ["0 0 X 0 X", ALARM, ALARM, ALARM, ALARM],
  ["0 - X - -", OK, OK, ALARM, OK],
  ["- - - - 0", OK, OK, ALARM, OK],
  ["- - - X -", ALARM, KEEP, ALARM, OK],
  ["- - - - X", NONE, KEEP, ALARM, OK],
  ["X X 0 0 X", OK, OK, OK, OK],
];

const oneOfOne: Row[] = [
  ["0 0 X", ALARM, ALARM, ALARM, ALARM],
  ["X X 0", OK, OK, OK, OK],
  ["0 X -", ALARM, ALARM, ALARM, ALARM],
  ["X 0 -", OK, OK, OK, OK],
  ["- - -", NONE, KEEP, ALARM, OK],
];

const treatments: Treatment[] = ["missing", "ignore", "breaching", "notBreaching"];
const cases = (rows: Row[], m: number, n: number) =>
  rows.flatMap(([points, ...wanted]) =>
    treatments.map((treatment, at) => [points, m, n, treatment, wanted[at]] as const),
  );

describe("an alarm's evaluation", () => {
  it.each([...cases(threeOfThree, 3, 3), ...cases(twoOfThree, 2, 3), ...cases(oneOfOne, 1, 1)])(
    "%s, %i of %i, missing data %s: %s",
    (points, m, n, treatment, wanted) => {
      expect(outcome(points, m, n, treatment)).toBe(wanted);
    },
  );

  it.each([
    ["GreaterThanThreshold", [false, false, true]],
    ["GreaterThanOrEqualToThreshold", [false, true, true]],
    ["LessThanThreshold", [true, false, false]],
    ["LessThanOrEqualToThreshold", [true, true, false]],
  ] as const)("%s of 4, 5 and 6 with 5", (comparison, wanted) => {
    const rule = { evaluationPeriods: 1, datapointsToAlarm: 1, threshold: 5, treatment: "missing" as const };
    const breaching = [4, 5, 6].map(
      (value) => evaluateSlots([{ at: 0, value }], { ...rule, comparison }).outcome === "ALARM",
    );
    expect(breaching).toEqual(wanted);
  });
});
