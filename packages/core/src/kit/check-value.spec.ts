import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkValue } from "./check-value.ts";

const Shop = z.strictObject({ name: z.string(), steps: z.array(z.string()), size: z.number().optional() });

describe("a value that is not right", () => {
  it.each([
    [{ steps: [] }, "/name: it is missing; it has to be a text"],
    [{ name: "x" }, "/steps: it is missing; it has to be a list"],
    [{ name: "x", steps: 7 }, "/steps: Invalid input: expected array, received number"],
    [{ name: "x", steps: [], color: "red" }, '"color" is not a field of a shop'],
  ])("is told of in words: %o", (value, message) => {
    const { value: read, problems } = checkValue(value, "shop", Shop);
    expect(read).toBeUndefined();
    expect(problems.map((one) => one.message)).toEqual([message]);
  });

  it("is read where it is right", () => {
    const value = { name: "x", steps: ["a"] };
    expect(checkValue(value, "shop", Shop)).toEqual({ value, problems: [] });
  });
});
