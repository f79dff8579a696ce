import type { Document } from "@gonogo/client";

/** Whether what was given is documents to be imported, rather than a plan in YAML or JSON. */
export function isMarkdown(name: string, text: string): boolean {
  if (/\.(md|markdown|txt)$/i.test(name)) return true;
  if (/\.(ya?ml|json)$/i.test(name)) return false;
  return /^#{1,6} |^\|.*\|\s*$/m.test(text) && !/^\s*(?:"?gonogo"?\s*:|\{)/m.test(text);
}

/** Sorts dropped files: a plan, or documents. A plan among documents is refused, since it is unclear what is meant. */
export function sortFiles(
  files: readonly Document[],
):
  | { kind: "plan"; document: Document }
  | { kind: "documents"; documents: readonly Document[] }
  | { kind: "mixed" } {
  const documents = files.filter(({ name, text }) => isMarkdown(name, text));
  if (documents.length === files.length) return { kind: "documents", documents };
  const [plan] = files;
  if (files.length === 1 && plan !== undefined) return { kind: "plan", document: plan };
  return { kind: "mixed" };
}

/** The place of a line in a text, for moving the caret there. 1-based. */
export function lineStart(text: string, line: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf("\n", at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return at;
}
