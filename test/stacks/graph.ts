import type { Standing } from "../../stacks/standing.ts";
import type { Graph, Resource } from "./collect.ts";
import { PLACE } from "./provider.ts";

export type { Graph, Resource };

/** What the graph is deployed with in these tests: two targets, one of them elsewhere, and somebody to tell. */
export const DECLARED = {
  targets: [
    { kind: "lambda-alias", function: "checkout-api", alias: "live" },
    { kind: "lambda-alias", function: "orders-api", alias: "live", region: "us-east-1" },
  ],
  tell: ["on-call@example.com"],
  backups: true,
} as const;

export function ofType(graph: Graph, type: string): Resource[] {
  return graph.resources.filter((one) => one.type === type);
}

/** The only one of its type, or the only one of that name. Throws when there is none, or more. */
export function only(graph: Graph, type: string, name?: string): Resource {
  const found = ofType(graph, type).filter((one) => name === undefined || one.name === name);
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) {
    throw new Error(
      `${found.length} of ${type} ${name ?? ""}; there are ${ofType(graph, type).map((one) => one.name)}`,
    );
  }
  return first;
}

export function text(resource: Resource, field: string): string {
  const value = resource.state[field];
  if (typeof value !== "string")
    throw new Error(`${resource.type} ${resource.name}: ${field} is ${typeof value}`);
  return value;
}

export interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Record<string, Record<string, string | readonly string[]>>;
}

export function statementsIn(policy: unknown): PolicyStatement[] {
  const { Statement } = JSON.parse(String(policy)) as { Statement: PolicyStatement[] };
  return Statement;
}

/** What a role may do. */
export function statementsOf(role: Resource): PolicyStatement[] {
  const inline = (role.inputs.inlinePolicies ?? []) as readonly { readonly policy: string }[];
  return inline.flatMap(({ policy }) => statementsIn(policy));
}

export function listed(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

/** As IAM matches an ARN: `*` stands for any number of characters. */
export function isLike(pattern: string, arn: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(arn);
}

/** A name or ARN as the embedded engine has it: without the stage, and in the engine's region. */
export function withoutStage(value: string): string {
  return value.replaceAll(`gonogo-${PLACE.stage}`, "gonogo").replaceAll(PLACE.region, "us-east-1");
}

/** What is done to aliases of functions, which are other people's. */
export const ON_ALIASES = /^lambda:(GetAlias|UpdateAlias|ListVersionsByFunction)$/;

/** What of the graph costs by the month for being there. */
export function standingIn(graph: Graph): Standing {
  const metrics = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").flatMap(
    ({ inputs }) => (inputs.metricQueries ?? []) as { metric?: object }[],
  );
  return {
    kmsKeys: ofType(graph, "aws:kms/key:Key").length,
    alarmMetrics: metrics.filter(({ metric }) => metric !== undefined).length,
    dashboards: ofType(graph, "aws:cloudwatch/dashboard:Dashboard").length,
  };
}
