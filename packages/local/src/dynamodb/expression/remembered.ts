const MOST = 500;

/** The same, but each text is parsed once: a program has few expressions and sends them often. */
export function remembered<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const parsed = parse(text);
    if (known.size >= MOST) known.clear();
    known.set(text, parsed);
    return parsed;
  };
}
