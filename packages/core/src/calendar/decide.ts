import { type Actor, hasRole } from "../actor/schema.ts";
import { RELEASE_MANAGER } from "../authority/authority.ts";
import { canonicalJson } from "../kit/digest.ts";
import { days, spoken, toMs } from "../kit/duration.ts";
import { earliest, type Instant, plus, since } from "../kit/instant.ts";
import { oneOf } from "../kit/text.ts";
import type { Rejection } from "../release/commands.ts";
import type { CalendarCommand, CalendarReport } from "./commands.ts";
import type { CalendarEvent } from "./events.ts";
import type { Span } from "./schema.ts";
import { spansDuring } from "./spans.ts";
import type { CalendarState } from "./state.ts";

/** Who keeps the calendar: its rules, its feeds, and the end of a freeze before its time. */
export const CALENDAR_KEEPERS = [
  RELEASE_MANAGER,
  "Governance Board",
  "Governance Sentinel",
  "Service Owner",
  "Ops Lead",
];

/** Nothing that is declared lasts longer; what must is a rule. */
const LONGEST = days(90);
const MOST_DECLARED = 300;
/** A feed that says nothing new is written down again when it can be read this much further. */
const REACH = days(30);

export interface Asking {
  readonly at: Instant;
  readonly actor: Actor;
  readonly reason?: string | undefined;
}

export type CalendarDecision =
  | { readonly ok: true; readonly events: readonly CalendarEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

/**
 * What a command brings about in the calendar. A freeze may be declared by anyone who holds a role, for it
 * makes safer; to let things go on, or to change what holds every week, is for those who keep the calendar.
 */
export function decideCalendar(
  calendar: CalendarState,
  command: Asking,
  body: CalendarCommand | CalendarReport,
): CalendarDecision {
  switch (body.type) {
    case "RecordFeed":
      return recordFeed(calendar, command.at, body);
    case "AnnounceWindows":
      return { ok: true, events: noticesDue(calendar, command.at) };
    case "RecordNotice":
      return recordNotice(calendar, body);
    default: {
      const refusal = mayChange(command, body);
      return refusal === undefined ? change(calendar, command, body) : { ok: false, rejection: refusal };
    }
  }
}

function mayChange({ actor, reason }: Asking, body: CalendarCommand): Rejection | undefined {
  if (reason === undefined || reason.trim() === "") {
    const message = "a change of the calendar has to say why: give a reason";
    return { kind: "invalid", code: "calendar.no-reason", message };
  }
  const roles = actor.kind === "person" || actor.kind === "tool" ? actor.roles : [];
  const isFreeze = body.type === "DeclareSpan" && body.kind === "freeze";
  if (isFreeze && roles.length > 0) return undefined;
  if (CALENDAR_KEEPERS.some((role) => hasRole(actor, role))) return undefined;
  const message = isFreeze
    ? "you hold no role here, and so declare no freeze"
    : `that is for ${oneOf(CALENDAR_KEEPERS)}; you are ${oneOf(roles, "and") || "nobody"}`;
  return { kind: "forbidden", code: "calendar.not-your-role", message };
}

function change(calendar: CalendarState, { at }: Asking, body: CalendarCommand): CalendarDecision {
  switch (body.type) {
    case "SetCalendarRules":
      if (canonicalJson(body.rules) === canonicalJson(calendar.rules)) return { ok: true, events: [] };
      return { ok: true, events: [{ type: "CalendarRulesSet", rules: body.rules }] };
    case "DeclareSpan":
      return declare(calendar, at, body);
    case "LiftSpan":
      return lift(calendar, at, body.span);
    case "ImportCalendar": {
      const { type: _, host, ...imported } = body;
      const feed = host === undefined ? {} : { host };
      const event = { type: "CalendarImported" as const, ...imported, ...feed };
      return { ok: true, events: [event] };
    }
    case "RemoveImport": {
      if (calendar.imports[body.name] !== undefined) {
        return { ok: true, events: [{ type: "CalendarImportRemoved", name: body.name }] };
      }
      const known = oneOf(Object.keys(calendar.imports)) || "none";
      return reject(
        "not-found",
        "calendar.unknown-import",
        `no calendar "${body.name}" was imported; there is ${known}`,
      );
    }
  }
}

function declare(
  calendar: CalendarState,
  now: Instant,
  wish: Extract<CalendarCommand, { type: "DeclareSpan" }>,
): CalendarDecision {
  const { type: _, from = now, for: length, to: until, ...rest } = wish;
  if ((until === undefined) === (length === undefined)) {
    const message = "say either until when (to) or for how long (for); nothing is declared without an end";
    return reject("invalid", "calendar.no-end", message);
  }
  const to = until ?? (length === undefined ? from : plus(from, length));
  if (to <= now) return reject("invalid", "calendar.past", `it would be over already: it ends at ${to}`);
  if (from >= to)
    return reject("invalid", "calendar.backwards", `it ends at ${to}, before it begins at ${from}`);
  if (toMs(since(from, to)) > toMs(LONGEST)) {
    const message = `it would last longer than ${spoken(LONGEST)}; what must is a rule of the calendar`;
    return reject("invalid", "calendar.too-long", message);
  }
  if (Object.values(calendar.declared).filter((one) => one.to > now).length >= MOST_DECLARED) {
    const message = `${MOST_DECLARED} freezes and windows are declared already; lift some, or write rules`;
    return reject("conflict", "calendar.full", message);
  }
  const span = {
    id: `${wish.kind}-${calendar.version + 1}`,
    ...rest,
    from,
    to,
    source: "declared" as const,
  };
  const isShort = wish.kind === "window" && from < plus(now, calendar.rules.notice.before);
  const declared = { type: "CalendarSpanDeclared" as const, span: withoutUndefined(span) };
  return { ok: true, events: [{ ...declared, ...(isShort ? { shortNotice: true as const } : {}) }] };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

function lift(calendar: CalendarState, now: Instant, id: string): CalendarDecision {
  const span = calendar.declared[id];
  if (span === undefined) {
    const open = Object.values(calendar.declared).filter((one) => one.to > now && one.lifted === undefined);
    const known = oneOf(open.map((one) => one.id)) || "none";
    const message = `nothing declared is called "${id}"; there is ${known}. What comes of a rule is changed with the rules`;
    return reject("not-found", "calendar.unknown-span", message);
  }
  if (span.lifted !== undefined) {
    return reject("conflict", "calendar.lifted", `it was lifted at ${span.lifted.at}`);
  }
  if (span.to <= now) return reject("conflict", "calendar.over", `it was over at ${span.to}`);
  return { ok: true, events: [{ type: "CalendarSpanLifted", span: id, kind: span.kind }] };
}

/** What a feed says now; written down where that is another than before. */
function recordFeed(
  calendar: CalendarState,
  now: Instant,
  report: Extract<CalendarReport, { type: "RecordFeed" }>,
): CalendarDecision {
  const before = calendar.imports[report.name];
  if (before === undefined) return { ok: true, events: [] };
  const { outcome, name } = report;
  if (!outcome.ok) {
    if (before.stale?.why === outcome.why) return { ok: true, events: [] };
    return { ok: true, events: [{ type: "CalendarFeedFailed", name, why: outcome.why }] };
  }
  // What is over, and what comes only because it is looked further ahead, is no change.
  const known = earliest(before.until, outcome.until);
  const ahead = (spans: readonly Span[]) => spans.filter(({ from, to }) => to > now && from < known);
  const isSame = canonicalJson(ahead(outcome.spans)) === canonicalJson(ahead(before.spans));
  const isFarEnough = toMs(since(before.until, outcome.until)) < toMs(REACH);
  if (before.stale === undefined && isSame && isFarEnough) return { ok: true, events: [] };
  const { kind, scope, host } = before;
  const { spans, until } = outcome;
  const imported = { type: "CalendarImported" as const, name, kind, scope, spans, until };
  return { ok: true, events: [{ ...imported, ...(host === undefined ? {} : { host }) }] };
}

/** The announcements that fall due: once for each maintenance window, `notice.before` ahead of it. */
export function noticesDue(calendar: CalendarState, now: Instant): CalendarEvent[] {
  const { before, channel } = calendar.rules.notice;
  return spansDuring(calendar, now, plus(now, before))
    .filter(({ kind, id, from }) => kind === "window" && from > now && calendar.notices[id] === undefined)
    .map(({ id, name, from, to, environments }) => ({
      type: "WindowNoticeDue",
      notice: id,
      window: { name, from, to },
      channel,
      text: `Scheduled maintenance${environments === undefined ? "" : ` (${oneOf(environments, "and")})`}: ${name}, ${said(from)} to ${said(to)}`,
    }));
}

function said(moment: Instant): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
}

function recordNotice(
  calendar: CalendarState,
  { notice, sent, detail }: Extract<CalendarReport, { type: "RecordNotice" }>,
): CalendarDecision {
  const before = calendar.notices[notice];
  if (before === undefined)
    return reject("not-found", "notice.unknown", `no announcement "${notice}" is due`);
  if (before.status === "sent") return { ok: true, events: [] };
  return {
    ok: true,
    events: [
      sent
        ? { type: "WindowNoticeSent", notice, via: detail }
        : { type: "WindowNoticeFailed", notice, detail },
    ],
  };
}

function reject(kind: Rejection["kind"], code: string, message: string): CalendarDecision {
  return { ok: false, rejection: { kind, code, message } };
}
