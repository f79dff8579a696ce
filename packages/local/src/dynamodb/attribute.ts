import { AwsError } from "../kernel/wire.ts";
import { normalNumber } from "./decimal.ts";

/** An attribute's value as it travels: one member, which names the type. Binary is base64 text. */
export type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly Attribute[] }
  | { readonly M: Item }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] };

/** Never changed in place: an update makes a new one. */
export type Item = Readonly<Record<string, Attribute>>;

export type AttributeType = "S" | "N" | "B" | "BOOL" | "NULL" | "L" | "M" | "SS" | "NS" | "BS";

/** "Map and list can be nested up to 32 levels deep." */
const DEEPEST = 32;

export function typeOf(value: Attribute): AttributeType {
  for (const type in value) return type as AttributeType;
  throw invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}

export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** An item as it is kept: every value checked, numbers in normal form. Throws ValidationException. */
export function readItem(input: unknown): Item {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw invalid("One or more parameter values were invalid: an item must be a map of attribute values");
  }
  const item: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(input)) item[name] = readAttribute(value);
  return item;
}

export function readAttribute(input: unknown, depth = 0): Attribute {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  const members = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
  const [member, second] = members;
  if (member === undefined) {
    throw invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  if (second !== undefined) {
    throw invalid(
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
  }
  if (depth > DEEPEST) throw invalid("Nesting Levels have exceeded supported limits: Item nested too deep");
  return readTyped(member[0], member[1], depth);
}

function readTyped(type: string, value: unknown, depth: number): Attribute {
  switch (type) {
    case "S":
      return { S: text(value, type) };
    case "N":
      return { N: normalNumber(text(value, type)) };
    case "B":
      return { B: base64(value) };
    case "BOOL":
      if (typeof value !== "boolean") throw wrongType(type, "true or false");
      return { BOOL: value };
    case "NULL":
      if (value !== true) {
        throw invalid(
          "One or more parameter values were invalid: Null attribute value types must have the value of true",
        );
      }
      return { NULL: true };
    case "L":
      return { L: list(value, type).map((element) => readAttribute(element, depth + 1)) };
    case "M": {
      const map: Record<string, Attribute> = {};
      if (typeof value !== "object" || value === null) throw wrongType(type, "a map of attribute values");
      for (const [name, element] of Object.entries(value)) map[name] = readAttribute(element, depth + 1);
      return { M: map };
    }
    case "SS":
      return {
        SS: set(
          list(value, type).map((element) => text(element, type)),
          "string",
        ),
      };
    case "NS":
      return {
        NS: set(
          list(value, type).map((element) => normalNumber(text(element, type))),
          "number",
        ),
      };
    case "BS":
      return { BS: set(list(value, type).map(base64), "binary") };
    default:
      throw invalid(`${type} is no DynamoDB type (S, N, B, BOOL, NULL, L, M, SS, NS, BS)`);
  }
}

function set(values: string[], kind: string): string[] {
  if (values.length === 0) {
    throw invalid(`One or more parameter values were invalid: An ${kind} set  may not be empty`);
  }
  if (new Set(values).size !== values.length) {
    throw invalid(
      `One or more parameter values were invalid: Input collection [${values.join(", ")}] contains duplicates.`,
    );
  }
  return values;
}

function text(value: unknown, type: string): string {
  if (typeof value !== "string") throw wrongType(type, "text");
  return value;
}

function list(value: unknown, type: string): unknown[] {
  if (!Array.isArray(value)) throw wrongType(type, "a list");
  return value;
}

function base64(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return text(value, "B");
}

function wrongType(type: string, wanted: string): AwsError {
  return new AwsError("SerializationException", `a value of type ${type} must be ${wanted}`);
}
