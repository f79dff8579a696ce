/** A line of two texts that are held against each other. */
export interface Line {
  readonly kind: "same" | "gone" | "new" | "left out";
  readonly text: string;
}

/** So many lines around a change are shown. */
const AROUND = 2;

/**
 * What differs between two texts, line by line, with a little of what is around it; nothing where they are the
 * same. By the longest common subsequence: texts of some hundred lines.
 */
export function differingLines(before: string, after: string): Line[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  const width = b.length + 1;
  // How long the longest common rest is, from line i of one and line j of the other.
  const rest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => rest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      rest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const all: Line[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      all.push({ kind: "same", text: a[i++] ?? "" });
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      all.push({ kind: "gone", text: a[i++] ?? "" });
    } else all.push({ kind: "new", text: b[j++] ?? "" });
  }
  return shortened(all);
}

const linesOf = (text: string) => (text.trim() === "" ? [] : text.trimEnd().split(/\r?\n/));

function shortened(all: readonly Line[]): Line[] {
  const isNear = (index: number) =>
    all.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== "same");
  const shown: Line[] = [];
  for (const [index, line] of all.entries()) {
    if (isNear(index)) shown.push(line);
    else if (shown.at(-1)?.kind !== "left out") shown.push({ kind: "left out", text: "…" });
  }
  return shown.every(({ kind }) => kind === "left out") ? [] : shown;
}
