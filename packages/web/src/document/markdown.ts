/**
 * As much of Markdown as gonogo's own documents are written in: headings, paragraphs, lists, tables, quotes,
 * code and what stands within a line. It becomes a tree, never markup: what looks like HTML stays text.
 */
export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "rule" }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly string[] }
  | {
      readonly kind: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "strong" | "em" | "del"; readonly parts: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly parts: readonly Inline[] };

const ITEM = /^\s{0,3}(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const RULE = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const SPLIT = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

export function blocksOf(text: string): Block[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  let at = 0;
  const take = (isPart: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && isPart(lines[at] ?? "")) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = HEADING.exec(line);
    if (line.trim() === "") at += 1;
    else if (heading !== null) {
      blocks.push({ kind: "heading", level: (heading[1] ?? "#").length, text: heading[2] ?? "" });
      at += 1;
    } else if (/^\s{0,3}```/.test(line)) {
      at += 1;
      const code = take((one) => !/^\s{0,3}```/.test(one));
      at += 1;
      blocks.push({ kind: "code", text: code.join("\n") });
    } else if (RULE.test(line)) {
      blocks.push({ kind: "rule" });
      at += 1;
    } else if (line.includes("|") && SPLIT.test(lines[at + 1] ?? "") && (lines[at + 1] ?? "").includes("-")) {
      const [head = [], , ...rows] = take((one) => one.includes("|")).map(cellsOf);
      blocks.push({ kind: "table", head, rows });
    } else if (/^\s{0,3}>/.test(line)) {
      const quoted = take((one) => /^\s{0,3}>/.test(one)).map((one) => one.replace(/^\s{0,3}>\s?/, ""));
      blocks.push({ kind: "quote", blocks: blocksOf(quoted.join("\n")) });
    } else if (ITEM.test(line)) {
      const ordered = ITEM.exec(line)?.[1] !== undefined;
      const part = take((one) => ITEM.test(one) || /^\s+\S/.test(one));
      const items: string[] = [];
      for (const one of part) {
        const found = ITEM.exec(one);
        if (found !== null) items.push(found[2] ?? "");
        else items.push(`${items.pop() ?? ""}\n${one.trim()}`);
      }
      blocks.push({ kind: "list", ordered, items });
    } else {
      const part = take((one) => one.trim() !== "" && !HEADING.test(one) && !/^\s{0,3}(```|>)/.test(one));
      blocks.push({ kind: "paragraph", text: part.join("\n") });
    }
  }
  return blocks;
}

/** The cells of a table's row; `\|` does not part them. */
function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

const WITHIN =
  /(?<escaped>\\[!-/:-@[-`{-~])|`(?<code>[^`]+)`|\*\*(?<strong>(?:\\.|[^\\])+?)\*\*(?!\*)|~~(?<del>[^~]+)~~|(?<![\w*])[*_](?<em>(?:\\.|[^*_])+)[*_](?!\w)|\[(?<text>(?:\\.|[^\]])*)\]\((?<href>[^()\s]+)\)|<(?<auto>https?:\/\/[^>\s]+)>|(?<break> {2,}\n|\\\n|<br\s*\/?>)|&#x(?<entity>[0-9a-fA-F]{1,6});/;

export function inlineOf(text: string): Inline[] {
  const parts: Inline[] = [];
  let rest = text;
  const say = (plain: string) => {
    const last = parts.at(-1);
    if (plain === "") return;
    if (last?.kind === "text") parts[parts.length - 1] = { kind: "text", text: last.text + plain };
    else parts.push({ kind: "text", text: plain });
  };
  for (;;) {
    const found = WITHIN.exec(rest);
    const groups = found?.groups;
    if (found === null || groups === undefined) break;
    say(rest.slice(0, found.index));
    const { escaped, code, strong, del, em, text: label, href, auto, entity } = groups;
    if (escaped !== undefined) say(escaped.slice(1));
    else if (entity !== undefined) say(String.fromCodePoint(Number.parseInt(entity, 16)));
    else if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (strong !== undefined) parts.push({ kind: "strong", parts: inlineOf(strong) });
    else if (del !== undefined) parts.push({ kind: "del", parts: inlineOf(del) });
    else if (em !== undefined) parts.push({ kind: "em", parts: inlineOf(em) });
    else if (auto !== undefined)
      parts.push({ kind: "link", href: auto, parts: [{ kind: "text", text: auto }] });
    else if (href !== undefined) parts.push(linkOf(href, inlineOf(label ?? href)));
    else parts.push({ kind: "break" });
    rest = rest.slice(found.index + found[0].length);
  }
  say(rest);
  return parts;
}

/** Only what leads to a page or a mail is a link; `javascript:` and the like stay text. */
function linkOf(href: string, parts: readonly Inline[]): Inline {
  const isSafe = /^(https?:|mailto:|#|\.{0,2}\/|[\w-]+\.md\b)/i.test(href);
  return isSafe ? { kind: "link", href, parts } : { kind: "em", parts };
}
