import fc from "fast-check";
import { expect, test } from "vitest";
import { differingLines } from "./lines.ts";

const told = (before: string, after: string) =>
  differingLines(before, after).map(
    ({ kind, text }) => `${{ same: " ", gone: "-", new: "+", "left out": "~" }[kind]}${text}`,
  );

test("what differs is told with the lines around it", () => {
  expect(told("a\nb\nc\nd\ne\nf\ng", "a\nb\nc\nD\ne\nf\ng\n")).toEqual([
    "~…",
    " b",
    " c",
    "-d",
    "+D",
    " e",
    " f",
    "~…",
  ]);
  expect(told("", "a\nb")).toEqual(["+a", "+b"]);
  expect(told("a\nb", "")).toEqual(["-a", "-b"]);
  expect(told("a\nb\n", "a\nb")).toEqual([]);
});

test("what is gone and what is the same make the one text, what is new and the same the other", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = differingLines(before.join("\n"), after.join("\n"));
      if (lines.length === 0) {
        expect(before).toEqual(after);
        return;
      }
      expect(lines.some(({ kind }) => kind === "left out")).toBe(false);
      const of = (kind: string) => lines.filter((one) => one.kind === "same" || one.kind === kind);
      expect(of("gone").map((one) => one.text)).toEqual(before);
      expect(of("new").map((one) => one.text)).toEqual(after);
    }),
  );
});
