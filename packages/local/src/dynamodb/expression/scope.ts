import { type Attribute, type Item, invalid, readAttribute } from "../attribute.ts";
import type { ExpressionKind, Mentions, Path } from "./reader.ts";

/** What the placeholders of a request's expressions stand for. */
export class Scope {
  readonly #names: Readonly<Record<string, unknown>>;
  readonly #values: Readonly<Record<string, Attribute>>;
  readonly #usedNames = new Set<string>();
  readonly #usedValues = new Set<string>();
  #expressions = 0;

  constructor(input: Readonly<Record<string, unknown>>) {
    this.#names = members(input.ExpressionAttributeNames);
    const values: Record<string, Attribute> = {};
    for (const [name, value] of Object.entries(members(input.ExpressionAttributeValues))) {
      values[name] = readAttribute(value);
    }
    this.#values = values;
  }

  /** Takes note of an expression; throws where it mentions a placeholder that nothing defines. */
  admit(kind: ExpressionKind, { aliases, values }: Mentions): void {
    this.#expressions += 1;
    for (const alias of aliases) {
      if (typeof this.#names[alias] !== "string") {
        throw invalid(
          `Invalid ${kind}: An expression attribute name used in the document path is not defined; attribute name: ${alias}`,
        );
      }
      this.#usedNames.add(alias);
    }
    for (const value of values) {
      if (this.#values[value] === undefined) {
        throw invalid(
          `Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${value}`,
        );
      }
      this.#usedValues.add(value);
    }
  }

  /** To be called when every expression of the request is admitted. */
  close(): void {
    this.#refuseUnused("ExpressionAttributeNames", Object.keys(this.#names), this.#usedNames);
    this.#refuseUnused("ExpressionAttributeValues", Object.keys(this.#values), this.#usedValues);
  }

  #refuseUnused(member: string, given: readonly string[], used: ReadonlySet<string>): void {
    if (given.length === 0) return;
    if (this.#expressions === 0) {
      throw invalid(`${member} can only be specified when using expressions`);
    }
    const unused = given.filter((name) => !used.has(name));
    if (unused.length === 0) return;
    throw invalid(`Value provided in ${member} unused in expressions: keys: {${unused.join(", ")}}`);
  }

  value(name: string): Attribute {
    const value = this.#values[name];
    if (value === undefined) throw invalid(`${name} is not defined in ExpressionAttributeValues`);
    return value;
  }

  name(part: string): string {
    if (!part.startsWith("#")) return part;
    return String(this.#names[part]);
  }

  /** The path with names in the place of placeholders. */
  path(path: Path): Path {
    return path.map((part) => (typeof part === "number" ? part : this.name(part)));
  }

  find(item: Item, path: Path): Attribute | undefined {
    const [first, ...rest] = path;
    let found = typeof first === "string" ? own(item, this.name(first)) : undefined;
    for (const part of rest) {
      if (found === undefined) return undefined;
      if (typeof part === "number") found = "L" in found ? found.L[part] : undefined;
      else found = "M" in found ? own(found.M, this.name(part)) : undefined;
    }
    return found;
  }
}

function own(item: Item, name: string): Attribute | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

function members(input: unknown): Readonly<Record<string, unknown>> {
  if (input === undefined || input === null) return {};
  if (typeof input !== "object" || Array.isArray(input)) throw invalid("placeholders must be given as a map");
  return input as Record<string, unknown>;
}
