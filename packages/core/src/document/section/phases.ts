import { RELEASE_MANAGER } from "../../authority/authority.ts";
import { type Duration, minutes, ms, spoken } from "../../kit/duration.ts";
import { later, type Offset, offsetMs, spokenOffset } from "../../kit/offset.ts";
import type { Place } from "../../kit/problem.ts";
import { freshId } from "../../kit/text.ts";
import { APP_STORE_CURVE, isOnCurve, reachedAfter } from "../../target/app-store-curve.ts";
import { spot } from "../findings.ts";
import type { ComponentDraft } from "../infer/components.ts";
import type { Line } from "../table/recognise.ts";
import { linesOf } from "./collect.ts";
import { type Context, defined } from "./context.ts";
import type { TimelineRow } from "./timeline-rows.ts";
import { durationIn, lineIn, offsetIn, percentIn } from "./values.ts";

/** A phase before it is part of a plan. */
export interface PhaseDraft {
  readonly id: string;
  readonly label: string;
  readonly component: ComponentDraft;
  readonly percent: number;
  readonly of: "traffic" | "users" | undefined;
  readonly mechanism: string | undefined;
  readonly place: Place;
  at: Offset | undefined;
  watch: Duration | undefined;
  owner: string | undefined;
  /** The runbook's row for it. */
  row?: TimelineRow;
}

/** How long a phase is watched when no document says and nothing follows it. */
const USUAL_WATCH = minutes(15);

/** The phases of the release plan's table. */
export function readPhases(context: Context, ids: Set<string>): PhaseDraft[] {
  const { collected, components, findings } = context;
  return linesOf(collected, "phases").flatMap(({ line }, index) => {
    const name = lineIn(line, "component", findings);
    const component = name === undefined ? undefined : components.named(name);
    const share = percentIn(line.text("percent"));
    if (component === undefined || share === undefined) {
      refuse(context, line, component === undefined);
      return [];
    }
    const label = lineIn(line, "phase", findings) ?? `${index + 1}`;
    const owner = lineIn(line, "owner", findings);
    const draft: PhaseDraft = {
      id: freshId(line.text("id") || `phase-${label}`, ids),
      label,
      component,
      percent: share.percent,
      of: share.of,
      mechanism: lineIn(line, "mechanism", findings),
      place: line.place(),
      at: offsetIn(line, "at", context.start, findings),
      watch: durationIn(line, "watch", findings),
      owner: owner === undefined ? undefined : context.roles.named(owner),
    };
    return [draft];
  });
}

function refuse({ findings }: Context, line: Line, noComponent: boolean): void {
  const said = line.row.cells.map((cell) => cell.text).join(" | ");
  const field = noComponent ? "component" : "percent";
  const instead = noComponent ? "name the component" : "write a share above 0 and at most 100, such as 10 %";
  findings.notUnderstood("phase", line.place(field), `no phase: ${said.slice(0, 200)}`, instead);
}

/**
 * Brings the runbook's rows that shift traffic together with the release plan's phases: same component, same
 * share. Where both say when, the release plan is followed and the difference kept and named.
 */
export function mergeRows(
  context: Context,
  phases: PhaseDraft[],
  rows: readonly TimelineRow[],
  ids: Set<string>,
): void {
  const { findings } = context;
  const inTable = new Set(phases.map(({ component }) => component));
  for (const row of rows) {
    const named = row.id === undefined ? undefined : phases.find(({ id }) => id === row.id);
    if (named !== undefined && named.row === undefined) {
      join(context, named, row);
      continue;
    }
    const { shift } = row;
    if (shift === undefined) continue;
    const same = phases.filter(
      (phase) =>
        phase.component === shift.component && phase.percent === shift.percent && phase.row === undefined,
    );
    const phase = same.find(({ at }) => at === row.at) ?? same[0];
    if (phase === undefined) {
      if (inTable.has(shift.component)) {
        const message = `the runbook shifts ${shift.component.name} to ${shift.percent} %, which no phase of the release plan does`;
        findings.warning(
          "extra-phase",
          row.place,
          message,
          "it is a phase of its own; add it to the phases, with a window",
        );
      }
      phases.push(phaseOfRow(row, shift.component, shift.percent, ids));
      continue;
    }
    join(context, phase, row);
  }
}

/** Whether the row has become part of a phase, and so is no step of its own. */
export function isJoined(phases: readonly PhaseDraft[], row: TimelineRow): boolean {
  return phases.some((phase) => phase.row === row);
}

function join({ findings }: Context, phase: PhaseDraft, row: TimelineRow): void {
  phase.row = row;
  phase.at ??= row.at;
  phase.owner ??= row.owner;
  if (row.at !== phase.at) {
    const says = `the runbook shifts ${phase.component.name} to ${phase.percent} % at ${spokenOffset(row.at)}`;
    const message = `${says}, the release plan (${spot(phase.place)}) at ${spokenOffset(phase.at)}`;
    findings.warning("times-differ", row.place, message, "the release plan is followed; correct one of them");
  }
  if (row.owner !== phase.owner) {
    const message = `the runbook has ${row.owner} do it, the release plan (${spot(phase.place)}) ${phase.owner}`;
    findings.warning("owners-differ", row.place, message, "the release plan is followed");
  }
}

function phaseOfRow(
  row: TimelineRow,
  component: ComponentDraft,
  percent: number,
  ids: Set<string>,
): PhaseDraft {
  const id = freshId(row.id ?? `${component.id}-${percent}`, ids);
  const { at, owner, place } = row;
  const of = component.family === "lambda" ? "traffic" : "users";
  const label = id;
  return { id, label, component, percent, of, mechanism: undefined, place, at, watch: undefined, owner, row };
}

/** Fills in what the tables leave open, and says so. */
export function finishPhases(context: Context, drafts: readonly PhaseDraft[]) {
  const { findings, roles } = context;
  const timed = drafts.filter((phase): phase is PhaseDraft & { at: Offset } => {
    if (phase.at !== undefined) return true;
    const message = `phase ${phase.label} has no start, neither here nor in a runbook`;
    findings.error("no-offset", phase.place, message, "write when it starts, such as T+20 min");
    return false;
  });
  const sorted = timed.toSorted((a, b) => offsetMs(a.at) - offsetMs(b.at));
  explainCurve(context, sorted);
  return sorted.map((phase, index) => {
    const next = sorted.slice(index + 1).find(({ component }) => component === phase.component);
    const gap = next === undefined ? undefined : offsetMs(next.at) - offsetMs(phase.at);
    const watch = phase.watch ?? (gap !== undefined && gap > 0 ? ms(gap) : USUAL_WATCH);
    if (phase.watch === undefined) {
      const reason = gap === undefined ? "as nothing follows it" : "until the next phase";
      const message = `phase ${phase.label} has no monitoring window; it is watched for ${spoken(watch)}, ${reason}`;
      findings.note("no-watch", phase.place, message, "write a window, such as 15 min");
    }
    if (phase.owner === undefined) {
      const message = `nobody is named for phase ${phase.label}`;
      findings.warning("no-owner", phase.place, message, `${RELEASE_MANAGER} answers for it; name a role`);
    }
    const { row, component, percent } = phase;
    const stated = defined({
      at: row === undefined || row.at === phase.at ? undefined : row.at,
      owner: row === undefined || row.owner === phase.owner ? undefined : row.owner,
    });
    const before = sorted.slice(0, index).findLast((other) => other.component !== component);
    const isFirst = !sorted.slice(0, index).some((other) => other.component === component);
    return defined({
      id: phase.id,
      kind: "phase" as const,
      at: phase.at as string,
      do: row?.do ?? `Shift ${component.name} to ${percent} %`,
      owner: phase.owner ?? roles.named(RELEASE_MANAGER),
      command: row?.command,
      expect: row?.expect,
      phase: phase.label,
      component: component.id,
      percent,
      of:
        phase.of ??
        (component.family === "app-store" || component.family === "google-play" ? "users" : undefined),
      mechanism: phase.mechanism,
      watch: watch as string,
      // Phases are numbered because they follow one another: no component begins before the one in front of it.
      needs: isFirst && before !== undefined ? [`${before.id}:shifted`] : undefined,
      stated: Object.keys(stated).length === 0 ? undefined : stated,
    });
  });
}

/** Apple's phased release has its own seven days; says what it does in place of what the table hopes for. */
function explainCurve({ findings }: Context, sorted: readonly (PhaseDraft & { at: Offset })[]): void {
  const starts = new Map<ComponentDraft, Offset>();
  for (const { component, percent, at, place, label } of sorted) {
    if (component.family !== "app-store" || (component.target?.kind ?? "app-store") !== "app-store") continue;
    const start = starts.get(component) ?? at;
    starts.set(component, start);
    const reached = later(start, reachedAfter(percent));
    if (isOnCurve(percent) && offsetMs(reached) <= offsetMs(at)) continue;
    const message = `phase ${label}: the App Store cannot be told to give ${percent} % of users at ${spokenOffset(at)}; its phased release goes ${APP_STORE_CURVE.join(", ")} % over seven days`;
    const instead = `begun at ${spokenOffset(start)} it has ${percent} % or more from ${spokenOffset(reached)} on; the phase waits for that`;
    findings.warning("app-store-curve", place, message, instead);
  }
}
