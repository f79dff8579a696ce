import { pieces, unpainted } from "./paint.ts";

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const NONE = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** How many columns a text takes up in a terminal. */
export function width(text: string): number {
  let columns = 0;
  for (const character of unpainted(text)) columns += columnsOf(character);
  return columns;
}

function columnsOf(character: string): number {
  if (character < "\u0300") return 1;
  return NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}

/** At most so many columns, with an ellipsis where something is missing. What is painted stays painted. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = "";
  let used = 0;
  let full = false;
  for (const { style, plain } of pieces(text)) {
    kept += style;
    for (const character of plain) {
      if (full) break;
      used += columnsOf(character);
      full = used > columns - 1;
      kept += full ? "…" : character;
    }
  }
  return kept;
}

/** Breaks between words. A word longer than the line stands alone, so that what is copied stays whole. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** What people wrote over several lines, where there is one. */
export function oneLine(text: string): string {
  return text.replace(/[\t\r\n]+ */g, " ").trimEnd();
}
