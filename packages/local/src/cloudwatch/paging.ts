import { AwsError } from "../kernel/wire.ts";

/** One page in the order of the keys. The token is the last key of the page before. */
export function page<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  options: { readonly limit: number; readonly token: string | undefined },
): { readonly items: T[]; readonly NextToken?: string } {
  const after = options.token === undefined ? "" : decode(options.token);
  const rest = all
    .filter((item) => keyOf(item) > after)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  const items = rest.slice(0, options.limit);
  const last = items.at(-1);
  if (last === undefined || items.length === rest.length) return { items };
  return { items, NextToken: Buffer.from(`after:${keyOf(last)}`).toString("base64") };
}

function decode(token: string): string {
  const plain = Buffer.from(token, "base64").toString();
  if (plain.startsWith("after:")) return plain.slice("after:".length);
  throw new AwsError("InvalidNextToken", "The next token specified is invalid: no list has returned it.");
}
