import { invalid } from "./checks.ts";

/** One page of a listing in the order of its keys. The token is the last key of the page before. */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  options: { token: string | undefined; limit: number },
): { readonly items: T[]; readonly NextToken?: string } {
  const after = options.token === undefined ? "" : decode(options.token);
  const rest = items
    .filter((item) => keyOf(item) > after)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  const taken = rest.slice(0, options.limit);
  const last = taken.at(-1);
  if (last === undefined || rest.length === taken.length) return { items: taken };
  return { items: taken, NextToken: Buffer.from(`1:${keyOf(last)}`).toString("base64") };
}

function decode(token: string): string {
  const plain = Buffer.from(token, "base64").toString();
  if (!plain.startsWith("1:")) throw invalid("Parameter NextToken is not valid.");
  return plain.slice(2);
}
