import { describe, expect, it } from "vitest";
import { Findings } from "../findings.ts";
import { isReadable, LONGEST_DOCUMENT } from "./guard.ts";
import { codesIn, cut, isBlank, isPlaceholder, tidy, unwrapCode } from "./tidy.ts";

describe("what is refused before it is parsed", () => {
  const cases: [string, string, number | undefined][] = [
    [
      "an ordinary document",
      "# A\n\n- one\n  - two\n\n> said\n\n| a | b |\n|---|---|\n| [x] | *y* |\n",
      undefined,
    ],
    ["a rule of dashes", `a\n\n${"- ".repeat(60)}\n`, undefined],
    ["a table of many marks", `|a|\n|-|\n${"| [x] *y* ~z~ |\n".repeat(5_000)}`, undefined],
    ["NUL, at its line", "a\nb\u0000", 2],
    ["a long document", "a".repeat(LONGEST_DOCUMENT + 1), 1],
    ["many lines", "\n".repeat(12_001), 1],
    ["deep quotes, at their line", `a\n\n${"> ".repeat(50)}b`, 3],
    ["deep lists", `${"- ".repeat(20)}b`, 1],
    ["shallow lists opened over and over", "- - - - - - b\n".repeat(1_000), 401],
    ["unclosed brackets", `a\n${"[".repeat(10_000)}`, 2],
    ["wide rows", `${"|a".repeat(500)}`, 1],
  ];
  it.each(cases)("%s", (_, text, line) => {
    const findings = new Findings();
    expect(isReadable("x.md", text, findings)).toBe(line === undefined);
    expect(findings.all.map((finding) => finding.line)).toEqual(line === undefined ? [] : [line]);
  });
});

describe("the one form of a text", () => {
  it("folds what word processors put in, and is the same when done again", () => {
    const once = tidy("  T‑30\u00a0min \u200b\r\n\n\n5\u2009% – ok\u202e ");
    expect(once).toBe("T-30 min\n5 % – ok");
    expect(tidy(once)).toBe(once);
  });

  it("knows what says nothing", () => {
    for (const text of ["", " ", "-", "–", "…", "n/a", "None"]) expect(isBlank(text)).toBe(true);
    for (const text of ["yyyy-mm-dd", "yyyy‑mm‑dd HH:MM", "TBD", "[NAME]", "<date>", "???"]) {
      expect(isPlaceholder(text)).toBe(true);
    }
    for (const text of ["0", "T", "2026-01-01", "[a] b"]) expect(isPlaceholder(text)).toBe(false);
  });

  it("takes code marks off a cell that is all code, and finds them in one that is not", () => {
    expect(unwrapCode("`a b`")).toBe("a b");
    expect(unwrapCode("`a` b")).toBe("`a` b");
    expect(codesIn("x `a` y `b`")).toEqual(["a", "b"]);
    expect(cut("one two three", 8)).toBe("one two");
  });
});
