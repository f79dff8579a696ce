import type { ReleaseView } from "@gonogo/client";
import { formatValue } from "@gonogo/core/metric/threshold";
import type { Paint } from "../terminal/paint.ts";
import { clock, day, fromT, near } from "../terminal/time.ts";
import { oneLine, pad } from "../terminal/width.ts";
import { statusStyle } from "./status.ts";

/** What is new in a release since it was last looked at: a line each, for logs and pipes. */
export function changeLines(before: ReleaseView | undefined, after: ReleaseView, paint: Paint): string[] {
  const when = `${day(after.now)} ${clock(after.now)}Z`;
  const prefix = after.t === undefined ? when : `${when} ${pad(fromT(after.t, after.now), 14)}`;
  return [
    ...statusChanges(before, after, paint),
    ...stepChanges(before, after, paint),
    ...componentChanges(before, after),
    ...metricChanges(before, after),
    ...triggerChanges(before, after, paint),
    ...rollbackChanges(before, after),
    ...waitChanges(before, after, paint),
  ].map((line) => `${paint("dim", prefix)}  ${oneLine(line)}`);
}

type Before = ReleaseView | undefined;

function statusChanges(before: Before, after: ReleaseView, paint: Paint): string[] {
  const lines: string[] = [];
  if (before?.status !== after.status) {
    const why = after.why === undefined ? "" : `: ${after.why}`;
    lines.push(`${after.id} is ${paint(statusStyle(after.status), after.status)}${why}`);
  }
  if (after.paused !== undefined && before?.paused?.since !== after.paused.since) {
    lines.push(paint("yellow", `paused: ${after.paused.cause}`));
  }
  if (before?.paused !== undefined && after.paused === undefined) lines.push("resumed");
  return lines;
}

function stepChanges(before: Before, after: ReleaseView, paint: Paint): string[] {
  return after.steps.flatMap((step) => {
    const was = before?.steps.find(({ id }) => id === step.id);
    const started = was === undefined ? step.status !== "waiting" : was.status !== step.status;
    const moved = was !== undefined && step.status === "watching" && was.watchUntil !== step.watchUntil;
    if (!started && !moved) return [];
    const until =
      step.status === "watching" && step.watchUntil !== undefined
        ? ` until ${near(after.now, step.watchUntil)}`
        : "";
    const why = step.status === "held" && step.heldWhy !== undefined ? ` (${step.heldWhy})` : "";
    return [`${step.id} ${paint(statusStyle(step.status), step.status)}${until}: ${step.what}${why}`];
  });
}

function componentChanges(before: Before, after: ReleaseView): string[] {
  return after.components.flatMap(({ id, share, drift }) => {
    const was = before?.components.find((one) => one.id === id);
    const shifted = share === (was?.share ?? 0) ? [] : [`${id} at ${formatValue(share, "%")}`];
    return drift !== undefined && was?.drift === undefined
      ? [...shifted, `${id} changed by another hand`]
      : shifted;
  });
}

function metricChanges(before: Before, after: ReleaseView): string[] {
  return after.metrics.flatMap(({ id, name, verdict, reading }) => {
    const was = before?.metrics.find((one) => one.id === id);
    if (verdict === undefined || verdict === was?.verdict) return [];
    return [
      `${name}: ${verdict}${reading?.value === undefined ? "" : ` (${reading.value} ${reading.unit})`}`,
    ];
  });
}

function triggerChanges(before: Before, after: ReleaseView, paint: Paint): string[] {
  return after.triggers.flatMap(({ id, when, firedAt, respond, cause }) => {
    const was = before?.triggers.find((one) => one.id === id);
    if (firedAt === undefined || firedAt === was?.firedAt) return [];
    return [paint("red", `trigger: ${when}: ${respond}${cause === undefined ? "" : ` (${cause})`}`)];
  });
}

function rollbackChanges(before: Before, after: ReleaseView): string[] {
  return (after.rollback?.items ?? []).flatMap((item) => {
    const was = before?.rollback?.n === after.rollback?.n ? before?.rollback : undefined;
    if (item.status === (was?.items.find(({ id }) => id === item.id)?.status ?? "waiting")) return [];
    const what = item.kind === "target" ? item.component : item.what;
    return [`put back ${item.status}: ${what}${item.detail === undefined ? "" : ` (${item.detail})`}`];
  });
}

/** Waits for people. That a window is being watched the steps say already. */
function waitChanges(before: Before, after: ReleaseView, paint: Paint): string[] {
  const key = (wait: ReleaseView["waitsFor"][number]) => `${wait.who.join()}\n${wait.what}`;
  const known = new Set(before?.waitsFor.map(key));
  return after.waitsFor
    .filter((wait) => (wait.who.length > 0 || wait.urgent) && !known.has(key(wait)))
    .map(({ what, who, by, onSilence, urgent }) => {
      const until = by === undefined ? "" : `, by ${near(after.now, by)}`;
      const silence = onSilence === "rollback" ? ", silence means rollback" : "";
      const line = `waits for ${who.join(" or ") || "a way on"}: ${what}${until}${silence}`;
      return urgent ? paint("yellow", line) : line;
    });
}
