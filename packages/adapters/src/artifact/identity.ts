/**
 * Whether an identity is the one that is written: letter by letter, or where `*` is written any run of characters
 * without a slash. It is bound at both ends: nothing may stand before or after.
 */
export function isIdentity(written: string, found: string): boolean {
  const parts = written.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]*")}$`).test(found);
}
