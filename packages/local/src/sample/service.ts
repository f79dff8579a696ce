import type { Engine } from "../engine/engine.ts";
import { binomial } from "../lambda/binomial.ts";
import type { DialBoard } from "./dials.ts";

/** A service behind a Lambda alias, as the sample plan knows it. */
export interface SampleService {
  readonly functionName: string;
  readonly alias: string;
  /** The counterpart on which the way back is rehearsed. No traffic goes through it. */
  readonly staging: string;
  /** Published before anything is released; the alias begins on it. */
  readonly oldVersion: number;
  readonly newVersion: number;
}

/** How often traffic is drawn, in engine time. */
export const TICK_MS = 20_000;
/** Latencies of one tick are this many different values, each for its share of the requests. */
const LATENCIES = 20;

/** Creates the service, its versions and its alias where they are not there yet. */
export async function createService(engine: Engine, service: SampleService): Promise<void> {
  const { kernel } = engine;
  const { functionName: FunctionName } = service;
  engine.lambda.define(FunctionName, { code: (version) => async () => ({ version }), metrics: "all" });
  const listed = (await kernel.call("lambda", "ListVersionsByFunction", { FunctionName, MaxItems: 50 })) as {
    Versions: readonly { Version: string }[];
  };
  const published = Math.max(0, ...listed.Versions.map(({ Version }) => Number(Version) || 0));
  for (let version = published; version < service.newVersion; version++) {
    await kernel.call("lambda", "PublishVersion", { FunctionName });
  }
  // Looked for by themselves: the process may have died between the versions and the aliases.
  const { Aliases } = (await kernel.call("lambda", "ListAliases", { FunctionName })) as {
    Aliases: readonly { Name: string }[];
  };
  const FunctionVersion = String(service.oldVersion);
  for (const Name of [service.alias, service.staging]) {
    if (Aliases.some((alias) => alias.Name === Name)) continue;
    await kernel.call("lambda", "CreateAlias", { FunctionName, Name, FunctionVersion });
  }
}

/** Synthetic traffic: each tick's requests are drawn through the alias and measured as Lambda measures them. */
export function runTraffic(engine: Engine, service: SampleService, board: DialBoard): void {
  const { kernel } = engine;
  const tick = async () => {
    kernel.clock.at(kernel.clock.now() + TICK_MS, () => kernel.activity.spawn(tick));
    await drawTick(engine, service, board);
  };
  kernel.activity.spawn(tick);
}

async function drawTick(engine: Engine, service: SampleService, board: DialBoard): Promise<void> {
  const { kernel, lambda } = engine;
  const { functionName: FunctionName, alias } = service;
  const requests = Math.round((board.now.requestsPerMinute * TICK_MS) / 60_000);
  if (requests === 0) return;
  const answer = (await kernel.call("lambda", "GetAlias", { FunctionName, Name: alias })) as {
    RoutingConfig?: { AdditionalVersionWeights?: Record<string, number> };
  };
  const split = Object.keys(answer.RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0;
  for (const [version, count] of Object.entries(lambda.drawVersions(FunctionName, alias, requests))) {
    const { errorPercent, latencyMs } = board.of(version);
    const errors = binomial(count, Math.min(1, errorPercent / 100), kernel.random);
    const Resource = `${FunctionName}:${alias}`;
    const dimensions = [{ FunctionName }, { FunctionName, Resource }];
    if (split) dimensions.push({ FunctionName, Resource, ExecutedVersion: version } as never);
    for (const each of dimensions)
      measureTick(engine, each, { count, errors, latencies: latencies(engine, count, latencyMs) });
  }
}

interface Tick {
  readonly count: number;
  readonly errors: number;
  readonly latencies: readonly { value: number; count: number }[];
}

function measureTick({ cloudwatch }: Engine, dimensions: Record<string, string>, tick: Tick): void {
  const counted = (ones: number) =>
    [
      { value: 1, count: ones },
      { value: 0, count: tick.count - ones },
    ].filter(({ count }) => count > 0);
  const put = (name: string, values: Tick["latencies"], unit: string) =>
    cloudwatch.sink.put("AWS/Lambda", name, dimensions, { values, unit });
  put("Invocations", counted(tick.count), "Count");
  put("Errors", counted(tick.errors), "Count");
  put("Duration", tick.latencies, "Milliseconds");
}

/** A long tail on the right, as services have it: the 95th percentile is about 1.6 times the dial. */
function latencies({ kernel }: Engine, count: number, latencyMs: number): Tick["latencies"] {
  const parts = Math.min(LATENCIES, count);
  return Array.from({ length: parts }, (_, index) => {
    const spread = Math.exp(
      (kernel.random.number() + kernel.random.number() + kernel.random.number() - 1.5) * 0.6,
    );
    const share = Math.floor(count / parts) + (index < count % parts ? 1 : 0);
    return { value: Number((latencyMs * spread).toFixed(1)), count: share };
  });
}
