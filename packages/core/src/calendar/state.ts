import type { Instant } from "../kit/instant.ts";
import { type CalendarRules, NO_RULES, type Scope, type Span, type SpanKind } from "./schema.ts";

/** The deployment's calendar as it stands. */
export interface CalendarState {
  /** Grows with every change. */
  readonly version: number;
  readonly changedAt?: Instant;
  readonly rules: CalendarRules;
  /** Freezes and windows that were declared one at a time, by id. */
  readonly declared: Readonly<Record<string, DeclaredSpan>>;
  /** Calendars that were taken in from elsewhere, by name. */
  readonly imports: Readonly<Record<string, ImportState>>;
  /** Announcements of maintenance windows, by the window's id. */
  readonly notices: Readonly<Record<string, NoticeState>>;
}

export type DeclaredSpan = Span & {
  readonly at: Instant;
  readonly by: string;
  readonly reason: string;
  /** A window that was declared with less notice than the calendar asks for. */
  readonly shortNotice?: true;
  readonly lifted?: { readonly at: Instant; readonly by: string; readonly reason: string };
};

export interface ImportState {
  readonly kind: SpanKind;
  readonly scope: Scope;
  /** Where a feed is fetched from; none where the text was uploaded. */
  readonly host?: string;
  readonly spans: readonly Span[];
  /** Its content is known as far as this. */
  readonly until: Instant;
  readonly at: Instant;
  /** Why the last try to fetch it failed: what stands here is what was there before. */
  readonly stale?: { readonly since: Instant; readonly why: string };
}

export interface NoticeState {
  readonly status: "due" | "sent" | "failed";
  readonly window: Pick<Span, "name" | "from" | "to">;
  readonly channel: string;
  readonly text: string;
  readonly at: Instant;
  readonly detail?: string;
}

export const EMPTY_CALENDAR: CalendarState = {
  version: 0,
  rules: NO_RULES,
  declared: {},
  imports: {},
  notices: {},
};
