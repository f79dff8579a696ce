import type { Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

const reader = unified().use(remarkParse).use(remarkGfm);

/** Markdown with the tables of GitHub, as a tree. Of texts that gonogo wrote itself: it looks for no mischief. */
export function markdownTree(text: string): Root {
  return reader.parse(text);
}
