/**
 * The one form in which the text of a document is kept. All of these are idempotent, so that a document
 * which was written from a plan reads back as that plan.
 */

/** Control characters and bidirectional overrides: no document needs them, and terminals act upon them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const HIDDEN = /[\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\u202A-\u202E\u2066-\u2069]/g;

/** The text without hidden characters and half characters; line ends as they are. */
export function withoutHidden(text: string): string {
  return text.toWellFormed().replace(HIDDEN, "");
}

/**
 * Folds what word processors put in for what was meant: non-breaking hyphens, minus signs and spaces,
 * zero-width characters. Dashes, arrows and quotation marks stay: they belong to the sentence.
 */
export function tidy(text: string): string {
  return withoutHidden(text)
    .normalize("NFC")
    .replace(/[\u2010\u2011\u2212]/g, "-")
    .replace(/[\u200B\u2060\uFEFF\u00AD]/g, "")
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
    .split("\n")
    .map((line) => line.replace(/[\p{Zs}\t]+/gu, " ").trim())
    .join("\n")
    .replace(/\n{2,}/g, "\n")
    .replace(/^\n|\n$/g, "");
}

/** The same on one line. */
export function oneLine(text: string): string {
  return tidy(text).replaceAll("\n", " ");
}

/** Cuts at a word's end where there is one near. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const piece = text
    .slice(0, longest)
    .toWellFormed()
    .replace(/\uFFFD$/, "");
  const space = piece.lastIndexOf(" ");
  return (space > longest * 0.8 ? piece.slice(0, space) : piece).trim();
}

/** A cell that is wholly one code span is its content: `iac tag v2` and iac tag v2 are the same value. */
export function unwrapCode(text: string): string {
  const match = /^`([^`\n]+)`$/.exec(text);
  return match === null ? text : unwrapCode((match[1] ?? "").trim());
}

/** The code spans of a text. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)]
    .map((match) => (match[1] ?? "").trim())
    .filter((one) => one !== "");
}

/** Without the marks of code spans, for the grammars. */
export function withoutCode(text: string): string {
  return text.replaceAll("`", "");
}

/** What people write into a cell to say that there is nothing in it. */
export function isBlank(text: string): boolean {
  return /^(?:[-\u2013\u2014\u2026._]*|n\/?a|none|nil)$/i.test(text.trim());
}

/** What a template holds in place of a value. */
export function isPlaceholder(text: string): boolean {
  const bare = withoutCode(text).trim();
  return (
    isBlank(bare) ||
    /^(?:tbd|tba|todo|xxx+|\?+)$/i.test(bare) ||
    /^(?:yyyy|dd|mm)[-/.](?:mm|dd)[-/.](?:yyyy|dd)(?:[ t]hh:mm)?(?: \(?utc\)?)?$/i.test(
      bare.replaceAll("\u2011", "-"),
    ) ||
    /^(?:\[[^\]]*\]|<[^>]*>|\{[^}]*\})$/.test(bare)
  );
}
