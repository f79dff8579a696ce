import { invalidParameter } from "./errors.ts";

export interface PageInput {
  readonly Marker?: string;
  /** A number that came in a query string. */
  readonly MaxItems?: string | number;
}

/** One page in the order of the keys. The marker is the last key of the page before. */
export function page<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  input: PageInput,
): { readonly items: T[]; readonly NextMarker?: string } {
  const limit = Number(input.MaxItems ?? 50);
  if (!Number.isInteger(limit) || limit < 1) throw invalidParameter("MaxItems must be a number from 1");
  const after = input.Marker === undefined ? "" : decode(input.Marker);
  const rest = all
    .filter((item) => keyOf(item) > after)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  const items = rest.slice(0, Math.min(limit, 10_000));
  const last = items.at(-1);
  if (last === undefined || items.length === rest.length) return { items };
  return { items, NextMarker: Buffer.from(`after:${keyOf(last)}`).toString("base64") };
}

function decode(marker: string): string {
  const plain = Buffer.from(marker, "base64").toString();
  if (!plain.startsWith("after:")) throw invalidParameter("Marker is not one that a list has returned");
  return plain.slice("after:".length);
}
