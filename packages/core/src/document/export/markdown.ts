import type { Blockquote, Code, Heading, Paragraph, PhrasingContent, Root, RootContent, Table } from "mdast";
import remarkGfm from "remark-gfm";
import remarkStringify from "remark-stringify";
import { unified } from "unified";

const writer = unified()
  .use(remarkGfm, { tablePipeAlign: false })
  .use(remarkStringify, { bullet: "-", fences: true, rule: "-" });

export function writeMarkdown(children: readonly RootContent[]): string {
  const root: Root = { type: "root", children: [...children] };
  return writer.stringify(root);
}

export function heading(depth: 1 | 2 | 3, text: string): Heading {
  return { type: "heading", depth, children: inline(text.replaceAll("\n", " ")) };
}

export function paragraph(text: string): Paragraph {
  return { type: "paragraph", children: inline(text) };
}

export function quote(text: string): Blockquote {
  return { type: "blockquote", children: [paragraph(text)] };
}

export function code(language: string, meta: string, value: string): Code {
  return { type: "code", lang: language, meta, value };
}

/** One column: its heading, and what stands in it. `code` puts the cell in code marks, as commands are. */
export interface Column<T> {
  readonly title: string;
  readonly cell: (item: T) => string | undefined;
  readonly code?: true;
}

/** Undefined columns are left out. */
export function table<T>(items: readonly T[], columns: readonly (Column<T> | undefined)[]): Table {
  const shown = columns.filter((column): column is Column<T> => column !== undefined);
  const cells = (content: (column: Column<T>) => PhrasingContent[]) => ({
    type: "tableRow" as const,
    children: shown.map((column) => ({ type: "tableCell" as const, children: content(column) })),
  });
  return {
    type: "table",
    align: shown.map(() => null),
    children: [
      cells(({ title }) => [{ type: "text", value: title }]),
      ...items.map((item) =>
        cells(({ cell, code: isCode }) => {
          const text = cell(item) ?? "";
          if (isCode && text !== "" && !/[`\n]/.test(text)) return [{ type: "inlineCode", value: text }];
          return broken(text);
        }),
      ),
    ],
  };
}

/** A text of several lines in one cell. */
function broken(text: string): PhrasingContent[] {
  return text
    .split("\n")
    .flatMap((line, index): PhrasingContent[] => [
      ...(index === 0 ? [] : [{ type: "html" as const, value: "<br>" }]),
      ...inline(line),
    ]);
}

/** Text with its code marks as such; everything else in it is literal. */
function inline(text: string): PhrasingContent[] {
  return text
    .split(/(`[^`\n]+`)/)
    .filter((part) => part !== "")
    .map((part): PhrasingContent => {
      const isCode = part.length > 2 && part.startsWith("`") && part.endsWith("`");
      return isCode ? { type: "inlineCode", value: part.slice(1, -1) } : { type: "text", value: part };
    });
}
