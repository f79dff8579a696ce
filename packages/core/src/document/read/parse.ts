import type { Nodes, Root, RootContent, Table as TableNode } from "mdast";
import type { Place } from "../../kit/problem.ts";
import type { Findings } from "../findings.ts";
import { markdownTree } from "../mdast.ts";
import { isReadable } from "./guard.ts";
import { hasUnreadHtml, textOf } from "./inline.ts";
import { oneLine, tidy, withoutHidden } from "./tidy.ts";

export interface Cell {
  readonly text: string;
  readonly place: Place;
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly place: Place;
}

export interface Table {
  readonly type: "table";
  readonly header: readonly Cell[];
  readonly rows: readonly Row[];
  readonly place: Place;
}

export interface Prose {
  readonly type: "prose";
  readonly text: string;
  readonly place: Place;
}

export interface Code {
  readonly type: "code";
  readonly language: string;
  readonly text: string;
  readonly place: Place;
}

export type Block = Table | Prose | Code;

/** A heading and what stands under it, up to the next heading of any depth. */
export interface Section {
  /** Empty for what stands before the first heading. */
  readonly title: string;
  /** The titles of the headings around it, outermost first, its own last. */
  readonly path: readonly string[];
  readonly depth: number;
  readonly place: Place;
  readonly blocks: readonly Block[];
}

export interface Document {
  readonly file: string;
  /** Of its first heading; the file's name where it has none. */
  readonly title: string;
  readonly sections: readonly Section[];
}

/**
 * Parses a Markdown document (CommonMark with GitHub's tables) into its sections. Undefined when it is no
 * document: `findings` says why. Never throws.
 */
export function parseDocument(file: string, text: string, findings: Findings): Document | undefined {
  if (!isReadable(file, text, findings)) return undefined;
  let root: Root;
  try {
    root = markdownTree(withoutHidden(text.replace(/^\uFEFF/, "")));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    findings.error("unreadable", { file, line: 1, column: 1 }, `it cannot be read as Markdown: ${why}`);
    return undefined;
  }
  return outline(file, root, findings);
}

function outline(file: string, root: Root, findings: Findings): Document {
  const placeOf = (node: Nodes): Place => {
    const { line = 1, column = 1 } = node.position?.start ?? {};
    return { file, line, column };
  };
  const sections: (Section & { blocks: Block[] })[] = [];
  const around: Section[] = [];
  const open = (title: string, depth: number, place: Place) => {
    while ((around.at(-1)?.depth ?? -1) >= depth) around.pop();
    const path = depth === 0 ? [] : [...(around.at(-1)?.path ?? []), title];
    const section = { title, depth, place, path, blocks: [] as Block[] };
    sections.push(section);
    around.push(section);
    return section;
  };
  let current = open("", 0, { file, line: 1, column: 1 });
  const read = (node: RootContent) => {
    switch (node.type) {
      case "heading":
        current = open(oneLine(textOf(node.children)), node.depth, placeOf(node));
        return;
      case "table":
        current.blocks.push(readTable(node, placeOf));
        return;
      case "code":
        current.blocks.push({
          type: "code",
          language: [node.lang, node.meta].filter((word) => word).join(" "),
          text: node.value,
          place: placeOf(node),
        });
        return;
      case "blockquote":
      case "footnoteDefinition":
        for (const child of node.children) read(child);
        return;
      case "list":
        for (const table of tablesIn(node)) current.blocks.push(readTable(table, placeOf));
        pushProse(node, listText(node, 0));
        return;
      case "paragraph":
        if (hasUnreadHtml(node.children)) {
          findings.notUnderstood("html", placeOf(node), "HTML in a paragraph; only its text was read");
        }
        pushProse(node, textOf(node.children));
        return;
      case "html":
        if (!/^<!--[\s\S]*-->$/.test(node.value.trim())) {
          const instead = "write it as Markdown: tables with |, headings with #";
          findings.notUnderstood("html", placeOf(node), "HTML is not read", instead);
        }
        return;
      case "definition":
      case "thematicBreak":
        return;
      default:
        findings.notUnderstood("block", placeOf(node), `a ${node.type} is not read`);
    }
  };
  const pushProse = (node: Nodes, text: string) => {
    const clean = tidy(text);
    if (clean !== "") current.blocks.push({ type: "prose", text: clean, place: placeOf(node) });
  };
  for (const node of root.children) read(node);
  const title = sections.find((section) => section.title !== "")?.title ?? file;
  return { file, title, sections };
}

function readTable(node: TableNode, placeOf: (node: Nodes) => Place): Table {
  const rows = node.children.map((row) => ({
    place: placeOf(row),
    cells: row.children.map((cell) => ({ text: tidy(textOf(cell.children)), place: placeOf(cell) })),
  }));
  const [header, ...rest] = rows;
  return { type: "table", header: header?.cells ?? [], rows: rest, place: placeOf(node) };
}

function tablesIn(node: Nodes): TableNode[] {
  if (node.type === "table") return [node];
  return "children" in node ? node.children.flatMap((child) => tablesIn(child)) : [];
}

/** A list as it was written, without what its items hold besides text and lists. */
function listText(node: Extract<RootContent, { type: "list" }>, depth: number): string {
  return node.children
    .map((item, index) => {
      const bullet = node.ordered ? `${(node.start ?? 1) + index}.` : "-";
      const box = typeof item.checked === "boolean" ? `[${item.checked ? "x" : " "}] ` : "";
      const own = item.children.flatMap((child) => {
        if (child.type === "paragraph") return [textOf(child.children)];
        if (child.type === "list") return [`\n${listText(child, depth + 1)}`];
        return child.type === "code" ? [`\n\`${child.value}\``] : [];
      });
      return `${bullet} ${box}${own.join(" ")}`;
    })
    .join("\n");
}
