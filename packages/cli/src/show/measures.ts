import type { Measures } from "@gonogo/client";
import { ms, roundedUp, spoken } from "@gonogo/core/kit/duration";
import type { Measured, Spread } from "@gonogo/core/measure/gather";
import type { Paint } from "../terminal/paint.ts";
import { type TableOptions, table } from "../terminal/table.ts";

/** The measures as a table: a line a period, and one for all of it. */
export function measureLines(
  { periods, whole }: Measures,
  paint: Paint,
  options: TableOptions = {},
): string[] {
  const head = [
    "FROM",
    "DEPLOYED",
    "FAILED",
    "LEAD TIME",
    "RESTORED",
    "ROLLED BACK IN",
    "TOOK",
    "SMOKE",
    "GATES WAITED",
  ];
  const rows = periods.map((one) => [one.from.slice(0, 10), ...cells(one)]);
  return table(
    [head.map((text) => paint("dim", text)), ...rows, [paint("bold", "in all"), ...cells(whole)]],
    options,
  );
}

function cells(one: Measured): string[] {
  const slowest = Object.entries(one.gateWait).toSorted(([, a], [, b]) => b.median - a.median)[0];
  return [
    String(one.deployments),
    one.changeFailureRatio === undefined ? "-" : `${one.failures} (${percent(one.changeFailureRatio)})`,
    middle(one.leadTime),
    middle(one.timeToRestore),
    within(one.rollback),
    within(one.duration),
    one.smokePassRatio === undefined ? "-" : percent(one.smokePassRatio),
    slowest === undefined ? "-" : `${slowest[0]} ${middle(slowest[1])}`,
  ];
}

function middle(spread: Spread | undefined): string {
  return spread === undefined ? "-" : spoken(roundedUp(ms(Math.round(spread.median))));
}

/** The median, and how many stayed within their target. */
function within(spread: (Spread & { readonly withinTargetRatio: number }) | undefined): string {
  return spread === undefined ? "-" : `${middle(spread)} (${percent(spread.withinTargetRatio)} in time)`;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
