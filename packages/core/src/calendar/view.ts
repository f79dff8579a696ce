import type { Instant } from "../kit/instant.ts";
import type { CalendarRules, Scope, Span, SpanKind } from "./schema.ts";
import { spansDuring } from "./spans.ts";
import type { CalendarState, NoticeState } from "./state.ts";

/** The deployment's calendar as people see it between two moments. */
export interface CalendarView {
  /** Grows with every change. */
  readonly version: number;
  readonly changedAt?: Instant;
  readonly now: Instant;
  readonly from: Instant;
  readonly to: Instant;
  readonly rules: CalendarRules;
  readonly entries: readonly EntryView[];
  readonly imports: readonly ImportView[];
  /** Announcements of maintenance windows, those that are due or were sent. */
  readonly notices: readonly ({ readonly id: string } & NoticeState)[];
}

export interface EntryView extends Span {
  /** It holds now. */
  readonly active: boolean;
  /** Of what was declared. */
  readonly at?: Instant;
  readonly by?: string;
  readonly reason?: string;
  readonly shortNotice?: boolean;
  readonly lifted?: { readonly at: Instant; readonly by: string; readonly reason: string };
}

export interface ImportView {
  readonly name: string;
  readonly kind: SpanKind;
  readonly scope: Scope;
  /** Where a feed is fetched from; absent where the text was uploaded. */
  readonly host?: string;
  readonly entries: number;
  readonly at: Instant;
  /** Its content is known as far as this. */
  readonly until: Instant;
  /** It could not be fetched since then: what it says is old. */
  readonly stale?: { readonly since: Instant; readonly why: string };
}

export function calendarView(
  calendar: CalendarState,
  from: Instant,
  to: Instant,
  now: Instant,
): CalendarView {
  const entries = spansDuring(calendar, from, to).map((span): EntryView => {
    const active = span.from <= now && now < span.to;
    const known = calendar.declared[span.id];
    if (known === undefined) return { ...span, active };
    const { at, by, reason, shortNotice, lifted } = known;
    return {
      ...span,
      active,
      at,
      by,
      reason,
      ...(shortNotice === undefined ? {} : { shortNotice }),
      ...(lifted === undefined ? {} : { lifted }),
    };
  });
  return {
    version: calendar.version,
    ...(calendar.changedAt === undefined ? {} : { changedAt: calendar.changedAt }),
    now,
    from,
    to,
    rules: calendar.rules,
    entries,
    imports: Object.entries(calendar.imports).map(([name, { spans, ...rest }]) => ({
      name,
      ...rest,
      entries: spans.length,
    })),
    notices: Object.entries(calendar.notices).map(([id, notice]) => ({ id, ...notice })),
  };
}
