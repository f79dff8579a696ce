import type { Measured, Spread } from "./gather.ts";

/** OpenMetrics 1.0: what a scraper is told that it gets. */
export const OPENMETRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** Measures of one component in one environment. */
export interface Labelled {
  readonly component: string;
  readonly environment: string;
  readonly measured: Measured;
}

interface Family {
  readonly name: string;
  readonly unit?: "seconds" | "ratio";
  readonly help: string;
  readonly values: (
    measured: Measured,
  ) => readonly { labels?: Readonly<Record<string, string>>; value: number }[];
}

const FAMILIES: readonly Family[] = [
  one(
    "gonogo_deployments",
    "Releases that reached their target in the window.",
    ({ deployments }) => deployments,
  ),
  one("gonogo_deployments_per_day", "Deployment frequency in the window.", ({ perDay }) => perDay),
  one(
    "gonogo_change_failure_ratio",
    "Deployments that were rolled back or had an incident.",
    (m) => m.changeFailureRatio,
    "ratio",
  ),
  lengths("gonogo_lead_time_seconds", "From commit to the end of the rollout.", (m) => m.leadTime),
  lengths(
    "gonogo_time_to_restore_seconds",
    "From the first sign of a failure to service as it should be.",
    (m) => m.timeToRestore,
  ),
  lengths(
    "gonogo_rollback_duration_seconds",
    "From the decision to roll back to the last component read back.",
    (m) => m.rollback,
  ),
  one(
    "gonogo_rollback_within_target_ratio",
    "Rollbacks that took no longer than 5 minutes.",
    (m) => m.rollback?.withinTargetRatio,
    "ratio",
  ),
  lengths("gonogo_release_duration_seconds", "From T to the end of the rollout.", (m) => m.duration),
  one(
    "gonogo_release_within_target_ratio",
    "Rollouts that took no longer than 60 minutes.",
    (m) => m.duration?.withinTargetRatio,
    "ratio",
  ),
  one("gonogo_smoke_pass_ratio", "Probes that passed.", ({ smokePassRatio }) => smokePassRatio, "ratio"),
  {
    name: "gonogo_gate_wait_seconds",
    unit: "seconds",
    help: "How long the gates waited for a role.",
    values: ({ gateWait }) =>
      Object.entries(gateWait).flatMap(([role, spread]) =>
        both(spread).map((sample) => ({ ...sample, labels: { role, ...sample.labels } })),
      ),
  },
];

/**
 * The measures as a scraper reads them. All are gauges over a window of time, since what leaves the window is
 * no longer counted; the label `stat` tells the median from what nine of ten stay within.
 */
export function openMetrics(rows: readonly Labelled[]): string {
  const families = FAMILIES.flatMap(({ name, unit, help, values }) => {
    const samples = rows.flatMap(({ component, environment, measured }) =>
      values(measured).map(
        ({ labels = {}, value }) => `${name}${labelled({ component, environment, ...labels })} ${value}`,
      ),
    );
    if (samples.length === 0) return [];
    const about = [`# TYPE ${name} gauge`, ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`])];
    return [...about, `# HELP ${name} ${escaped(help)}`, ...samples];
  });
  return `${[...families, "# EOF"].join("\n")}\n`;
}

function one(
  name: string,
  help: string,
  value: (measured: Measured) => number | undefined,
  unit?: "ratio",
): Family {
  return {
    name,
    help,
    ...(unit === undefined ? {} : { unit }),
    values: (measured) => {
      const found = value(measured);
      return found === undefined ? [] : [{ value: found }];
    },
  };
}

function lengths(name: string, help: string, of: (measured: Measured) => Spread | undefined): Family {
  return {
    name,
    unit: "seconds",
    help,
    values: (measured) => {
      const spread = of(measured);
      return spread === undefined ? [] : both(spread);
    },
  };
}

function both({ median, p90 }: Spread) {
  return [
    { labels: { stat: "median" }, value: median / 1000 },
    { labels: { stat: "p90" }, value: p90 / 1000 },
  ];
}

function labelled(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",")}}`;
}

/** Backslash, double quote and line end are escaped in HELP texts and label values. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
