import { describe, expect, it } from "vitest";
import { harmless, PLAIN, painter, wantsColour } from "./paint.ts";
import { table } from "./table.ts";
import { cut, width, wrap } from "./width.ts";

const ESC = String.fromCharCode(27);
const paint = painter(true);

describe("what reaches a terminal", () => {
  it("keeps our own styles, and no other escape sequence", () => {
    const evil = `a${ESC}[2Jb${ESC}]0;title\u0007c\u009bd\re\u202ef`;
    expect(harmless(evil, true)).toBe("a[2Jb]0;titlecdef");
    expect(harmless(`${paint("red", "x")}\n\ty`, true)).toBe(`${ESC}[31mx${ESC}[39m\n\ty`);
  });

  it("keeps not even those where there is no colour", () => {
    expect(harmless(paint("red", "x"), false)).not.toContain(ESC);
  });

  it.each([
    [{ tty: true, noColour: false, env: {} }, true],
    [{ tty: false, noColour: false, env: {} }, false],
    [{ tty: true, noColour: true, env: { FORCE_COLOR: "1" } }, false],
    [{ tty: true, noColour: false, env: { NO_COLOR: "1", FORCE_COLOR: "1" } }, false],
    [{ tty: true, noColour: false, env: { NO_COLOR: "" } }, true],
    [{ tty: true, noColour: false, env: { TERM: "dumb" } }, false],
    [{ tty: false, noColour: false, env: { FORCE_COLOR: "1" } }, true],
    [{ tty: true, noColour: false, env: { FORCE_COLOR: "0" } }, false],
  ])("%j: colour is %s", (wish, colour) => {
    expect(wantsColour(wish)).toBe(colour);
  });
});

describe("widths", () => {
  it.each([
    ["abc", 3],
    ["日本", 4],
    ["e\u0301", 1],
    ["✅", 2],
    [paint("red", "abc"), 3],
    ["", 0],
  ])("%j takes %i columns", (text, columns) => {
    expect(width(text)).toBe(columns);
  });

  it("cuts to the column, keeps the paint and closes it", () => {
    expect(cut("abcdef", 6)).toBe("abcdef");
    expect(cut("abcdef", 4)).toBe("abc…");
    expect(width(cut("日本語です", 6))).toBeLessThanOrEqual(6);
    expect(cut(`${paint("red", "abc")}defg`, 5)).toBe(`${ESC}[31mabc${ESC}[39md…`);
  });

  it("breaks between words and leaves a long one whole", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("https://example.com/long", 5)).toEqual(["https://example.com/long"]);
  });
});

describe("a table", () => {
  const rows = [
    ["02:00", "done", "short"],
    ["10:30", "watching", "a long text that has to be broken somewhere"],
  ];

  it("aligns its columns, painted or not", () => {
    expect(
      table([
        ["1", paint("red", "ab"), "x"],
        ["22", "c", "y"],
      ]),
    ).toEqual([`1   ${ESC}[31mab${ESC}[39m  x`, "22  c   y"]);
    expect(table(rows)).toEqual([
      "02:00  done      short",
      "10:30  watching  a long text that has to be broken somewhere",
    ]);
  });

  it("breaks the last column under itself where the terminal ends", () => {
    expect(table(rows, { columns: 44, indent: 1 })).toEqual([
      " 02:00  done      short",
      " 10:30  watching  a long text that has to be",
      "                  broken somewhere",
    ]);
  });

  it("breaks nothing where too little room is left, and drops columns in which nothing stands", () => {
    expect(table(rows, { columns: 20 })).toHaveLength(2);
    expect(table([["a", "", "b"]])).toEqual(["a  b"]);
  });

  it("has one line for a cell with line ends in it", () => {
    expect(table([["a\nb", "c\r\n\td"]])).toEqual(["a b  c d"]);
    expect(PLAIN("red", "x")).toBe("x");
  });
});
