import { DEAD_LETTERS, FUNCTIONS, type FunctionName, MACHINES, STORE } from "@gonogo/functions/deployment";
import { type Addresses, nameIn } from "./names.ts";

export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: "Sum" | "Maximum";
}

/** What is looked at for gonogo itself; the sum of its metrics is compared. */
export interface Watch {
  readonly about: string;
  readonly metrics: readonly WatchedMetric[];
  readonly when: { readonly over: number } | { readonly under: number };
  /** Of five minutes, in a row. */
  readonly periods: number;
}

/** Metrics that CloudWatch takes in one alarm's formula. */
const MOST_METRICS = 10;

/** Whatever keeps a release from being looked after makes a noise, silence included. */
export function watches(stage: string, at: Addresses, apiId: string): Record<string, Watch> {
  const lambda = (name: string, which: FunctionName, stat: WatchedMetric["stat"] = "Sum"): WatchedMetric => ({
    namespace: "AWS/Lambda",
    name,
    dimensions: { FunctionName: nameIn(stage, which) },
    stat,
  });
  const any = (about: string, metrics: readonly WatchedMetric[]): Watch => ({
    about,
    metrics,
    when: { over: 0 },
    periods: 1,
  });
  const functions = Object.keys(FUNCTIONS) as FunctionName[];
  const errors = inParts(functions, MOST_METRICS).map((some, index) => [
    `errors-${index + 1}`,
    any(
      `A function failed, one of ${some.join(", ")}: its log says why.`,
      some.map((which) => lambda("Errors", which)),
    ),
  ]);
  return {
    "dead-letters": any("Something could not be delivered or done: look into the queue, and play it again.", [
      {
        namespace: "AWS/SQS",
        name: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: nameIn(stage, DEAD_LETTERS) },
        stat: "Maximum",
      },
    ]),
    ...(Object.fromEntries(errors) as Record<string, Watch>),
    throttles: any("Functions of this account are throttled, gonogo's with them: ask for more concurrency.", [
      { namespace: "AWS/Lambda", name: "Throttles", dimensions: {}, stat: "Sum" },
    ]),
    executions: any(
      "An execution died. Its release is visited and it is started anew; its history says why.",
      MACHINES.flatMap((machine) =>
        ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"].map((name) => ({
          namespace: "AWS/States",
          name,
          dimensions: { StateMachineArn: at.machine(machine) },
          stat: "Sum" as const,
        })),
      ),
    ),
    stream: {
      about: "Audit records do not come off the table's stream: effects and messages wait.",
      metrics: [lambda("IteratorAge", STORE.streamTo, "Maximum")],
      when: { over: 60_000 },
      periods: 1,
    },
    sweep: {
      about: "The sweep has not run for a quarter of an hour: nobody finds what is lost.",
      metrics: [lambda("Invocations", "sweep")],
      when: { under: 1 },
      periods: 3,
    },
    audit: {
      about: "The audit log has not been verified for an hour: nobody would know of a change.",
      metrics: [lambda("Invocations", "audit")],
      when: { under: 1 },
      periods: 12,
    },
    api: any("The API failed to answer.", [
      { namespace: "AWS/ApiGateway", name: "5xx", dimensions: { ApiId: apiId }, stat: "Sum" },
    ]),
  };
}

function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, at * size + size),
  );
}
