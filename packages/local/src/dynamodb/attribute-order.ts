import { type Attribute, type Item, typeOf } from "./attribute.ts";
import { compareNumbers } from "./decimal.ts";

/** As for a sort; undefined where the two cannot be ordered: other types, or a type that has no order. */
export function order(a: Attribute, b: Attribute): number | undefined {
  if ("S" in a && "S" in b) return compareText(a.S, b.S);
  if ("N" in a && "N" in b) return compareNumbers(a.N, b.N);
  if ("B" in a && "B" in b) return Buffer.compare(Buffer.from(a.B, "base64"), Buffer.from(b.B, "base64"));
  return undefined;
}

/** By UTF-8 bytes, as DynamoDB sorts. JavaScript compares UTF-16 units, which differs past U+D7FF. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Half of a surrogate pair stands for a code point above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Sets are equal whatever their order; all else is equal as it is written. */
export function equal(a: Attribute, b: Attribute): boolean {
  if ("S" in a) return "S" in b && a.S === b.S;
  if ("N" in a) return "N" in b && a.N === b.N;
  if ("B" in a) return "B" in b && a.B === b.B;
  if ("BOOL" in a) return "BOOL" in b && a.BOOL === b.BOOL;
  if ("NULL" in a) return "NULL" in b;
  if ("M" in a) return "M" in b && equalItems(a.M, b.M);
  if ("L" in a) return "L" in b && equalLists(a.L, b.L);
  return typeOf(a) === typeOf(b) && equalSets(elements(a), elements(b));
}

export function equalItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [x, y] = [a[name], b[name]];
    return x !== undefined && y !== undefined && equal(x, y);
  });
}

function equalLists(a: readonly Attribute[], b: readonly Attribute[]): boolean {
  return (
    a.length === b.length &&
    a.every((x, at) => {
      const y = b[at];
      return y !== undefined && equal(x, y);
    })
  );
}

function equalSets(a: readonly string[], b: readonly string[]): boolean {
  const known = new Set(a);
  return a.length === b.length && b.every((value) => known.has(value));
}

/** A set's elements; empty for what is no set. */
export function elements(value: Attribute): readonly string[] {
  if ("SS" in value) return value.SS;
  if ("NS" in value) return value.NS;
  return "BS" in value ? value.BS : [];
}

/**
 * Bytes, as DynamoDB counts them.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function sizeOfItem(item: Item): number {
  let size = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) size += Buffer.byteLength(name) + sizeOf(value);
  }
  return size;
}

function sizeOf(value: Attribute): number {
  if ("S" in value) return Buffer.byteLength(value.S);
  if ("N" in value) return numberSize(value.N);
  if ("B" in value) return Buffer.byteLength(value.B, "base64");
  if ("L" in value) return 3 + value.L.reduce((sum, element) => sum + 1 + sizeOf(element), 0);
  if ("M" in value) return 3 + Object.keys(value.M).length + sizeOfItem(value.M);
  if ("SS" in value) return value.SS.reduce((sum, element) => sum + Buffer.byteLength(element), 0);
  if ("NS" in value) return value.NS.reduce((sum, element) => sum + numberSize(element), 0);
  if ("BS" in value) return value.BS.reduce((sum, element) => sum + Buffer.byteLength(element, "base64"), 0);
  return 1;
}

function numberSize(text: string): number {
  const digits = text.replace(/[-.]/g, "").replace(/^0+|0+$/g, "").length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}
