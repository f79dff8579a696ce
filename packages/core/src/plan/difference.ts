import type { Plan } from "./schema.ts";

/** One field that differs. What is absent on one side was added or taken away. */
export interface PlanChange {
  /** Where, from the outside in: `["steps", "p1", "percent"]`. */
  readonly path: readonly string[];
  readonly before?: string;
  readonly after?: string;
}

/** What tells the members of a list apart, wherever they stand in it. */
const NAMES = ["id", "role", "component", "field", "name", "check"] as const;

/** Fields that say nothing about what will be done. */
const UNTOLD = ["gonogo", "id"];

/**
 * What differs between two plans, field by field and in the order of the newer one. Lists whose members have
 * a name are compared by it, so that a step that was put in between does not make all later ones differ.
 */
export function planDifference(before: Plan, after: Plan): PlanChange[] {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])].filter(
    (key) => !UNTOLD.includes(key),
  );
  return keys.flatMap((key) => compare([key], fieldOf(before, key), fieldOf(after, key)));
}

function compare(path: readonly string[], before: unknown, after: unknown): PlanChange[] {
  if (sameText(before, after)) return [];
  const [left, right] = [membersOf(before), membersOf(after)];
  if (left === undefined || right === undefined) {
    return [
      {
        path,
        ...(before === undefined ? {} : { before: textOf(before) }),
        ...(after === undefined ? {} : { after: textOf(after) }),
      },
    ];
  }
  const keys = [...new Set([...right.keys(), ...left.keys()])];
  return keys.flatMap((key) => compare([...path, key], left.get(key), right.get(key)));
}

/** The members of an object or of a list with names; undefined for what is compared as a whole. */
function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const name = NAMES.find((one) => value.every((member) => typeof fieldOf(member, one) === "string"));
  if (name === undefined || value.length === 0) return undefined;
  const members = new Map(value.map((member): [string, unknown] => [String(fieldOf(member, name)), member]));
  return members.size === value.length ? members : undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function sameText(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

/** A value as one line: `at T+5m, watch 10m`. */
function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return Object.entries(value)
    .filter(([, field]) => field !== undefined && !(Array.isArray(field) && field.length === 0))
    .map(([key, field]) => `${key} ${textOf(field)}`)
    .join(", ");
}
