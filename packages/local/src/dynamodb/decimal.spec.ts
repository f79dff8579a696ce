import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addNumbers, compareNumbers, normalNumber } from "./decimal.ts";

describe("DynamoDB's numbers", () => {
  it.each([
    ["1.0", "1"],
    ["-0", "0"],
    ["0.000", "0"],
    ["00012", "12"],
    ["1e3", "1000"],
    ["1.5E-3", "0.0015"],
    ["+7", "7"],
    [".5", "0.5"],
    ["5.", "5"],
    ["-120.50", "-120.5"],
    ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
    ["1e125", `1${"0".repeat(125)}`],
    ["1e-130", `0.${"0".repeat(129)}1`],
  ])("writes %s as %s", (given, normal) => {
    expect(normalNumber(given)).toBe(normal);
    expect(normalNumber(normal)).toBe(normal);
  });

  it.each([
    ["", "cannot be converted"],
    ["one", "cannot be converted"],
    ["1e", "cannot be converted"],
    [".", "cannot be converted"],
    ["NaN", "cannot be converted"],
    ["Infinity", "cannot be converted"],
    [`1${"0".repeat(37)}1`, "38 significant digits"],
    ["1e126", "overflow"],
    ["1e-131", "underflow"],
  ])("refuses %s", (given, why) => {
    expect(() => normalNumber(given)).toThrow(why);
  });

  const hundredths = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  const written = (number: bigint) => {
    const text = String(number < 0n ? -number : number).padStart(3, "0");
    return `${number < 0n ? "-" : ""}${text.slice(0, -2)}.${text.slice(-2)}`;
  };

  it("adds, subtracts and compares without losing a digit", () => {
    fc.assert(
      fc.property(hundredths, hundredths, (a, b) => {
        expect(addNumbers(written(a), written(b))).toBe(normalNumber(written(a + b)));
        expect(addNumbers(written(a), written(b), -1)).toBe(normalNumber(written(a - b)));
        expect(Math.sign(compareNumbers(written(a), written(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it("keeps whole numbers exact where JavaScript would not", () => {
    expect(addNumbers("999999999999999", "999999999999999")).toBe("1999999999999998");
    expect(addNumbers("9007199254740993", "1")).toBe("9007199254740994");
    expect(addNumbers("0.1", "0.2")).toBe("0.3");
    expect(compareNumbers("9007199254740993", "9007199254740992")).toBeGreaterThan(0);
  });
});
