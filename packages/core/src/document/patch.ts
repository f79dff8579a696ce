/**
 * The difference between two JSON values, in a form that people can read and that still fits when somebody
 * has edited a part that it does not speak of: objects by their fields, lists of things with a name by that
 * name. `null` takes a field away; no plan has a null in it.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** Fields by which the things in a list are told apart, the first that all of them have. */
const KEYS = ["id", "role", "field", "name"] as const;
/** In the patch of a list: what is new in it, and the order of all. Neither can be an id. */
const ADD = "$add";
const ORDER = "$order";

/** What makes `to` of `from`; undefined when they are the same. */
export function difference(from: Json | undefined, to: Json): Json | undefined {
  if (isObject(from) && isObject(to)) {
    const changed: Record<string, Json> = {};
    for (const key of Object.keys(from)) if (to[key] === undefined) changed[key] = null;
    for (const [key, value] of Object.entries(to)) {
      const part = difference(from[key], value);
      if (part !== undefined) changed[key] = part;
    }
    return Object.keys(changed).length === 0 ? undefined : changed;
  }
  if (Array.isArray(from) && Array.isArray(to)) return listDifference(from, to);
  return from === to ? undefined : to;
}

function listDifference(from: readonly Json[], to: readonly Json[]): Json | undefined {
  if (JSON.stringify(from) === JSON.stringify(to)) return undefined;
  const key = keyOf([...from, ...to]);
  const [before, after] = [byKey(from, key), byKey(to, key)];
  if (before === undefined || after === undefined) return to;
  const changed: Record<string, Json> = {};
  for (const name of before.keys()) if (!after.has(name)) changed[name] = null;
  const added: Json[] = [];
  for (const [name, item] of after) {
    const known = before.get(name);
    const part = known === undefined ? undefined : difference(known, item);
    if (known === undefined) added.push(item);
    else if (part !== undefined) changed[name] = part;
  }
  if (added.length > 0) changed[ADD] = added;
  const kept = [...before.keys()].filter((name) => after.has(name));
  const natural = [...kept, ...[...after.keys()].filter((name) => !before.has(name))];
  if (natural.join("\n") !== [...after.keys()].join("\n")) changed[ORDER] = [...after.keys()];
  return Object.keys(changed).length === 0 ? undefined : changed;
}

/** Applies a difference. What it speaks of and is not there is named in `lost`. */
export function applied(from: Json | undefined, patch: Json, lost: string[], path = ""): Json {
  if (!isObject(patch)) return patch;
  if (Array.isArray(from)) return appliedToList(from, patch, lost, path);
  if (from !== undefined && !isObject(from)) return patch;
  const result: Record<string, Json> = { ...from };
  for (const [key, part] of Object.entries(patch)) {
    if (key === "__proto__") continue;
    if (part === null) delete result[key];
    else result[key] = applied(result[key], part, lost, path === "" ? key : `${path}.${key}`);
  }
  return result;
}

function appliedToList(from: readonly Json[], patch: JsonObject, lost: string[], path: string): Json {
  const added = Array.isArray(patch[ADD]) ? (patch[ADD] as readonly Json[]) : [];
  const key = keyOf([...from, ...added]);
  const items = byKey(from, key) ?? new Map<string, Json>();
  for (const [name, part] of Object.entries(patch)) {
    if (name === ADD || name === ORDER) continue;
    const known = items.get(name);
    if (part === null) items.delete(name);
    else if (known === undefined) lost.push(`${path} ${name}`);
    else items.set(name, applied(known, part, lost, `${path} ${name}`));
  }
  for (const item of added) items.set(nameOf(item, key) ?? `${items.size}`, item);
  const order = Array.isArray(patch[ORDER]) ? patch[ORDER].map(String) : [];
  const named = order.filter((name) => items.has(name));
  const rest = [...items.keys()].filter((name) => !named.includes(name));
  return [...named, ...rest].flatMap((name) => items.get(name) ?? []);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameOf(item: Json, key: string | undefined): string | undefined {
  const name = isObject(item) && key !== undefined ? item[key] : undefined;
  return typeof name === "string" && !name.startsWith("$") && name !== "__proto__" ? name : undefined;
}

function keyOf(items: readonly Json[]): string | undefined {
  return KEYS.find((key) => items.every((item) => nameOf(item, key) !== undefined));
}

/** The items by their names; undefined when they have none, or when two have the same. */
function byKey(items: readonly Json[], key: string | undefined): Map<string, Json> | undefined {
  const named = new Map<string, Json>();
  for (const item of items) {
    const name = nameOf(item, key);
    if (name === undefined || named.has(name)) return undefined;
    named.set(name, item);
  }
  return named;
}
