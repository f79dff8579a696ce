import { markdownTree } from "@gonogo/core/document/mdast";
import type { RootContent } from "mdast";

/**
 * Markdown in Confluence's storage format, which is XHTML with macros. Whatever the text is, it stays text: HTML in it
 * is shown and not done, and links lead to web pages or nowhere.
 * https://confluence.atlassian.com/doc/confluence-storage-format-790796544.html
 */
export function toStorage(markdown: string): string {
  return markdownTree(markdown).children.map(written).join("");
}

function written(node: RootContent): string {
  switch (node.type) {
    case "heading":
      return element(`h${node.depth}`, inside(node.children));
    case "paragraph":
      return element("p", inside(node.children));
    case "text":
    case "html":
      return escaped(node.value);
    case "inlineCode":
      return element("code", escaped(node.value));
    case "strong":
      return element("strong", inside(node.children));
    case "emphasis":
      return element("em", inside(node.children));
    case "delete":
      return element("del", inside(node.children));
    case "break":
      return "<br/>";
    case "thematicBreak":
      return "<hr/>";
    case "blockquote":
      return element("blockquote", inside(node.children));
    case "code":
      return `<ac:structured-macro ac:name="code"><ac:plain-text-body>${cdata(node.value)}</ac:plain-text-body></ac:structured-macro>`;
    case "list":
      return element(node.ordered === true ? "ol" : "ul", inside(node.children));
    case "listItem": {
      const box = node.checked === true ? "☑ " : node.checked === false ? "☐ " : "";
      return element("li", `${box}${inside(node.children)}`);
    }
    case "table": {
      const [first, ...rest] = node.children;
      const row = (cell: "th" | "td", cells: (typeof node.children)[number]["children"]) =>
        element("tr", cells.map(({ children }) => element(cell, inside(children))).join(""));
      const rows = [...(first === undefined ? [] : [row("th", first.children)])].concat(
        rest.map(({ children }) => row("td", children)),
      );
      return element("table", element("tbody", rows.join("")));
    }
    case "link": {
      const shown = inside(node.children);
      return isWeb(node.url) ? `<a href="${escaped(node.url)}">${shown}</a>` : shown;
    }
    case "image":
      return escaped(node.alt ?? node.url);
    default:
      return "children" in node ? inside(node.children) : "";
  }
}

function inside(children: readonly RootContent[]): string {
  return children.map(written).join("");
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

/** As text and as the value of an attribute. */
export function escaped(text: string): string {
  return sayable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function cdata(text: string): string {
  return `<![CDATA[${sayable(text).replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

/** Without what no XML 1.0 document can hold, escaped or not. https://www.w3.org/TR/xml/#charsets */
function sayable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are taken out
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}

function isWeb(url: string): boolean {
  const { protocol } = URL.parse(url) ?? {};
  return protocol === "https:" || protocol === "http:" || protocol === "mailto:";
}
