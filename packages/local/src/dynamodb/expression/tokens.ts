/** `name` is a bare word, `alias` a #placeholder, `value` a :placeholder, `index` digits in brackets. */
export interface Token {
  readonly kind: "name" | "alias" | "value" | "index" | "symbol" | "end";
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<alias>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<index>\d+)|(?<symbol><>|<=|>=|[=<>(),.[\]+-]))/y;

/** The tokens of an expression, or the character that begins none. */
export function tokensOf(expression: string): Token[] | { readonly unknown: string; readonly at: number } {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) return { unknown: text.slice(at).trimStart().slice(0, 1), at };
    for (const kind of ["name", "alias", "value", "index", "symbol"] as const) {
      const part = found.groups?.[kind];
      if (part !== undefined) tokens.push({ kind, text: part, at: TOKEN.lastIndex - part.length });
    }
  }
  tokens.push({ kind: "end", text: "<EOF>", at: text.length });
  return tokens;
}
