import { calendarInTheWay, startWithin } from "../calendar/plan.ts";
import type { CalendarState } from "../calendar/state.ts";
import { toMs } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";
import { at, type Offset, offset, offsetMs } from "../kit/offset.ts";
import type { Message } from "../message/schema.ts";
import { pointsOfNoReturn, spokenPoint } from "../rollback/reachable.ts";
import { isPhase } from "../step/schema.ts";
import { lanes, parseNeed } from "./graph.ts";
import type { Plan } from "./schema.ts";
import { leadOffset, type PlannedStep, plannedEnd, plannedTimeline } from "./timeline.ts";

/** One thing that happens, when everybody is punctual and every watch passes. */
export interface PreviewRow {
  readonly at: Instant;
  readonly offset: Offset;
  readonly ends: Instant;
  readonly endsOffset: Offset;
  readonly kind: "manual" | "check" | "probe" | "phase" | "message" | "poll" | "gates" | "bake" | "review";
  readonly what: string;
  readonly owner: string;
  readonly lane: string;
  /** The steps that make it later than its own offset. */
  readonly heldUpBy: readonly string[];
  /** The freeze, or the want of a maintenance window, that makes it later. */
  readonly heldBy?: string;
  /** There is no way back from it: what cannot go back after it, and what still can. */
  readonly oneWay?: string;
}

/** The whole release as it would run, minute by minute, from its gates to its review. */
export function previewOf(written: Plan, calendar?: CalendarState): PreviewRow[] {
  // Where nothing may start at its time the whole timeline moves along.
  const plan = calendar === undefined ? written : { ...written, start: startWithin(written, calendar) };
  const inTheWay = calendar === undefined ? undefined : calendarInTheWay(plan, calendar);
  const row = (
    from: Offset,
    to: Offset,
    rest: Pick<PreviewRow, "kind" | "what" | "owner" | "lane"> &
      Partial<Pick<PreviewRow, "heldUpBy" | "heldBy" | "oneWay">>,
  ): PreviewRow => ({
    at: at(plan.start, from),
    offset: from,
    ends: at(plan.start, to),
    endsOffset: to,
    heldUpBy: [],
    ...rest,
  });
  const laneOf = new Map(lanes(plan).flatMap(({ id, steps }) => steps.map((step) => [step, id] as const)));
  const timeline = plannedTimeline(plan, inTheWay);
  const steps = timeline.map(({ step, starts, ends, heldUpBy, heldBy }) =>
    row(starts, ends, {
      kind: step.kind,
      what: isPhase(step) ? `${step.do} (${step.percent} % of ${step.of})` : step.do,
      owner: step.owner,
      lane: laneOf.get(step.id) ?? "",
      heldUpBy,
      ...(heldBy === undefined ? {} : { heldBy }),
      ...pointAt(plan, step.id),
    }),
  );
  const messages = plan.messages.map((message) => {
    const { sent, heldUpBy } = whenTrue(timeline, message);
    return row(sent, sent, {
      kind: "message",
      what: `${message.channel} to ${message.audience}: ${message.text}`,
      owner: message.owner,
      lane: "messages",
      heldUpBy,
    });
  });
  const lead = leadOffset(plan);
  const end = plannedEnd(plan, inTheWay);
  const rolledOut = offset(offsetMs(end) - toMs(plan.limits.bake));
  const others = [
    row(lead, lead, { kind: "gates", what: gatesOf(plan), owner: "", lane: "release" }),
    ...(plan.poll === undefined
      ? []
      : [
          row(plan.poll.at, plan.poll.closes, {
            kind: "poll",
            what: `GO or NO-GO by ${plan.poll.roles.join(", ")}`,
            owner: "",
            lane: "release",
          }),
        ]),
    ...(toMs(plan.limits.bake) === 0
      ? []
      : [row(rolledOut, end, { kind: "bake", what: "Every alarm stays armed", owner: "", lane: "release" })]),
    row(end, end, {
      kind: "review",
      what: "The review is asked for",
      owner: plan.review.role,
      lane: "release",
    }),
  ];
  return [...others, ...steps, ...messages].toSorted((a, b) => offsetMs(a.offset) - offsetMs(b.offset));
}

function pointAt(plan: Plan, step: string): { readonly oneWay?: string } {
  const point = pointsOfNoReturn(plan).find((one) => one.step === step);
  return point === undefined ? {} : { oneWay: spokenPoint(plan, point) };
}

function gatesOf(plan: Plan): string {
  const approvals = plan.approvals.map(({ role }) => role).join(", ");
  const checks = `${plan.checklist.length} checks answered`;
  return `The gates must be open: ${checks}${approvals === "" ? "" : `, approved by ${approvals}`}`;
}

/** A message is sent at its time, or when what it claims has come true. */
function whenTrue(timeline: readonly PlannedStep[], message: Message): { sent: Offset; heldUpBy: string[] } {
  const waits = message.needs.flatMap((need) => {
    const { step, until } = parseNeed(need);
    const planned = timeline.find((one) => one.step.id === step);
    if (planned === undefined) return [];
    return [{ step, until: offsetMs(until === "shifted" ? planned.starts : planned.ends) }];
  });
  const own = offsetMs(message.at);
  const sent = Math.max(own, ...waits.map(({ until }) => until));
  const heldUpBy = waits.filter(({ until }) => until > own && until === sent).map(({ step }) => step);
  return { sent: offset(sent), heldUpBy };
}
