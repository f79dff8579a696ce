import type { Actor } from "@gonogo/core/actor/schema";
import type { CalendarCommand } from "@gonogo/core/calendar/commands";
import { decideCalendar } from "@gonogo/core/calendar/decide";
import { evolveCalendar } from "@gonogo/core/calendar/evolve";
import { readCalendarRules, writeCalendarRules } from "@gonogo/core/calendar/read";
import { type CalendarState, EMPTY_CALENDAR } from "@gonogo/core/calendar/state";
import { calendarView } from "@gonogo/core/calendar/view";
import { parseDuration } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, parseInstant, toMillis } from "@gonogo/core/kit/instant";
import type { Rejection } from "@gonogo/core/release/commands";
import { metaOf } from "@gonogo/core/release/evolve";

const NOW = "2025-06-04T01:00:00.000Z" as Instant;

/** The deployment's calendar, decided by the pure core, for the fake API. */
export class FakeCalendar {
  state: CalendarState = EMPTY_CALENDAR;
  seq = 0;

  show(query: URLSearchParams): unknown {
    const from = parseInstant(query.get("from") ?? "") ?? NOW;
    const to = parseInstant(query.get("to") ?? "") ?? fromMillis(toMillis(from) + 90 * 86_400_000);
    return calendarView(this.state, from, to, NOW);
  }

  rules(): string {
    return writeCalendarRules(this.state.rules);
  }

  /** What changes it, or why it does not. */
  ask(
    actor: Actor,
    method: string,
    [, , , what = "", id = ""]: string[],
    body: unknown,
  ): unknown | Rejection {
    const { reason, ...rest } = body as Record<string, string>;
    const command = commandOf(method, what, id, rest);
    const asking = { at: NOW, actor, reason };
    const decision = decideCalendar(this.state, asking, command);
    if (!decision.ok) return decision.rejection;
    for (const event of decision.events) this.state = evolveCalendar(this.state, event, metaOf(asking));
    this.seq += decision.events.length;
    const declared = decision.events.find((event) => event.type === "CalendarSpanDeclared");
    const { version } = this.state;
    return { seq: this.seq, version, told: [], ...(declared === undefined ? {} : { id: declared.span.id }) };
  }
}

function commandOf(method: string, what: string, id: string, body: Record<string, string>): CalendarCommand {
  if (what === "rules") {
    const { rules } = readCalendarRules(body.text ?? "");
    if (rules === undefined) throw new Error("the rules cannot be read");
    return { type: "SetCalendarRules", rules };
  }
  if (what === "imports") {
    if (method === "DELETE") return { type: "RemoveImport", name: id };
    const { kind, environments } = body as never as { kind: "freeze"; environments?: string[] };
    const scope = environments === undefined ? {} : { environments };
    const until = "2026-06-04T00:00:00.000Z" as Instant;
    return { type: "ImportCalendar", name: id, kind, scope, spans: [], until };
  }
  if (method === "DELETE") return { type: "LiftSpan", span: id };
  const length = parseDuration(body.for ?? "");
  const { for: _, ...span } = body;
  return {
    type: "DeclareSpan",
    kind: what === "freezes" ? "freeze" : "window",
    ...(span as { name: string }),
    ...(length.ok ? { for: length.value } : {}),
  };
}
