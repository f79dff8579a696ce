import { days } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { words } from "../kit/text.ts";
import { occurrences } from "./occurrences.ts";
import type { Span } from "./schema.ts";
import type { CalendarState } from "./state.ts";

/** What is asked about: a release's environment and components, each component by all it is called. */
export interface Asked {
  readonly environment: string;
  readonly components: readonly { readonly id: string; readonly name: string }[];
}

/** A span as it holds for what was asked about: `components` are ids; unset where it holds for all. */
export type HeldSpan = Omit<Span, "environments" | "components"> & {
  readonly components?: readonly string[];
};

/** So far a next window is looked for. */
const FARTHEST = days(400);

/** All that the calendar has between two moments, in order; for everyone, whatever its scope. */
export function spansDuring(calendar: CalendarState, from: Instant, to: Instant): Span[] {
  const { rules, declared, imports } = calendar;
  const touches = (span: Pick<Span, "from" | "to">) => span.from < to && span.to > from;
  return [
    ...rules.freezes.flatMap((rule) => occurrences(rule, "freeze", rules.zone, from, to)),
    ...rules.windows.flatMap((rule) => occurrences(rule, "window", rules.zone, from, to)),
    ...Object.values(declared).flatMap((one): Span[] => {
      const { at: _, by: __, reason: ___, shortNotice: ____, lifted, ...span } = one;
      const until = lifted !== undefined && lifted.at < span.to ? lifted.at : span.to;
      return until > span.from && touches({ ...span, to: until }) ? [{ ...span, to: until }] : [];
    }),
    ...Object.values(imports).flatMap(({ spans }) => spans.filter(touches)),
  ].toSorted((a, b) => (a.from === b.from ? compare(a.id, b.id) : compare(a.from, b.from)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The span as it holds for what is asked about; undefined when it does not. */
export function heldFor(span: Span, asked: Asked): HeldSpan | undefined {
  const { environments, components, ...rest } = span;
  if (environments !== undefined && !environments.some((one) => isSame(one, asked.environment))) {
    return undefined;
  }
  if (components === undefined) return rest;
  const ids = asked.components
    .filter(({ id, name }) => components.some((one) => isSame(one, id) || isSame(one, name)))
    .map(({ id }) => id);
  if (ids.length === 0) return undefined;
  return ids.length === asked.components.length ? rest : { ...rest, components: ids };
}

/** People write `Production`, `production` and `prod env`; the first two are the same. */
function isSame(a: string, b: string): boolean {
  return words(a).join(" ") === words(b).join(" ");
}

function during(calendar: CalendarState, kind: Span["kind"], asked: Asked, from: Instant, to: Instant) {
  return spansDuring(calendar, from, to)
    .filter((span) => span.kind === kind)
    .flatMap((span) => heldFor(span, asked) ?? []);
}

/** The freezes that hold for what is asked about at any moment from `from` to just before `to`. */
export function freezesDuring(calendar: CalendarState, asked: Asked, from: Instant, to: Instant): HeldSpan[] {
  return during(calendar, "freeze", asked, from, to);
}

export function windowsDuring(calendar: CalendarState, asked: Asked, from: Instant, to: Instant): HeldSpan[] {
  return during(calendar, "window", asked, from, to);
}

/** The freeze that holds at a moment; of several the one that ends last. */
export function freezeAt(calendar: CalendarState, asked: Asked, now: Instant): HeldSpan | undefined {
  return freezesDuring(calendar, asked, now, plus(now, days(1)))
    .filter(({ from }) => from <= now)
    .toSorted((a, b) => compare(b.to, a.to))
    .at(0);
}

/** The maintenance window that is open at a moment, or else the next; undefined when none comes in 400 days. */
export function nextWindow(calendar: CalendarState, asked: Asked, now: Instant): HeldSpan | undefined {
  return windowsDuring(calendar, asked, now, plus(now, FARTHEST)).at(0);
}
