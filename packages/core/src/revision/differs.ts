import { type PlanChange, planDifference } from "../plan/difference.ts";
import type { Plan } from "../plan/schema.ts";

/** What stands in a release's log of a change: no more of it, and no longer. */
const MOST_CHANGES = 60;
const LONGEST_VALUE = 160;

/** Fields that name people, or that may: the log says that they have changed, and not to what (S16). */
const NAMES_PEOPLE = ["releaseManager", "roles", "channels", "notes", "description", "authors", "review"];

/** The difference as the log keeps it. The plans themselves are kept beside it, whole. */
export function recordedChanges(before: Plan, after: Plan): { changes: PlanChange[]; more?: number } {
  const all = allChanges(before, after);
  const changes = all.slice(0, MOST_CHANGES);
  return { changes, ...(all.length > changes.length ? { more: all.length - changes.length } : {}) };
}

/** The whole difference, as it may lie where nothing can be erased: without what may name people. */
export function allChanges(before: Plan, after: Plan): PlanChange[] {
  return planDifference(before, after).map(withoutPeople);
}

function withoutPeople(change: PlanChange): PlanChange {
  const { path, before, after } = change;
  if (NAMES_PEOPLE.includes(path[0] ?? "")) return { path: path.slice(0, 1) };
  return {
    path,
    ...(before === undefined ? {} : { before: short(before) }),
    ...(after === undefined ? {} : { after: short(after) }),
  };
}

function short(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** A change in words: `steps p1 percent: 10 becomes 20`. */
export function spokenChange({ path, before, after }: PlanChange): string {
  const where = path.join(" ");
  if (before === undefined && after === undefined) return `${where}: changed`;
  if (before === undefined) return `${where}: added, ${after}`;
  if (after === undefined) return `${where}: taken away, was ${before}`;
  return `${where}: ${before} becomes ${after}`;
}
