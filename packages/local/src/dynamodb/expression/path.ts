import { type Attribute, type Item, invalid } from "../attribute.ts";
import type { Path } from "./reader.ts";

/** The item with a value at a place. The map or list that holds the place must be there. */
export function withPath(item: Item, path: Path, value: Attribute): Item {
  const [first, ...rest] = path;
  if (typeof first !== "string") throw noPlace();
  if (rest.length === 0) return { ...item, [first]: value };
  const holder = item[first];
  if (holder === undefined) throw noPlace();
  return { ...item, [first]: placed(holder, rest, value) };
}

function placed(holder: Attribute, path: Path, value: Attribute): Attribute {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (typeof first === "string") {
    if (!("M" in holder)) throw noPlace();
    const inner = holder.M[first];
    if (rest.length > 0 && inner === undefined) throw noPlace();
    return { M: { ...holder.M, [first]: inner === undefined ? value : placed(inner, rest, value) } };
  }
  if (!("L" in holder)) throw noPlace();
  const inner = holder.L[first];
  if (rest.length > 0 && inner === undefined) throw noPlace();
  const list = [...holder.L];
  // A position past the end appends.
  if (inner === undefined) list.push(value);
  else list[first] = placed(inner, rest, value);
  return { L: list };
}

/** The item without what is at a place; the item itself where nothing is. */
export function withoutPath(item: Item, path: Path): Item {
  const [first, ...rest] = path;
  if (typeof first !== "string") throw noPlace();
  if (rest.length === 0) {
    const { [first]: _gone, ...left } = item;
    return left;
  }
  const holder = item[first];
  if (holder === undefined) throw noPlace();
  return { ...item, [first]: reduced(holder, rest) };
}

function reduced(holder: Attribute, path: Path): Attribute {
  const [first, ...rest] = path;
  if (first === undefined) return holder;
  if (typeof first === "string") {
    if (!("M" in holder)) throw noPlace();
    if (rest.length === 0) return { M: withoutPath(holder.M, [first]) };
    const inner = holder.M[first];
    if (inner === undefined) throw noPlace();
    return { M: { ...holder.M, [first]: reduced(inner, rest) } };
  }
  if (!("L" in holder)) throw noPlace();
  if (rest.length === 0) return { L: holder.L.filter((_, at) => at !== first) };
  const inner = holder.L[first];
  if (inner === undefined) throw noPlace();
  return { L: holder.L.map((element, at) => (at === first ? reduced(inner, rest) : element)) };
}

/** Only what the paths name; the elements of a list close up. */
export function project(item: Item, paths: readonly Path[]): Item {
  const root: Node = { M: new Map() };
  for (const path of paths) grow(root, item, path);
  return ripe(root).M;
}

interface Node {
  readonly M?: Map<string, Node | Attribute>;
  readonly L?: Map<number, Node | Attribute>;
}

function grow(root: Node, item: Item, path: Path): void {
  let found: Attribute | undefined = { M: item };
  for (const part of path) {
    if (found === undefined) return;
    if (typeof part === "string")
      found = "M" in found && Object.hasOwn(found.M, part) ? found.M[part] : undefined;
    else found = "L" in found ? found.L[part] : undefined;
  }
  if (found === undefined) return;
  let node = root;
  path.forEach((part, at) => {
    const children = (typeof part === "string" ? node.M : node.L) as
      | Map<string | number, Node | Attribute>
      | undefined;
    if (children === undefined) return;
    if (at === path.length - 1) {
      children.set(part, found);
      return;
    }
    let child = children.get(part);
    if (child === undefined) {
      child = typeof path[at + 1] === "string" ? { M: new Map() } : { L: new Map() };
      children.set(part, child);
    }
    node = child as Node;
  });
}

function ripe(node: Node): { M: Item } {
  const item: Record<string, Attribute> = {};
  for (const [name, child] of node.M ?? []) item[name] = value(child);
  return { M: item };
}

function value(child: Node | Attribute): Attribute {
  if ("M" in child && child.M instanceof Map) return ripe({ M: child.M });
  if ("L" in child && child.L instanceof Map) {
    return { L: [...child.L].sort(([a], [b]) => a - b).map(([, element]) => value(element)) };
  }
  return child as Attribute;
}

function noPlace() {
  return invalid("The document path provided in the update expression is invalid for update");
}
