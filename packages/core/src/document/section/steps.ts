import { offsetMs, parseOffset } from "../../kit/offset.ts";
import { freshId } from "../../kit/text.ts";
import { undoes } from "../infer/pairs.ts";
import { type Context, defined, type MetricInput, type PhaseInput, type StepInput } from "./context.ts";
import { isMachineRead, metricAbout, sameThreshold } from "./metrics.ts";
import type { TimelineRow } from "./timeline-rows.ts";

/**
 * Steps out of the timeline's rows that are no part of a phase: a comparison of something that is measured becomes a
 * check, everything else is for its owner to do.
 */
export function readSteps(
  context: Context,
  rows: readonly TimelineRow[],
  phases: readonly PhaseInput[],
  metrics: readonly MetricInput[],
  ids: Set<string>,
): StepInput[] {
  const made = rows.map((row) => ({ row, step: stepOf(context, row, phases, metrics, ids) }));
  for (const [index, { row, step }] of made.entries()) {
    if (step.kind !== "manual" || step.undo !== undefined) continue;
    const undo = made.slice(index + 1).find((later) => undoes(later.row.do, row.do));
    if (undo !== undefined) step.undoneBy = undo.step.id;
  }
  return inOrder([...made.map(({ step }) => step), ...phases]);
}

function stepOf(
  context: Context,
  row: TimelineRow,
  phases: readonly PhaseInput[],
  metrics: readonly MetricInput[],
  ids: Set<string>,
): StepInput {
  const { at, owner, command, expect, compares } = row;
  const common = {
    id: freshId(row.id ?? row.do, ids),
    at,
    do: row.do,
    owner,
    ...defined({ command, expect }),
  };
  const byHand = { ...common, kind: "manual" as const, ...defined({ undo: row.undo }) };
  if (compares === undefined) return byHand;
  const metric = metricAbout(compares.subject, metrics);
  if (metric === undefined || !isMachineRead(metric)) {
    const why = metric === undefined ? "no metric is about that" : `${metric.name} is read by a person`;
    const message = `"${row.do}" is left to ${owner}: ${why}`;
    const instead = "with a metric that a machine can read it would be checked without anybody";
    context.findings.note("check-by-person", row.place, message, instead);
    return byHand;
  }
  const watched = phases.findLast(
    (phase) =>
      millis(phase.at) <= offsetMs(at) &&
      (metric.component === undefined || phase.component === metric.component),
  );
  return {
    ...common,
    kind: "check",
    metric: metric.id,
    ...(sameThreshold(compares.threshold, metric.threshold) ? {} : { threshold: compares.threshold }),
    ...(watched === undefined ? {} : { needs: [`${watched.id}:shifted`] }),
  };
}

function inOrder(steps: readonly StepInput[]): StepInput[] {
  return steps.toSorted((a, b) => millis(a.at) - millis(b.at));
}

export function millis(at: string): number {
  const result = parseOffset(at);
  return result.ok ? offsetMs(result.value) : 0;
}
