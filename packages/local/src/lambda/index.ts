import type { Kernel } from "../kernel/kernel.ts";
import type { DeadLetters, FunctionInvoker, MetricSink } from "../kernel/ports.ts";
import { restService, type Service } from "../kernel/wire.ts";
import { Aliases } from "./aliases.ts";
import { Concurrency } from "./concurrency.ts";
import { Definitions, type FunctionDefinition } from "./define.ts";
import { Functions } from "./functions.ts";
import { encodeInvoke, type InvokeInput, type InvokeOutput, Invokes } from "./invoke.ts";
import { LaterInvocations } from "./later.ts";
import { type Mapping, Mappings, type MappingsInput } from "./mappings.ts";
import type { AccountLimits } from "./model.ts";
import { parseUnqualified } from "./names.ts";
import { routes } from "./routes.ts";
import { drawSplit } from "./routing.ts";
import { Runs } from "./run.ts";
import { LambdaTables } from "./tables.ts";
import { Versions } from "./versions.ts";

export type { FunctionDefinition, Handler, HandlerContext } from "./define.ts";

export interface LambdaPorts {
  readonly metrics: MetricSink;
  readonly deadLetters: DeadLetters;
}

export interface Lambda {
  readonly service: Service;
  /** `invoke` is for work begun through `kernel.activity.spawn`: while it waits, the caller does not count. */
  readonly invoker: FunctionInvoker;
  /** Registers a function's code, in every process anew. Before `resume`. */
  define(name: string, definition: FunctionDefinition): void;
  /**
   * How many of `count` requests through the alias each version gets: one draw for all, at the same cost for
   * ten and for ten million. A version that gets none is left out. Throws AwsError for an unknown alias.
   */
  drawVersions(functionName: string, alias: string, count: number): Record<string, number>;
  /** Asynchronous invocations that are accepted and not over. */
  readonly openInvocations: number;
  /** What the account allows, as its owner has it; unset: what a new account has. It limits nothing here. */
  allow(limits: Partial<AccountLimits>): void;
  /** Makes known that a function is handed a stream's records. Returns what says how the last call went. */
  reads(mapping: Mapping): (result: string) => void;
  /** Takes up open invocations. Once, after assembly. */
  resume(): void;
}

/** Lambda: https://docs.aws.amazon.com/lambda/latest/api/Welcome.html */
export function createLambda(kernel: Kernel, ports: LambdaPorts): Lambda {
  const tables = new LambdaTables(kernel);
  const definitions = new Definitions();
  const concurrency = new Concurrency(tables);
  const versions = new Versions(kernel, tables, definitions);
  const functions = new Functions(kernel, tables, definitions, versions);
  const aliases = new Aliases(kernel, tables);
  const runs = new Runs(kernel, { tables, definitions, concurrency, metrics: ports.metrics });
  const later = new LaterInvocations(kernel, runs, definitions, ports.deadLetters);
  const invokes = new Invokes(kernel, runs, later);
  const mappings = new Mappings();
  type On<K extends "create" | "get" | "update" | "list" | "delete"> = Parameters<Aliases[K]>[0];
  const service = restService({
    name: "lambda",
    routes,
    operations: {
      CreateFunction: (input: Parameters<Functions["create"]>[0]) => functions.create(input),
      GetFunction: (input: Parameters<Functions["get"]>[0]) => functions.get(input),
      GetFunctionConfiguration: (input: Parameters<Functions["get"]>[0]) => functions.configuration(input),
      ListFunctions: (input: Parameters<Functions["list"]>[0]) => functions.list(input),
      DeleteFunction: (input: Parameters<Functions["delete"]>[0]) => functions.delete(input),
      PublishVersion: (input: Parameters<Versions["publish"]>[0]) => versions.publish(input),
      ListVersionsByFunction: (input: Parameters<Versions["list"]>[0]) => versions.list(input),
      CreateAlias: (input: On<"create">) => aliases.create(input),
      GetAlias: (input: On<"get">) => aliases.get(input),
      UpdateAlias: (input: On<"update">) => aliases.update(input),
      DeleteAlias: (input: On<"delete">) => aliases.delete(input),
      ListAliases: (input: On<"list">) => aliases.list(input),
      PutFunctionConcurrency: (input: Parameters<Concurrency["put"]>[0]) => concurrency.put(input),
      GetFunctionConcurrency: (input: Parameters<Concurrency["get"]>[0]) => concurrency.get(input),
      DeleteFunctionConcurrency: (input: Parameters<Concurrency["delete"]>[0]) => concurrency.delete(input),
      GetAccountSettings: () => concurrency.account(),
      ListEventSourceMappings: (input: MappingsInput) => mappings.list(input),
      Invoke: (input: InvokeInput) => invokes.invoke(input),
    },
    encode: (operation, output) =>
      operation === "Invoke" ? encodeInvoke(output as InvokeOutput) : undefined,
  });
  return {
    service,
    invoker: {
      invoke: (target, payload) =>
        kernel.activity.parked(runs.run({ target, requestId: kernel.random.uuid() }, payload)),
      invokeLater: (target, payload) => void later.accept(target, undefined, payload),
    },
    define: (name, definition) => functions.define(name, definition),
    drawVersions(functionName, alias, count) {
      const name = parseUnqualified(functionName);
      tables.get(name);
      return drawSplit(tables.getAlias(name, alias), count, kernel.random);
    },
    get openInvocations() {
      return later.size;
    },
    allow: (limits) => concurrency.allow(limits),
    reads: (mapping) => mappings.add(mapping),
    resume: () => later.resume(),
  };
}
