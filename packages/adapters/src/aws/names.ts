import { digestOf, shortDigest } from "@gonogo/core/kit/digest";

/** A name for something that belongs to one release, at most `longest` characters and never another's. */
export function nameFor(prefix: string, release: string, longest = 64): string {
  const name = `${prefix}-${release}`;
  return name.length <= longest ? name : `${prefix}-${shortDigest(digestOf(release))}`;
}
