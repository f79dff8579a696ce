import { exportMarkdown } from "@gonogo/core/document/export/index";
import type { Instant } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { describe, expect, test } from "vitest";
import { type Block, blocksOf, inlineOf } from "./markdown.ts";

describe("blocks", () => {
  test("each kind is told apart", () => {
    const text =
      "# A #\n\nline\nmore\n\n- one\n  two\n- three\n\n1. x\n\n> quoted\n\n```\ncode # no heading\n```\n\n---";
    expect(blocksOf(text)).toEqual([
      { kind: "heading", level: 1, text: "A" },
      { kind: "paragraph", text: "line\nmore" },
      { kind: "list", ordered: false, items: ["one\ntwo", "three"] },
      { kind: "list", ordered: true, items: ["x"] },
      { kind: "quote", blocks: [{ kind: "paragraph", text: "quoted" }] },
      { kind: "code", text: "code # no heading" },
      { kind: "rule" },
    ]);
  });

  test("a table keeps its cells, the ones with a bar in them too", () => {
    expect(blocksOf("| a | b |\n|---|:-:|\n| 1 \\| 2 | |\n")).toEqual([
      { kind: "table", head: ["a", "b"], rows: [["1 | 2", ""]] },
    ]);
  });

  test("gonogo's own documents have headings and tables, and no bar is left over in their text", () => {
    const drive = new Drive(samplePlan(), "2025-06-03T22:00:00.000Z" as Instant);
    const blocks = exportMarkdown(drive.plan, drive.state, drive.log, (id) => id).flatMap(({ text }) =>
      blocksOf(text),
    );
    const kinds = new Set(blocks.map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(["heading", "table"]));
    const paragraphs = blocks.filter(
      (block): block is Block & { kind: "paragraph" } => block.kind === "paragraph",
    );
    expect(paragraphs.filter(({ text }) => /^\|/m.test(text))).toEqual([]);
  });
});

describe("within a line", () => {
  test("emphasis, code, links and escapes", () => {
    expect(inlineOf("a **b *c*** `d*` [e](https://x.test/) 5 \\* 6 snake_case_name")).toMatchObject([
      { kind: "text", text: "a " },
      { kind: "strong" },
      { kind: "text" },
      { kind: "code", text: "d*" },
      { kind: "text" },
      { kind: "link", href: "https://x.test/" },
      { kind: "text", text: " 5 * 6 snake_case_name" },
    ]);
  });

  test("markup and scripts stay text", () => {
    expect(inlineOf("<img src=x onerror=alert(1)>")).toEqual([
      { kind: "text", text: "<img src=x onerror=alert(1)>" },
    ]);
    expect(inlineOf("[x](javascript:alert)")).toEqual([{ kind: "em", parts: [{ kind: "text", text: "x" }] }]);
  });
});
