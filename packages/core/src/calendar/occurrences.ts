import type { Instant } from "../kit/instant.ts";
import { slug } from "../kit/text.ts";
import { civilOf, type Day, spelt } from "./civil.ts";
import { fallsOn, parseDates, parseEvery, rangeIn } from "./pattern.ts";
import type { CalendarRule, Span, SpanKind } from "./schema.ts";
import { beginsAt, dayAt, endsAt } from "./zone.ts";

/** When a rule falls between two moments, in order. */
export function occurrences(
  rule: CalendarRule,
  kind: SpanKind,
  defaultZone: string,
  from: Instant,
  to: Instant,
): Span[] {
  const zone = rule.zone ?? defaultZone;
  const [begins, ends] = [minutesOf(rule.from), minutesOf(rule.to)];
  return stretches(rule, dayAt(zone, from) - 2, dayAt(zone, to) + 1).flatMap(({ first, last }): Span[] => {
    // A single day that ends no later than it begins ends on the day after.
    const lastDay = last === first && ends <= begins ? last + 1 : last;
    const span = { from: beginsAt(zone, first, begins), to: endsAt(zone, lastDay, ends) };
    if (span.from >= span.to || span.to <= from || span.from >= to) return [];
    return [
      {
        id: `${kind}:${slug(rule.name)}:${spelt(first)}`,
        kind,
        name: rule.name,
        ...span,
        source: "rule",
        ...(rule.environments === undefined ? {} : { environments: rule.environments }),
        ...(rule.components === undefined ? {} : { components: rule.components }),
      },
    ];
  });
}

/** The first and last days of each time that the rule falls and touches the days from `from` to `to`. */
function stretches(rule: CalendarRule, from: Day, to: Day): { first: Day; last: Day }[] {
  const pattern = rule.every === undefined ? undefined : parseEvery(rule.every);
  if (pattern !== undefined) {
    const found: { first: Day; last: Day }[] = [];
    for (let day = from; day <= to; day++) if (fallsOn(pattern, day)) found.push({ first: day, last: day });
    return found;
  }
  const range = rule.dates === undefined ? undefined : parseDates(rule.dates);
  if (range === undefined) return [];
  if (range.kind === "once") return [{ first: range.first, last: range.last }];
  const years: number[] = [];
  for (let year = civilOf(from).year - 1; year <= civilOf(to).year; year++) years.push(year);
  return years.flatMap((year) => rangeIn(range, year) ?? []);
}

/** Minutes since midnight of `02:00`. */
function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
