import { readFileSync } from "node:fs";
import type { DemoChange, DemoState } from "@gonogo/client/contract";
import { days } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant } from "@gonogo/core/kit/instant";
import { offsetMs } from "@gonogo/core/kit/offset";
import { readPlan } from "@gonogo/core/plan/read";
import type { Plan } from "@gonogo/core/plan/schema";
import { leadOffset } from "@gonogo/core/plan/timeline";
import type { Rehearse } from "@gonogo/core/rehearsal/schema";
import { hasEnded } from "@gonogo/core/release/state";
import { submitPlan } from "@gonogo/functions/api/submit";
import type { Runtime } from "@gonogo/functions/runtime";
import type { Engine } from "../engine/engine.ts";
import type { PacedClock } from "../kernel/clock.ts";
import { createAlarms } from "./alarms.ts";
import { DialBoard } from "./dials.ts";
import { type DemoPeople, PIPELINE } from "./people.ts";
import { createService, runTraffic, type SampleService } from "./service.ts";
import { answerAll, standIn } from "./stand-ins.ts";
import type { Stores } from "./stores.ts";

/** How often stand-in people look, in engine time. */
const LOOK_MS = 20_000;
/** How long before its first row the sample release is submitted: time for its people to sign it off. */
const AHEAD_MS = 4 * 60_000;

/** The sample plan as it is in examples/, before it is given a day of its own. */
export function samplePlan(): Plan {
  const file = new URL("../../../../examples/checkout/plan.yaml", import.meta.url);
  const { plan, problems } = readPlan(readFileSync(file, "utf8"), "examples/checkout/plan.yaml");
  if (plan === undefined) throw new Error(`the sample plan is broken: ${problems[0]?.message}`);
  return plan;
}

/**
 * A world that can be broken: a service behind a Lambda alias with synthetic traffic, an app in phased
 * release, alarms on both, people who do what the release asks of them, and dials for all of it.
 */
export class SampleWorld {
  readonly plan: Plan;
  readonly #people: DemoPeople;
  readonly board: DialBoard;
  readonly #engine: Engine;
  readonly #stores: Stores;
  readonly #service: SampleService;
  #runtime: Runtime | undefined;

  constructor(engine: Engine, stores: Stores, people: DemoPeople) {
    const plan = samplePlan();
    this.#service = serviceOf(plan);
    this.plan = { ...plan, rehearse: rehearsedOn(plan, this.#service) };
    this.#people = people;
    this.board = new DialBoard(engine.kernel.store);
    this.#engine = engine;
    this.#stores = stores;
  }

  /** Creates what is not there yet, and sets traffic and people going. After the deployment, before `resume`. */
  async build(runtime: Runtime): Promise<void> {
    this.#runtime = runtime;
    await createService(this.#engine, this.#service);
    if (this.board.now.begun === 0) {
      this.#stores.stock(this.plan);
      await createAlarms(this.#engine, this.plan, this.#service);
    }
  }

  /** Sets traffic and people going, and begins the first sample release. After `resume`. */
  async run(): Promise<void> {
    const { kernel } = this.#engine;
    runTraffic(this.#engine, this.#service, this.board);
    if (!(await this.#hasBegun())) await this.begin();
    const later = () => kernel.clock.at(kernel.clock.now() + LOOK_MS, () => kernel.activity.spawn(look));
    const look = async () => {
      const { standIns, release } = this.board.now;
      const people = this.#people.all.filter(({ id }) => id !== PIPELINE.id);
      try {
        if (standIns && release !== undefined && this.#runtime !== undefined) {
          await answerAll(this.#runtime, people, release);
        }
      } finally {
        // One look at a time: what was answered a moment ago is not answered again.
        later();
      }
    };
    later();
  }

  /** Submits the sample plan for the nearest moment at which it can run; puts the world in order before. */
  async begin(): Promise<string> {
    const runtime = this.#runtime;
    if (runtime === undefined) throw new Error("the sample world has not been built");
    const before = this.board.now;
    const { release } = before;
    const running = release === undefined ? undefined : await runtime.store.load(release);
    if (running !== undefined && !hasEnded(running.state.status) && running.state.status !== "reviewing") {
      throw new Error(`${release} has not ended yet: roll it back or abort it first`);
    }
    await this.#putInOrder();
    const now = this.#engine.kernel.clock.now();
    const lead = -Math.min(0, offsetMs(leadOffset(this.plan)));
    const start = fromMillis(Math.ceil((now + lead + AHEAD_MS) / 60_000) * 60_000);
    // One that never came to be, for the process died, is not counted.
    const begun = release !== undefined && running === undefined ? before.begun : before.begun + 1;
    const id = `REL-${start.slice(0, 10)}${begun === 1 ? "" : `-${begun}`}`;
    const plan = {
      ...this.plan,
      id,
      start,
      ...(this.plan.expectedCompletion === undefined
        ? {}
        : { expectedCompletion: laterBy(this.plan, start) }),
    };
    // Written down before it is done, so that the next start finds out whether it was.
    this.board.turn({ begun, release: id });
    const outcome = await submitPlan(runtime, plan, { key: `sample-${begun}`, actor: standIn(PIPELINE) });
    if (outcome.ok) return id;
    this.board.turn({ begun: before.begun, ...(release === undefined ? {} : { release }) });
    throw new Error(`the sample release was refused: ${outcome.rejection.message}`);
  }

  async #hasBegun(): Promise<boolean> {
    const { release } = this.board.now;
    return release !== undefined && (await this.#runtime?.store.load(release)) !== undefined;
  }

  state(): DemoState {
    const dials = this.board.now;
    const clock = this.#engine.kernel.clock as PacedClock;
    const { functionName, alias, oldVersion, newVersion } = this.#service;
    return {
      now: fromMillis(clock.now()),
      speed: clock.speed,
      people: this.#people.all,
      standIns: dials.standIns,
      service: {
        name: `${functionName}:${alias}`,
        requestsPerMinute: dials.requestsPerMinute,
        versions: [oldVersion, newVersion].map((version) => ({
          version: String(version),
          ...this.board.of(String(version)),
        })),
      },
      app: {
        name: this.plan.components.find(({ target }) => target.kind === "app-store")?.name ?? "app",
        crashFreePercent: dials.crashFreePercent,
      },
      ...(dials.release === undefined ? {} : { release: dials.release }),
    };
  }

  async turn(change: DemoChange): Promise<void> {
    const { speed, version, restart, standIns, requestsPerMinute, crashFreePercent } = change;
    if (speed !== undefined) (this.#engine.kernel.clock as PacedClock).setSpeed(speed);
    if (version !== undefined) {
      const { version: name, ...dial } = version;
      this.board.turn({ versions: { ...this.board.now.versions, [name]: dial } });
    }
    this.board.turn({
      ...(standIns === undefined ? {} : { standIns }),
      ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
      ...(crashFreePercent === undefined ? {} : { crashFreePercent }),
    });
    if (restart === true) await this.begin();
  }

  /** The service back on its old version, a new build of the app waiting, and every dial well. */
  async #putInOrder(): Promise<void> {
    const { functionName: FunctionName, alias: Name, oldVersion } = this.#service;
    await this.#engine.kernel.call("lambda", "UpdateAlias", {
      FunctionName,
      Name,
      FunctionVersion: String(oldVersion),
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
    this.#stores.stock(this.plan);
    this.board.turn({ versions: {}, crashFreePercent: 99.8 });
  }
}

function serviceOf(plan: Plan): SampleService {
  for (const { target } of plan.components) {
    if (target.kind !== "lambda-alias") continue;
    const newVersion = Number(target.version);
    const versions = { oldVersion: newVersion - 1, newVersion };
    return { functionName: target.function, alias: target.alias, staging: "staging", ...versions };
  }
  throw new Error("the sample plan has no Lambda alias");
}

/** Its way back can be tried: on another alias of the same function. */
function rehearsedOn(plan: Plan, { staging }: SampleService): Rehearse {
  const targets = plan.components.flatMap(({ id, target }) =>
    target.kind === "lambda-alias" ? [[id, { ...target, alias: staging }] as const] : [],
  );
  return { environment: "staging", every: days(90), targets: Object.fromEntries(targets) };
}

/** The expected completion as far behind the new start as it was behind the old one. */
function laterBy(plan: Plan, start: Instant): Instant {
  const length = Date.parse(plan.expectedCompletion ?? plan.start) - Date.parse(plan.start);
  return fromMillis(Date.parse(start) + length);
}
