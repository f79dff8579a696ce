import { type Field, type Fields, type Membership, together } from "./fields.ts";
import type { Branch, Leaf } from "./pattern-compile.ts";

/** Whether every leaf of the branch finds its field, all of them consistent with one way through the arrays. */
export function branchMatches(branch: Branch, fields: Fields): boolean {
  const candidates: Field[][] = [];
  let anywhere = true;
  for (const leaf of branch.leaves) {
    const all = fields.get(leaf.path);
    const found = all?.filter((field) => leaf.accepts(field.value)) ?? [];
    if (found.length === 0 && !leaf.orAbsent) return false;
    if (leaf.orAbsent ? all !== undefined : !found.some((field) => field.membership.length === 0)) {
      anywhere = false;
    }
    candidates.push(found);
  }
  // Without arrays of objects in play nothing can be inconsistent.
  return anywhere || chooses(branch.leaves, candidates, fields, 0, []);
}

/** Tries the fields that could serve each leaf in turn, keeping to one element of every array. */
function chooses(
  leaves: readonly Leaf[],
  candidates: readonly (readonly Field[])[],
  fields: Fields,
  at: number,
  sofar: Membership,
): boolean {
  const leaf = leaves[at];
  if (leaf === undefined) return true;
  const tried = new Set<string>();
  for (const field of candidates[at] ?? []) {
    const merged = together(sofar, field.membership);
    if (merged === undefined) continue;
    // Fields of one element lead to the same continuation.
    const way = merged.join();
    if (tried.has(way)) continue;
    tried.add(way);
    if (chooses(leaves, candidates, fields, at + 1, merged)) return true;
  }
  // "Missing" is asked within the element chosen so far: other elements may well have the field.
  const absent = leaf.orAbsent && !fields.get(leaf.path)?.some((field) => together(sofar, field.membership));
  return absent && chooses(leaves, candidates, fields, at + 1, sofar);
}
