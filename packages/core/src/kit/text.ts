/**
 * Documents are typed by people and word processors: non-breaking hyphens and spaces, en dashes, minus
 * signs, typographic quotes. `plain` folds them to what the grammars are written in. Length may change.
 */
export function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/g, "-")
    .replace(/[\u00A0\u2000-\u200A\u202F\u205F\u3000\t]/g, " ")
    .replace(/[\u200B-\u200D\u2060\uFEFF\u00AD]/g, "")
    .replace(/[\u2018\u2019\u201B]/g, "'")
    .replace(/[\u201C\u201D\u201F]/g, '"');
}

/** The words of a name, for comparing what two tables call the same thing: lower case, no punctuation. */
export function words(text: string): string[] {
  return plain(text)
    .toLowerCase()
    .split(/[^a-z0-9.%]+/)
    .map((word) => word.replace(/^\.+|\.+$/g, ""))
    .filter((word) => word !== "");
}

/** An identifier made of a name: `Lambda Inference` becomes `lambda-inference`. */
export function slug(text: string): string {
  return words(text).join("-").replace(/[.%]/g, "-").replace(/-+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
}

/** Like `slug`, with a number behind it where the id is taken. Adds the new id to `taken`. */
export function freshId(text: string, taken: Set<string>): string {
  const base = slug(text) || "item";
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`;
  taken.add(id);
  return id;
}

/** "a", "a or b", "a, b or c". */
export function oneOf(items: readonly string[], join = "or"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${join} ${items.at(-1)}`;
}

/** What a caught value says of itself. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
