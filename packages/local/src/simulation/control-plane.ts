import type { Outside } from "@gonogo/functions/aws-runtime";
import { STORE } from "@gonogo/functions/deployment";
import type { Log, Runtime } from "@gonogo/functions/runtime";
import { memoryDynamo } from "../dynamodb/memory.ts";
import { memoryStream } from "../dynamodb/stream-source.ts";
import { deploy } from "../engine/deploy.ts";
import { createEngine, type Engine } from "../engine/engine.ts";
import { publishing } from "../engine/publishing.ts";
import { VirtualClock } from "../kernel/clock.ts";
import { Kernel } from "../kernel/kernel.ts";
import { seededRandom } from "../kernel/random.ts";
import { memoryStore } from "../kernel/store.ts";
import type { AuditKeys } from "../kms/index.ts";

/** The whole control plane on a virtual clock, in memory: the same handlers, machines and SDK clients. */
export interface VirtualControlPlane {
  readonly engine: Engine;
  readonly runtime: Runtime;
  readonly clock: VirtualClock;
  /** What nobody waited for and failed: a run is only good when this stays empty. */
  readonly errors: unknown[];
  /** Grows with every write to the table: while it stands, nothing has happened. */
  readonly writes: () => number;
  /** Does something of one's own as the engine's work, so that the clock waits for it. */
  during<T>(work: () => Promise<T>): Promise<T>;
  stop(): void;
}

export async function virtualControlPlane(options: {
  readonly startAt: number;
  readonly seed: number;
  readonly outside: (engine: Engine) => Outside | Promise<Outside>;
  readonly log?: Log;
  /** Standing schedules that are not set. */
  readonly leaveOut?: readonly string[];
  /** What signs the audit log; the same key in each run, unless told otherwise. */
  readonly auditKeys?: AuditKeys;
}): Promise<VirtualControlPlane> {
  const errors: unknown[] = [];
  let idle = async () => {};
  const clock = new VirtualClock(options.startAt, () => idle());
  const kernel = new Kernel({
    clock,
    store: memoryStore(),
    random: seededRandom(options.seed),
    onError: (error) => errors.push(error),
  });
  idle = () => kernel.activity.idle();
  const dynamo = memoryDynamo(kernel);
  kernel.register(dynamo.service);
  const engine = createEngine(
    kernel,
    options.auditKeys === undefined ? {} : { auditKeys: options.auditKeys },
  );
  const outside = await options.outside(engine);
  const { log = SILENT, leaveOut } = options;
  const runtime = await deploy(engine, engine.aws as never, outside, log, undefined, leaveOut);
  const feed = dynamo.feed(STORE.table);
  let writes = 0;
  let seen = 0;
  feed.onChange(() => {
    const fresh = feed.read(seen, 1_000);
    seen = fresh.at(-1)?.number ?? seen;
    // Counts of what failed or was refused are beside everything, and nobody waits for them.
    if (fresh.some(({ after }) => after?.[STORE.expires] === undefined)) writes += 1;
  });
  const stream = publishing(engine, memoryStream(STORE.table, feed));
  engine.resume();
  stream.start();
  return {
    engine,
    runtime,
    clock,
    errors,
    writes: () => writes,
    during: (work) =>
      new Promise((resolve, reject) => {
        kernel.activity.spawn(async () => {
          try {
            resolve(await work());
          } catch (error) {
            reject(error);
          }
        });
      }),
    stop: () => stream.stop(),
  };
}

const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };
