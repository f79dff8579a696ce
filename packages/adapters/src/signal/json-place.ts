/**
 * Where a text stops being JSON, 1-based. V8 tells the position of some mistakes only, so it is found by the
 * shortest beginning that no ending could make whole.
 */
export function jsonPlace(text: string): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isHopeless(text.slice(0, middle + 1))) high = middle;
    else low = middle + 1;
  }
  const before = text.slice(0, low).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Whether a beginning is wrong in itself, rather than only not finished. */
function isHopeless(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(message)?.[1];
    if (position !== undefined) return Number(position) < beginning.length;
    return !message.includes("end of JSON input");
  }
}
