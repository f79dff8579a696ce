import type { PhrasingContent } from "mdast";

/**
 * The text of a cell, heading or paragraph. Emphasis goes, code marks stay: `main` in a sentence is a name,
 * and commands are found by them. A link keeps its address where its text does not say it.
 */
export function textOf(nodes: readonly PhrasingContent[]): string {
  return nodes.map(oneText).join("");
}

function oneText(node: PhrasingContent): string {
  switch (node.type) {
    case "text":
      return node.value;
    case "inlineCode":
      return node.value.includes("`") ? node.value : `\`${node.value}\``;
    case "break":
      return "\n";
    case "html":
      return /^<br\s*\/?>$/i.test(node.value.trim()) ? "\n" : "";
    case "link": {
      const text = textOf(node.children);
      const isSame = node.url === text || node.url === `mailto:${text}` || node.url === `http://${text}`;
      return isSame || text === "" ? text || node.url : `${text} (${node.url})`;
    }
    case "image":
      return node.alt ?? "";
    case "imageReference":
      return `[${node.alt ?? node.label ?? ""}]`;
    case "linkReference":
      return `[${textOf(node.children)}]`;
    case "footnoteReference":
      return `[^${node.label ?? node.identifier}]`;
    case "delete":
    case "emphasis":
    case "strong":
      return textOf(node.children);
    default:
      return "";
  }
}

/** Tags in a text that say more than how it looks; a finding names them. */
export function hasUnreadHtml(nodes: readonly PhrasingContent[]): boolean {
  return nodes.some(
    (node) =>
      (node.type === "html" && !/^<(?:br\s*\/?|\/?[a-z]+|!--.*--)>$/is.test(node.value.trim())) ||
      ("children" in node && hasUnreadHtml(node.children as PhrasingContent[])),
  );
}
