import type { ReleaseView } from "@gonogo/client";
import { dayTime, span } from "../kit/format.ts";

type Facts = Pick<
  ReleaseView,
  | "now"
  | "t"
  | "startedAt"
  | "endedAt"
  | "steps"
  | "metrics"
  | "validations"
  | "triggers"
  | "rollback"
  | "incident"
  | "obligations"
  | "review"
>;

/** What the record itself has to say to a question of the review; undefined where it says nothing. */
export function suggestion(view: Facts, field: string): string | undefined {
  const asked = field.toLowerCase();
  const said = (lines: readonly string[]) => (lines.length === 0 ? undefined : lines.join("\n"));
  if (/\bdate\b/.test(asked)) return view.now.slice(0, 10);
  if (/attend/.test(asked)) return said([view.review.attendees.join(", ")].filter(Boolean));
  if (/metric|threshold|success criteria/.test(asked)) return metricsMet(view);
  if (/duration|how long/.test(asked)) return said(lasted(view));
  if (/rollback|incident|went wrong|issue/.test(asked)) return said([...setbacks(view)]);
  if (/lesson|learned|timeline|summary of events/.test(asked))
    return said([...setbacks(view), ...late(view)]);
  if (/action|follow/.test(asked)) {
    const owed = view.obligations.filter(({ open, what }) => open && !/\breview\b/i.test(what));
    return said(owed.map(({ what, due }) => `- ${what}, by ${dayTime(due)}`));
  }
  return undefined;
}

function metricsMet({ metrics, validations }: Facts): string | undefined {
  const judged = [
    ...metrics.map(({ name, threshold, verdict, reading }) => ({
      what: `${name} (wanted ${threshold})`,
      verdict,
      seen: reading?.value === undefined ? "" : `: ${reading.value} ${reading.unit}`,
    })),
    ...validations.map(({ check, threshold, verdict, result }) => ({
      what: `${check} (wanted ${threshold})`,
      verdict,
      seen: result === undefined ? "" : `: ${result}`,
    })),
  ].filter(({ verdict }) => verdict !== undefined);
  if (judged.length === 0) return undefined;
  const missed = judged.filter(({ verdict }) => verdict !== "pass");
  if (missed.length === 0) return `Yes: all ${judged.length}.`;
  return ["No.", ...missed.map(({ what, verdict, seen }) => `- ${what}: ${verdict}${seen}`)].join("\n");
}

function lasted({ t, startedAt, endedAt, now }: Facts): string[] {
  const from = t ?? startedAt;
  return from === undefined ? [] : [span(Date.parse(endedAt ?? now) - Date.parse(from))];
}

function setbacks({ triggers, rollback, incident }: Facts): string[] {
  return [
    ...triggers.flatMap(({ when, firedAt }) =>
      firedAt === undefined ? [] : [`- The trigger “${when}” fired ${dayTime(firedAt)}.`],
    ),
    ...(rollback === undefined
      ? []
      : [`- Rolled back, begun ${dayTime(rollback.startedAt)}: ${rollback.cause}.`]),
    ...(incident === undefined ? [] : [`- Incident ${incident.id}, opened ${dayTime(incident.openedAt)}.`]),
  ];
}

function late({ steps }: Facts): string[] {
  return steps.flatMap(({ what, plannedStart, startedAt }) => {
    if (startedAt === undefined) return [];
    const behind = Date.parse(startedAt) - Date.parse(plannedStart);
    return behind < 60_000 ? [] : [`- “${what}” began ${span(behind)} later than planned.`];
  });
}
