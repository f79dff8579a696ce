import { Document, isMap, isPair, isScalar, isSeq, type Node, visit } from "yaml";
import { canonicalJson } from "../kit/digest.ts";
import { type Duration, spoken } from "../kit/duration.ts";
import { type Offset, spokenOffset } from "../kit/offset.ts";
import { Plan } from "./schema.ts";
import { branchesOf, defaultOf, elementOf, fieldsOf, type Schema } from "./shape.ts";

/** Fields that a reader looks for first, in whatever order the schema has them. */
const FIRST = ["gonogo", "policy", "id", "kind"];
const OFFSETS = new Set(["at", "closes"]);
const DURATIONS = new Set([
  "watch",
  "within",
  "decideWithin",
  "maxDuration",
  "gatesWithin",
  "bake",
  "over",
  "verifyWithin",
  "fixWithin",
  "storm",
  "calm",
  "soak",
  "every",
  "validFor",
  "expires",
  "for",
]);
const MOMENTS = new Set(["start", "expectedCompletion"]);

/**
 * Writes a plan as a person would: in the schema's order, without what is only the default, with times as
 * they are spoken. `readPlan` of the text gives the same plan, with the same digest. Comments stand on top.
 */
export function writePlan(plan: Plan, comments: readonly string[] = []): string {
  return writeYaml(Plan, plan, comments);
}

/** The same for anything that a schema describes. */
export function writeYaml(schema: Schema, value: unknown, comments: readonly string[] = []): string {
  const document = new Document(tidied(schema, value), { aliasDuplicateObjects: false });
  if (isMap(document.contents)) {
    for (const [index, pair] of document.contents.items.entries()) {
      const { value } = pair as { value: unknown };
      const isSection = isSeq(value) || isMap(value);
      if (index > 0 && isSection && isScalar(pair.key)) pair.key.spaceBefore = true;
      if (isSeq(value)) spread(value.items);
    }
  }
  visit(document, {
    Seq: (_, node) => {
      if (node.items.length <= 8 && node.items.every((item) => isShort(item))) node.flow = true;
    },
    Pair: (_, pair) => {
      if (!isScalar(pair.key) || !isMap(pair.value)) return;
      // What says where a thing is fits on a line, and is read as one.
      if (["source", "target", "onRed"].includes(String(pair.key.value)))
        pair.value.flow = isFlat(pair.value);
    },
  });
  if (comments.length > 0) {
    document.commentBefore = comments
      .flatMap((text) => text.split("\n"))
      .map((text) => ` ${safe(text)}`)
      .join("\n");
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** An empty line between the items of a list, where they have several lines each. */
function spread(items: readonly unknown[]): void {
  const isLong = items.some((item) => isMap(item) && item.items.length > 2);
  if (!isLong) return;
  for (const item of items.slice(1)) if (isMap(item)) item.spaceBefore = true;
}

function isShort(node: unknown): boolean {
  return isScalar(node) && String(node.value).length <= 40 && !String(node.value).includes("\n");
}

function isFlat(node: Node): boolean {
  if (!isMap(node)) return false;
  const values = node.items.flatMap((item) => (isPair(item) ? [item.value] : []));
  return (
    values.every((value) => isScalar(value) || (isMap(value) && isFlat(value))) && String(node).length < 200
  );
}

/** A comment on one line that cannot end itself. */
function safe(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this takes out
  return text.replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g, " ");
}

/** The value in the schema's order, without defaults, as a person would spell it. */
function tidied(schema: Schema, value: unknown, name = ""): unknown {
  if (typeof value === "string") return spelt(name, value);
  const element = elementOf(schema);
  if (element !== undefined && Array.isArray(value)) return value.map((item) => tidied(element, item));
  const fields = fieldsOf(branchFor(schema, value));
  if (fields === undefined || typeof value !== "object" || value === null) return value;
  const known = value as Record<string, unknown>;
  const keys = Object.keys(fields);
  const ordered = [
    ...FIRST.filter((key) => keys.includes(key)),
    ...keys.filter((key) => !FIRST.includes(key)),
  ];
  const written = (wanted: (field: Schema, given: unknown) => boolean) =>
    ordered.flatMap((key) => {
      const [field, given] = [fields[key], known[key]];
      return field === undefined || given === undefined || !wanted(field, given)
        ? []
        : [[key, tidied(field, given, key)]];
    });
  const telling = written((field, given) => !isDefault(field, given));
  // What is all defaults would be an empty map; then it says what they are.
  return Object.fromEntries(telling.length > 0 ? telling : written(() => true));
}

function branchFor(schema: Schema, value: unknown): Schema {
  const fits = branchesOf(schema)?.find((branch) => (branch as typeof Plan).safeParse(value).success);
  return fits ?? schema;
}

function isDefault(schema: Schema, value: unknown): boolean {
  if (defaultOf(schema) === undefined) return false;
  const filled = (schema as typeof Plan).safeParse(undefined);
  return filled.success && canonicalJson(filled.data) === canonicalJson(value);
}

function spelt(name: string, text: string): string {
  if (OFFSETS.has(name)) return spokenOffset(text as Offset);
  if (DURATIONS.has(name)) return spoken(text as Duration);
  if (MOMENTS.has(name)) return text.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):00\.000Z$/, "$1 $2 UTC");
  return text;
}
