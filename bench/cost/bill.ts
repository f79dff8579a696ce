import type { Standing } from "../../stacks/standing.ts";
import prices from "./prices.json" with { type: "json" };

/** What AWS charges for by the piece. */
export type Piece = keyof typeof prices.perMillion;

/** What a stretch of time used. */
export interface Used {
  readonly pieces: Readonly<Record<Piece, number>>;
  /** Of all functions together, waiting for AWS not included. */
  readonly computeMs: number;
  /** Calls of AWS that functions waited for. */
  readonly calls: number;
}

export interface Line {
  readonly what: string;
  readonly count: number;
  readonly dollars: number;
}

const NAMES: Readonly<Record<Piece, string>> = {
  stepFunctionsTransitions: "state transitions",
  lambdaRequests: "function invocations",
  httpApiRequests: "API requests",
  dynamodbWriteUnits: "write units",
  dynamodbReadUnits: "read units",
  eventBridgeEvents: "events on the bus",
  schedulerInvocations: "schedules fired",
  cloudWatchMetricsRead: "metrics read",
  cloudWatchRequests: "alarm reads",
  s3Puts: "objects written",
  s3Lists: "lists of objects",
  s3Gets: "objects read",
  kmsSignatures: "signatures",
  tracesRecorded: "traces",
};

/** What was used at list prices, the dearest first; what was not used is left out. */
export function bill(used: Used): Line[] {
  const { assumed, perGigabyte, perMillion } = prices;
  const pieces = (Object.keys(perMillion) as Piece[]).map((piece) => ({
    what: NAMES[piece],
    count: used.pieces[piece],
    dollars: (used.pieces[piece] * perMillion[piece]) / 1e6,
  }));
  const seconds = (used.computeMs + used.calls * assumed.millisecondsPerCall) / 1000;
  const logged = (used.pieces.lambdaRequests * assumed.logBytesPerInvocation) / 2 ** 30;
  return [
    ...pieces,
    {
      what: "seconds of functions",
      count: Number(seconds.toFixed(1)),
      dollars: seconds * assumed.functionGigabytes * perGigabyte.lambdaSecondsArm,
    },
    {
      what: "megabytes of logs",
      count: Number((logged * 1024).toFixed(2)),
      dollars: logged * perGigabyte.logs,
    },
  ]
    .filter(({ dollars }) => dollars > 0)
    .toSorted((a, b) => b.dollars - a.dollars);
}

/** What being there costs, a month. An account's first three dashboards cost nothing, and gonogo has one. */
export function standingBill({ kmsKeys, alarmMetrics }: Standing): Line[] {
  const { kmsKey, alarmMetric } = prices.perMonth;
  return [
    { what: "metrics alarms look at", count: alarmMetrics, dollars: alarmMetrics * alarmMetric },
    { what: "keys in KMS", count: kmsKeys, dollars: kmsKeys * kmsKey },
  ].filter(({ count }) => count > 0);
}

export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

/** The same use so many times over. */
export function times(used: Used, factor: number): Used {
  const pieces = Object.entries(used.pieces).map(([piece, count]) => [piece, count * factor]);
  return {
    pieces: Object.fromEntries(pieces) as Used["pieces"],
    computeMs: used.computeMs * factor,
    calls: used.calls * factor,
  };
}
