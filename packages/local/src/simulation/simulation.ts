import type { DemoPerson } from "@gonogo/adapters/identity/demo";
import type { SimulationRequest, SimulationResult } from "@gonogo/client/contract";
import type { Actor } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { CalendarState } from "@gonogo/core/calendar/state";
import { yes } from "@gonogo/core/check/look";
import { hours, parseDuration, toMs } from "@gonogo/core/kit/duration";
import { earliest, fromMillis, type Instant, minus, toMillis } from "@gonogo/core/kit/instant";
import { at, offsetMs, parseOffset } from "@gonogo/core/kit/offset";
import type { Plan } from "@gonogo/core/plan/schema";
import { leadOffset } from "@gonogo/core/plan/timeline";
import type { Loaded, ReleaseStore } from "@gonogo/core/release/ports";
import { hasEnded } from "@gonogo/core/release/state";
import { imagined, namedSignals } from "@gonogo/core/signal/tagged";
import { releaseView } from "@gonogo/core/view/release";
import { Refusal } from "@gonogo/functions/api/problem";
import { submitPlan } from "@gonogo/functions/api/submit";
import type { Outside } from "@gonogo/functions/aws-runtime";
import { PIPELINE, peopleOf } from "../sample/people.ts";
import { answerAll, standIn } from "../sample/stand-ins.ts";
import { createStores } from "../sample/stores.ts";
import { type VirtualControlPlane, virtualControlPlane } from "./control-plane.ts";
import { quickSimulation } from "./quick.ts";
import { createWorld, SimulatedMetrics, setAlarm, simulatedSources } from "./world.ts";

/** A release may take this long on the virtual clock before the simulation gives up. */
const LONGEST_MS = 60 * 86_400_000;

/** People answer this often at one moment; more would mean that an answer brings about its own question. */
const MOST_TURNS = 200;

/** A plan's whole release, on a virtual clock, with people who answer at once. */
export class Simulation {
  readonly plan: Plan;
  readonly metrics: SimulatedMetrics;
  readonly people: readonly DemoPerson[];
  readonly control: VirtualControlPlane;
  punctual = true;
  #seen = -1;

  private constructor(plan: Plan, metrics: SimulatedMetrics, control: VirtualControlPlane) {
    this.plan = plan;
    this.metrics = metrics;
    this.control = control;
    this.people = peopleOf(plan).filter(({ id }) => id !== PIPELINE.id);
  }

  /** Sets the world up an hour before the first thing that the plan does, and submits the plan. */
  static async begin(
    plan: Plan,
    options: { seed?: number; checks?: Outside["checks"]; calendar?: CalendarState } = {},
  ): Promise<Simulation> {
    const metrics = new SimulatedMetrics(plan);
    const first = earliest(
      at(plan.start, leadOffset(plan)),
      ...plan.messages.map((one) => at(plan.start, one.at)),
    );
    const control = await virtualControlPlane({
      startAt: toMillis(minus(first, hours(1))),
      seed: options.seed ?? 1,
      // Nobody is there who could have changed its log, and to verify that six times an hour takes longer
      // than the release itself.
      leaveOut: ["audit"],
      outside: async (engine) => {
        const now = () => fromMillis(engine.kernel.clock.now());
        const stores = createStores(engine.kernel.store, now);
        stores.stock(plan);
        await createWorld(engine, plan);
        return {
          targets: stores.targets,
          metrics: simulatedSources(metrics),
          channel: { send: async ({ channel }) => ({ via: `simulated ${channel}` }) },
          probe: async ({ status }) => ({ ok: true, detail: `answered ${status} (simulated)` }),
          checks: options.checks ?? { look: async () => yes("simulation", "as it should be (simulated)") },
        };
      },
    });
    if (options.calendar !== undefined) keepCalendar(control.runtime.store, options.calendar);
    const simulation = new Simulation(plan, metrics, control);
    const requester: Actor = { ...standIn(PIPELINE) };
    const outcome = await control.during(() =>
      submitPlan(control.runtime, plan, { key: "simulation", actor: requester }),
    );
    if (!outcome.ok) throw new Refusal(422, outcome.rejection.code, outcome.rejection.message);
    return simulation;
  }

  get now(): Instant {
    return this.control.runtime.clock.now();
  }

  async load(): Promise<Loaded> {
    const loaded = await this.control.during(() => this.control.runtime.store.load(this.plan.id));
    if (loaded === undefined) throw new Error(`${this.plan.id} is not in the store`);
    return loaded;
  }

  async records(): Promise<readonly AuditRecord[]> {
    const { seq } = await this.load();
    return await this.control.during(() => this.control.runtime.store.records(this.plan.id, 1, seq));
  }

  /** Fires what falls due, one moment after the other, until `done` or `until`. */
  async runUntil(done: (loaded: Loaded) => boolean, until: Instant): Promise<boolean> {
    let looked = -1;
    let isDone = false;
    const reached = await this.control.clock.runUntil(async () => {
      if (this.control.writes() === looked) return isDone;
      if (this.punctual) await this.#people();
      looked = this.control.writes();
      isDone = done(await this.load());
      return isDone;
    }, toMillis(until));
    if (!reached) await this.control.clock.advanceTo(toMillis(until));
    return reached;
  }

  /** Runs to a moment, such as `T+17m` (of the release's own T). */
  async runTo(moment: Instant): Promise<void> {
    await this.runUntil(() => false, moment);
  }

  async runToEnd(): Promise<boolean> {
    const until = fromMillis(this.control.clock.now() + LONGEST_MS);
    return await this.runUntil(({ state }) => hasEnded(state.status), until);
  }

  async setAlarm(name: string, state: "OK" | "ALARM"): Promise<void> {
    await this.control.during(() => setAlarm(this.control.engine, name, state));
  }

  stop(): void {
    this.control.stop();
  }

  /** People look only when something has changed since they last did. */
  async #people(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const { seq } = await this.load();
      if (seq === this.#seen) return;
      const { runtime } = this.control;
      await this.control.during(() => answerAll(runtime, this.people, this.plan.id));
      // Not before: what could not be answered is asked again.
      this.#seen = seq;
    }
    throw new Error(`people were asked ${MOST_TURNS} times at ${this.now} and never done`);
  }
}

/** The deployment that is simulated has this calendar, whoever asks it and whenever. */
function keepCalendar(store: ReleaseStore, calendar: CalendarState): void {
  const read = store.deployment.bind(store);
  store.deployment = async () => {
    const loaded = await read();
    return { ...loaded, state: { ...loaded.state, calendar } };
  };
}

/** What `gonogo simulate` asks for. Throws Refusal for an alarm that the plan does not know. */
export async function simulate(
  plan: Plan,
  request: SimulationRequest,
  around: { readonly calendar?: CalendarState } = {},
): Promise<SimulationResult> {
  if (request.quick === true) return quickSimulation(plan, request, around);
  const started = performance.now();
  const changes = alarmChanges(plan, request);
  const seed = request.seed === undefined ? {} : { seed: request.seed };
  const simulation = await Simulation.begin(plan, { ...seed, ...around });
  try {
    simulation.punctual = request.people !== "absent";
    const from = simulation.now;
    for (const { at: moment, name, state } of changes) {
      const t = (await simulation.load()).state.t ?? plan.start;
      await simulation.runTo(fromMillis(toMillis(t) + moment));
      await simulation.setAlarm(name, state);
    }
    await simulation.runToEnd();
    const { state, seq, head } = await simulation.load();
    // What was written meanwhile comes after the head that was read.
    const records = (await simulation.records()).slice(0, seq);
    const manager = standIn({ id: "release-manager", name: "", roles: ["Release Manager"] });
    return {
      status: state.status,
      view: releaseView(plan, state, manager, simulation.now),
      records,
      verified: verifyChain(plan.id, records, { seq, digest: head }).ok,
      from,
      to: state.endedAt ?? simulation.now,
      wallMs: Math.round(performance.now() - started),
    };
  } finally {
    simulation.stop();
  }
}

interface AlarmChange {
  readonly name: string;
  /** Milliseconds after T. */
  readonly at: number;
  readonly state: "OK" | "ALARM";
}

function alarmChanges(plan: Plan, request: SimulationRequest): AlarmChange[] {
  const known = new Set(
    plan.triggers.flatMap((trigger) =>
      namedSignals(imagined(plan), trigger)
        .filter(({ from }) => from === "cloudwatch")
        .map(({ name }) => name),
    ),
  );
  const changes = (request.alarms ?? []).flatMap(({ name, at: when, for: length }): AlarmChange[] => {
    if (!known.has(name)) {
      const list = [...known].join(", ") || "none";
      throw new Refusal(422, "simulate.unknown-alarm", `the plan binds no alarm "${name}"; it binds ${list}`);
    }
    const offset = parseOffset(when);
    if (!offset.ok) throw new Refusal(422, "simulate.bad-offset", `"${when}": ${offset.message}`);
    const start = offsetMs(offset.value);
    const red: AlarmChange = { name, at: start, state: "ALARM" };
    if (length === undefined) return [red];
    const duration = parseDuration(length);
    if (!duration.ok) throw new Refusal(422, "simulate.bad-length", `"${length}": ${duration.message}`);
    return [red, { name, at: start + toMs(duration.value), state: "OK" }];
  });
  return changes.toSorted((a, b) => a.at - b.at);
}
