import type { Measured } from "./gather.ts";

type Column = readonly [name: string, value: (row: Measured) => number | string | undefined];

const COLUMNS: readonly Column[] = [
  ["from", ({ from }) => from],
  ["to", ({ to }) => to],
  ["deployments", ({ deployments }) => deployments],
  ["deployments_per_day", ({ perDay }) => rounded(perDay)],
  ["lead_time_median_s", ({ leadTime }) => seconds(leadTime?.median)],
  ["lead_time_p90_s", ({ leadTime }) => seconds(leadTime?.p90)],
  ["failures", ({ failures }) => failures],
  ["change_failure_ratio", ({ changeFailureRatio }) => rounded(changeFailureRatio)],
  ["time_to_restore_median_s", ({ timeToRestore }) => seconds(timeToRestore?.median)],
  ["rollback_median_s", ({ rollback }) => seconds(rollback?.median)],
  ["rollback_within_5_min_ratio", ({ rollback }) => rounded(rollback?.withinTargetRatio)],
  ["release_duration_median_s", ({ duration }) => seconds(duration?.median)],
  ["release_within_60_min_ratio", ({ duration }) => rounded(duration?.withinTargetRatio)],
  ["smoke_pass_ratio", ({ smokePassRatio }) => rounded(smokePassRatio)],
];

/** A line a period, and a column a role for the waiting of the gates (RFC 4180). */
export function measuresCsv(rows: readonly Measured[]): string {
  const roles = [...new Set(rows.flatMap(({ gateWait }) => Object.keys(gateWait)))].toSorted();
  const columns: Column[] = [
    ...COLUMNS,
    ...roles.map(
      (role): Column => [`gate_wait_median_s ${role}`, ({ gateWait }) => seconds(gateWait[role]?.median)],
    ),
  ];
  const lines = [
    columns.map(([name]) => name),
    ...rows.map((row) => columns.map(([, value]) => String(value(row) ?? ""))),
  ];
  return lines.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

/** What a spreadsheet would take for a formula is text. */
function cell(text: string): string {
  const safe = /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function seconds(millis: number | undefined): number | undefined {
  return millis === undefined ? undefined : Math.round(millis / 1000);
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(4));
}
