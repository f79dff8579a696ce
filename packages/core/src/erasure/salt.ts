import { eachText, escaped, isCommitment, type Salts } from "./commitment.ts";
import { placesIn } from "./texts.ts";

interface Body {
  readonly reason?: string;
  readonly event: { readonly type: string };
}

/**
 * A salt for each text of a record that can be erased; undefined where there is none. What people type that has
 * the form of a commitment gets one wherever it stands, so that nothing looks erased that is not.
 */
export function saltsFor(body: Body, newSalt: () => string): Salts | undefined {
  const pointers = new Set<string>();
  if (body.reason !== undefined && body.reason !== "") pointers.add("/reason");
  for (const place of placesIn(body.event.type)) {
    for (const pointer of textsAt(body.event, place.slice(1).split("/"), "/event")) pointers.add(pointer);
  }
  eachText(body, (text, pointer) => {
    if (isCommitment(text)) pointers.add(pointer);
  });
  if (pointers.size === 0) return undefined;
  return Object.fromEntries([...pointers].map((pointer) => [pointer, newSalt()]));
}

/** The pointers of the texts that a place with `*` stands for. */
function textsAt(value: unknown, [key, ...rest]: readonly string[], at: string): string[] {
  if (key === undefined) return typeof value === "string" && value !== "" ? [at] : [];
  if (typeof value !== "object" || value === null) return [];
  const keys = key === "*" ? Object.keys(value) : Object.hasOwn(value, key) ? [key] : [];
  return keys.flatMap((one) => textsAt(value[one as keyof typeof value], rest, `${at}/${escaped(one)}`));
}
