import type { ReleaseView } from "@gonogo/client";
import { formatValue } from "@gonogo/core/metric/threshold";
import type { Paint } from "../terminal/paint.ts";
import { between, fromT, near } from "../terminal/time.ts";
import { statusStyle } from "./status.ts";

type Rows = readonly (readonly string[])[];
type View = ReleaseView;

/** Whom or what it waits for, questions first. */
export function waitRows({ waitsFor, now }: View, paint: Paint): Rows {
  return waitsFor.map(({ urgent, who, by, onSilence, what }) => {
    const until =
      by === undefined ? "" : by > now ? `${near(now, by)} (${between(now, by)})` : `${near(now, by)} (past)`;
    const silence = onSilence === "rollback" ? "; silence means rollback" : "";
    return [urgent ? paint("yellow", "!") : "-", who.join(", "), until, `${what}${silence}`];
  });
}

/** Versions and how much of the traffic or of the users the new one has. */
export function componentRows({ components }: View, paint: Paint): Rows {
  return components.map(({ id, previous, next, share, held, drift }) => [
    id,
    `${previous ?? "?"} -> ${next ?? "?"}`,
    bar(share),
    formatValue(share, "%").padStart(5),
    drift ? paint("red", "changed by another hand") : held ? paint("yellow", "held") : "",
  ]);
}

export function stepRows(view: View, paint: Paint): Rows {
  const t = view.t ?? view.plannedT;
  return view.steps.map((step) => {
    const at = step.shiftedAt ?? step.startedAt ?? step.plannedStart;
    return [
      fromT(t, at),
      near(view.now, at),
      paint(statusStyle(step.status), step.status),
      step.id,
      step.owner,
      `${step.what}${remark(view, step, paint)}`,
    ];
  });
}

function remark({ now }: View, step: View["steps"][number], paint: Paint): string {
  const remarks = [
    step.status === "watching" && step.watchUntil !== undefined
      ? `until ${near(now, step.watchUntil)}${step.watchUntil > now ? `, ${between(now, step.watchUntil)} left` : ""}`
      : "",
    step.heldWhy ?? "",
    step.overdue && step.endedAt === undefined ? "overdue" : "",
    step.promoted ? "promoted" : "",
  ].filter((text) => text !== "");
  return remarks.length === 0 ? "" : paint("yellow", ` (${remarks.join("; ")})`);
}

export function metricRows({ metrics, now }: View, paint: Paint): Rows {
  return metrics.map(({ id, name, threshold, limit, verdict, reading, baseline, at }) => [
    paint(verdict === "pass" ? "green" : verdict === "fail" ? "red" : "dim", verdict ?? "not read"),
    at === undefined ? "" : near(now, at),
    id,
    reading?.value === undefined ? "" : formatValue(reading.value, reading.unit),
    `${name} ${threshold}${limit === undefined ? "" : ` (${limit})`}${beside(baseline)}${reading?.note === undefined ? "" : ` (${reading.note})`}`,
  ]);
}

function bar(percent: number): string {
  const filled = Math.max(percent > 0 ? 1 : 0, Math.min(20, Math.floor(percent / 5)));
  return `[${"#".repeat(filled)}${".".repeat(20 - filled)}]`;
}

/** `; was 0.2 %, +15 %` */
function beside(baseline: View["metrics"][number]["baseline"]): string {
  if (baseline === undefined) return "";
  const { value, unit, change } = baseline;
  const moved = change === undefined ? "" : `, ${change >= 0 ? "+" : ""}${formatValue(change, "%")}`;
  return `; was ${formatValue(value, unit)}${moved}`;
}
