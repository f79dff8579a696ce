import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMath } from "./math.ts";
import { asSeries, evaluate, type MathValue, type TimeSeries } from "./math-value.ts";

const times = [0, 60, 120];

function work(text: string, series: Record<string, readonly (number | undefined)[]> = {}): MathValue {
  const known = new Map<string, TimeSeries>(
    Object.entries(series).map(([id, values]) => [
      id,
      new Map(values.flatMap((value, at) => (value === undefined ? [] : [[times[at] ?? 0, value] as const]))),
    ]),
  );
  return evaluate(parseMath(text), {
    get: (id) => known.get(id) ?? new Map(),
    metrics: () => [...known.values()],
    times,
  });
}

function valuesOf(value: MathValue): (number | undefined)[] {
  const series = asSeries(value, times);
  return times.map((at) => series.get(at));
}

describe("metric math", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["10 - 4 - 3", 3],
    ["100 / 10 / 5", 2],
    ["-2 ^ 2", -4],
    ["2 ^ 3 ^ 2", 512],
    ["-(1 + .5)", -1.5],
    ["1e3 + 0", 1000],
    ["1 < 2 AND 3 >= 3", 1],
    ["1 == 2 || 0 != 0", 0],
    ["IF(2 > 1, 10, 20)", 10],
    ["SUM([1, 2, 3])", 6],
  ])("%s is %d", (text, wanted) => {
    expect(work(text)).toBe(wanted);
  });

  it.each([
    ["100 * m1 / m2", { m1: [1, 2, 0], m2: [10, 20, 50] }, [10, 10, 0]],
    // Where either is missing, or nothing was asked, there is no rate.
    ["m1 / m2", { m1: [1, undefined, 3], m2: [2, 5, 0] }, [0.5, undefined, undefined]],
    ["m1 / FILL(m2, 1)", { m1: [1, 2, 3], m2: [undefined, 2, undefined] }, [1, 1, 3]],
    ["FILL(m1, REPEAT)", { m1: [undefined, 4, undefined] }, [undefined, 4, 4]],
    ["IF(m2 > 10, m1 / m2, 0)", { m1: [5, 5, 5], m2: [10, 20, undefined] }, [0, 0.25, undefined]],
    ["SUM(METRICS())", { m1: [1, undefined, 3], m2: [10, 20, undefined] }, [11, 20, 3]],
    ["MAX([m1, m2]) - MIN([m1, m2])", { m1: [1, 2, 3], m2: [4, 4, undefined] }, [3, 2, 0]],
    ["m1 - AVG(m1)", { m1: [1, 2, 3] }, [-1, 0, 1]],
  ] as [string, Record<string, (number | undefined)[]>, (number | undefined)[]][])(
    "%s",
    (text, series, wanted) => {
      expect(valuesOf(work(text, series))).toEqual(wanted);
    },
  );

  it.each([
    ["1 +", "it ends too soon"],
    ["(1", "expected ')', found 'the end'"],
    ["1 2", "unexpected '2'"],
    ["m1 ? 2", "cannot read '? 2'"],
    ["RATE(m1)", "RATE is not supported by the embedded engine (supported: ABS,"],
    ["FILL(m1)", "FILL takes 2 arguments and was given 1"],
    ["METRICS(m1)", "METRICS takes 0 arguments"],
  ])("refuses %s: %s", (text, why) => {
    expect(() => parseMath(text)).toThrow(why);
  });

  /** An expression as text, and its value as JavaScript works it out. */
  const { tree } = fc.letrec<{ tree: { text: string; value: number } }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.nat(1000).map((value) => ({ text: String(value), value })),
      fc
        .record({ left: tie("tree"), right: tie("tree"), operator: fc.constantFrom("+", "-", "*", "/") })
        .map(({ left, right, operator }) => ({
          text: `(${left.text} ${operator} ${right.text})`,
          value: apply(operator, left.value, right.value),
        })),
      tie("tree").map(({ text, value }) => ({ text: `-${text}`, value: -value })),
    ),
  }));

  function apply(operator: string, a: number, b: number): number {
    switch (operator) {
      case "+":
        return a + b;
      case "-":
        return a - b;
      case "*":
        return a * b;
      default:
        return a / b;
    }
  }

  it("agrees with JavaScript on any arithmetic", () => {
    fc.assert(fc.property(tree, ({ text, value }) => Object.is(Number(work(text)) + 0, value + 0)));
  });

  it("reads sums without parentheses from the left, products first", () => {
    const terms = fc.array(fc.tuple(fc.constantFrom("+", "-", "*"), fc.nat(50)), { maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(50), terms, (first, rest) => {
        let sum = 0;
        let product = first;
        for (const [operator, value] of rest) {
          if (operator === "*") product *= value;
          else {
            sum += product;
            product = operator === "+" ? value : -value;
          }
        }
        const text = rest.reduce((sofar, [operator, value]) => `${sofar}${operator}${value}`, String(first));
        return Number(work(text)) === sum + product;
      }),
    );
  });

  it("either reads or refuses, and never fails otherwise", () => {
    const scrap = fc.constantFrom(
      "m1",
      "1",
      "+",
      "-",
      "/",
      "(",
      ")",
      ",",
      "[",
      "]",
      "SUM",
      "IF",
      " ",
      "<",
      "=",
      "@",
    );
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 12 }), (scraps) => {
        try {
          parseMath(scraps.join(""));
        } catch (error) {
          return error instanceof Error && error.name === "ValidationException";
        }
        return true;
      }),
    );
  });
});
