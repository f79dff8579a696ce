import { type Attribute, type Item, invalid, typeOf } from "../attribute.ts";
import { elements } from "../attribute-order.ts";
import { addNumbers } from "../decimal.ts";
import { withoutPath, withPath } from "./path.ts";
import type { Path } from "./reader.ts";
import type { Scope } from "./scope.ts";
import type { Action, Source } from "./update.ts";

/** The item as it is after the actions. All of them read the item as it was before. */
export function applyUpdate(actions: readonly Action[], before: Item, scope: Scope): Item {
  const removals: Path[] = [];
  let item = before;
  for (const action of actions) {
    const path = scope.path(action.path);
    switch (action.kind) {
      case "set":
        item = withPath(item, path, resolve(action.source, before, scope));
        break;
      case "add":
        item = withPath(item, path, added(scope.find(before, action.path), scope.value(action.value)));
        break;
      case "delete": {
        const left = reduced(scope.find(before, action.path), scope.value(action.value));
        if (left === "none") removals.push(path);
        else if (left !== undefined) item = withPath(item, path, left);
        break;
      }
      case "remove":
        removals.push(path);
        break;
    }
  }
  // Positions in a list are those before the update, so the last one goes first.
  removals.sort(laterPositionFirst);
  for (const path of removals) item = withoutPath(item, path);
  return item;
}

/** Throws where two actions touch one place. */
export function checkOverlaps(actions: readonly Action[], scope: Scope): void {
  const paths = actions.map(({ path }) => scope.path(path));
  paths.forEach((one, at) => {
    for (const other of paths.slice(at + 1)) {
      const shared = Math.min(one.length, other.length);
      const first = one.findIndex((part, index) => index >= shared || part !== other[index]);
      if (first !== -1 && first < shared) {
        if (typeof one[first] !== typeof other[first]) {
          throw invalid(
            `Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: ${shown(one)}, path two: ${shown(other)}`,
          );
        }
        continue;
      }
      throw invalid(
        `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${shown(one)}, path two: ${shown(other)}`,
      );
    }
  });
}

/** What DynamoDB refuses whatever the item: an operand that no item could make right. */
export function checkSources(actions: readonly Action[], scope: Scope): void {
  for (const action of actions) {
    if (action.kind === "set") checkSource(action.source, scope);
    else if (action.kind !== "remove") {
      const type = typeOf(scope.value(action.value));
      const served = action.kind === "add" ? ["N", "SS", "NS", "BS"] : ["SS", "NS", "BS"];
      if (!served.includes(type)) throw wrongOperand(action.kind.toUpperCase(), type);
    }
  }
}

function checkSource(source: Source, scope: Scope): void {
  if (source.kind === "if-not-exists") checkSource(source.otherwise, scope);
  if (source.kind !== "plus" && source.kind !== "minus" && source.kind !== "append") return;
  const wanted = source.kind === "append" ? "L" : "N";
  const operator = { plus: "+", minus: "-", append: "list_append" }[source.kind];
  for (const side of [source.left, source.right]) {
    checkSource(side, scope);
    if (side.kind !== "value") continue;
    const type = typeOf(scope.value(side.value));
    if (type !== wanted) throw wrongOperand(operator, type);
  }
}

function wrongOperand(operator: string, type: string) {
  return invalid(
    `Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}

function resolve(source: Source, item: Item, scope: Scope): Attribute {
  switch (source.kind) {
    case "value":
      return scope.value(source.value);
    case "path": {
      const found = scope.find(item, source.path);
      if (found !== undefined) return found;
      throw invalid("The provided expression refers to an attribute that does not exist in the item");
    }
    case "if-not-exists":
      return scope.find(item, source.path) ?? resolve(source.otherwise, item, scope);
    case "append": {
      const [left, right] = [resolve(source.left, item, scope), resolve(source.right, item, scope)];
      if ("L" in left && "L" in right) return { L: [...left.L, ...right.L] };
      throw wrongType();
    }
    case "plus":
    case "minus": {
      const [left, right] = [resolve(source.left, item, scope), resolve(source.right, item, scope)];
      if (!("N" in left && "N" in right)) throw wrongType();
      return { N: addNumbers(left.N, right.N, source.kind === "plus" ? 1 : -1) };
    }
  }
}

function added(old: Attribute | undefined, value: Attribute): Attribute {
  if ("N" in value) {
    if (old === undefined) return value;
    if ("N" in old) return { N: addNumbers(old.N, value.N) };
    throw wrongType();
  }
  if (old !== undefined && typeOf(old) !== typeOf(value)) throw wrongType();
  const union = [...new Set([...(old === undefined ? [] : elements(old)), ...elements(value)])];
  return setLike(value, union);
}

/** What is left of the set; undefined where nothing was there, `none` where nothing is left. */
function reduced(old: Attribute | undefined, value: Attribute): Attribute | "none" | undefined {
  if (old === undefined) return undefined;
  if (typeOf(old) !== typeOf(value)) throw wrongType();
  const gone = new Set(elements(value));
  const left = elements(old).filter((element) => !gone.has(element));
  return left.length === 0 ? "none" : setLike(value, left);
}

function setLike(value: Attribute, members: readonly string[]): Attribute {
  if ("SS" in value) return { SS: members };
  if ("NS" in value) return { NS: members };
  return { BS: members };
}

function wrongType() {
  return invalid("An operand in the update expression has an incorrect data type");
}

function laterPositionFirst(a: Path, b: Path): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [x, y] = [a[at], b[at]];
    if (typeof x === "number" && typeof y === "number" && x !== y) return y - x;
  }
  return b.length - a.length;
}

function shown(path: Path): string {
  return `[${path.map((part) => (typeof part === "number" ? `[${part}]` : part)).join(", ")}]`;
}
