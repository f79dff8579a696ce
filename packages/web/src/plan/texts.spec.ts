import { expect, test } from "vitest";
import { isMarkdown, lineStart, sortFiles } from "./texts.ts";

const yaml = { name: "plan.yaml", text: "gonogo: 1\nid: A" };
const runbook = { name: "runbook.md", text: "# Runbook" };

test("a name tells, and where it does not the text does", () => {
  expect(isMarkdown("a.md", "gonogo: 1")).toBe(true);
  expect(isMarkdown("a.yml", "# only a comment")).toBe(false);
  expect(isMarkdown("", "# Release plan\n\ntext")).toBe(true);
  expect(isMarkdown("", "| a | b |\n|---|---|")).toBe(true);
  expect(isMarkdown("", "# a comment\ngonogo: 1")).toBe(false);
  expect(isMarkdown("", '{"gonogo": 1}')).toBe(false);
});

test("files are a plan, or documents, never both", () => {
  expect(sortFiles([yaml])).toEqual({ kind: "plan", document: yaml });
  expect(sortFiles([runbook, { ...runbook, name: "plan.md" }])).toMatchObject({ kind: "documents" });
  expect(sortFiles([runbook, yaml])).toEqual({ kind: "mixed" });
});

test("a line's place, also past the end", () => {
  expect([1, 2, 3, 9].map((line) => lineStart("ab\ncd\n", line))).toEqual([0, 3, 6, 6]);
});
