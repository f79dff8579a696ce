import { type Actor, CLOCK, personId, ROLLBACK, ROLLOUT } from "../actor/schema.ts";
import { genesis, seal } from "../audit/chain.ts";
import type { AuditRecord } from "../audit/schema.ts";
import { seenCalendar } from "../calendar/seen.ts";
import type { CalendarState } from "../calendar/state.ts";
import { dueProbes, type ProbedCheck, startProbes } from "../check/due.ts";
import type { Look } from "../check/port.ts";
import type { EvidenceFile } from "../evidence/schema.ts";
import type { SeenCalendar } from "../freeze/decide.ts";
import { digestOf } from "../kit/digest.ts";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import { wellValue } from "../metric/well.ts";
import { findStep, lanes } from "../plan/graph.ts";
import type { Plan } from "../plan/schema.ts";
import type { CommandBody } from "../release/commands.ts";
import { decide } from "../release/decide.ts";
import type { Decision } from "../release/draft.ts";
import { storesToSettle } from "../release/effects.ts";
import { evolve, initialState, metaOf } from "../release/evolve.ts";
import { type Asker, next } from "../release/next.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import type { ReleaseState } from "../release/state.ts";
import { nextVisit } from "../release/tick.ts";
import { pointsOfNoReturn } from "../rollback/reachable.ts";
import type { Signal } from "../signal/schema.ts";
import { openReadings } from "../step/by-hand.ts";
import { isManualTarget } from "../step/ready.ts";
import { isPhase } from "../step/schema.ts";
import { World } from "./world.ts";

export function person(name: string, ...roles: string[]): Actor {
  return { kind: "person", id: personId("test", name), roles };
}

/**
 * Runs a release on the pure core alone: the machines' loops, the clock's visits and people who answer at
 * once, with a world in memory. What the real machines add to this is waiting, retry and crash.
 */
export class Drive {
  /** The one that the release has now. */
  plan: Plan;
  readonly world: World;
  readonly log: AuditRecord[] = [];
  now: Instant;
  punctual = true;
  /** Whether they approve what cannot be undone, too. */
  bold = false;
  /** The deployment's calendar; without one nothing is told of it. */
  calendar: CalendarState | undefined;
  /** What the probes of its checklist see; without it none is asked. */
  look: ((check: ProbedCheck) => Look) | undefined;
  #state: ReleaseState | undefined;
  #commands = 0;
  #salts = 0;

  constructor(plan: Plan, startAt: Instant) {
    this.plan = plan;
    this.world = new World(plan);
    this.now = startAt;
    this.ask(person("requester", "Release Manager"), { type: "Submit", plan, release: plan.id, revision: 1 });
  }

  get state(): ReleaseState {
    if (this.#state === undefined) throw new Error("not submitted");
    return this.#state;
  }

  ask(actor: Actor, body: CommandBody, reason?: string, file?: EvidenceFile): Decision {
    this.#commands += 1;
    const end = this.log.at(-1);
    const at = end === undefined ? {} : { head: { seq: end.seq, digest: end.digest } };
    const command = { id: `c${this.#commands}`, at: this.now, actor, reason, file, body, ...at };
    const decision = decide(this.plan, this.#state, command);
    if (!decision.ok) return decision;
    if (body.type === "Revise") this.plan = body.plan;
    const last = this.log.at(-1);
    const head = {
      release: this.plan.id,
      seq: last?.seq ?? 0,
      digest: last?.digest ?? genesis(this.plan.id),
    };
    for (const record of seal(head, command, decision.events, () => this.#newSalt())) {
      this.log.push(record);
      const meta = metaOf(record);
      this.#state =
        record.event.type === "ReleaseSubmitted"
          ? initialState(this.plan.id, record.event, meta)
          : evolve(this.plan, this.state, record.event, meta);
    }
    return decision;
  }

  /** As a person who holds every role. Approvals and votes need different people. */
  person(body: PersonCommand, reason = "test"): Decision {
    const roles = [...new Set(["Release Manager", ...this.plan.roles.map(({ name }) => name)])];
    return this.ask(person("everyone", ...roles), body, reason);
  }

  signal(signal: Partial<Signal> & { name: string }): Decision {
    const full: Signal = { source: "cloudwatch", state: "alarm", at: this.now, ...signal };
    return this.ask(
      { kind: "alarm", source: full.source, name: full.name },
      { type: "ReceiveSignal", signal: full },
    );
  }

  openGates(): void {
    for (const { id, role } of this.plan.checklist) {
      this.ask(person(`check-${role}`, role), { type: "AnswerCheck", check: id, answer: "yes" });
    }
    for (const { role, count = 1 } of this.plan.approvals) {
      for (let n = 1; n <= count; n++) {
        const who = person(n === 1 ? `approver-${role}` : `approver-${role}-${n}`, role);
        this.ask(who, { type: "Approve", role, plan: this.state.plan });
      }
    }
  }

  visit(): void {
    this.#look(dueProbes(this.plan, this.state, this.now));
    const seen = this.world.see(this.state.t ?? this.now, this.now);
    this.ask(CLOCK, { type: "Observe", seen: { ...seen, ...this.#calendar() } });
  }

  /** Lets everything happen that can happen at this moment. */
  settle(): void {
    for (let turn = 0; turn < 200; turn++) {
      const before = this.log.length;
      const askers: Asker[] = ["opening", ...lanes(this.plan).map(({ id }) => ({ lane: id })), "closing"];
      for (const asker of askers) this.#turn(asker);
      for (const { component, hold } of storesToSettle(this.plan, this.state, this.now)) {
        const observed = this.world.halt(component, hold, this.now);
        this.ask(ROLLOUT, { type: "RecordHold", component, held: hold, observed });
      }
      if (this.state.status === "rolling-back") this.#putBack();
      if (this.punctual) this.#people();
      if (this.log.length === before) return;
    }
    throw new Error("does not settle");
  }

  /** Goes from one due moment to the next until `done`, or `limit`. */
  runUntil(done: (state: ReleaseState) => boolean, limit: Instant): boolean {
    for (let turn = 0; turn < 5000; turn++) {
      this.visit();
      this.settle();
      if (done(this.state)) return true;
      const visit = nextVisit(this.plan, this.state, this.now);
      const waits = this.#waits();
      const due = [...waits, ...(visit === undefined ? [] : [visit])].filter((at) => at > this.now).sort()[0];
      if (due === undefined || due > limit) {
        this.now = limit;
        return false;
      }
      this.now = due;
    }
    throw new Error("runs for ever");
  }

  #look(checks: readonly ProbedCheck[]): void {
    const { look } = this;
    if (look === undefined || checks.length === 0) return;
    const answers = checks.map((check) => ({ check: check.id, ...look(check) }));
    this.ask(CLOCK, { type: "RecordChecks", answers });
  }

  /** The same in every run. */
  #newSalt(): string {
    this.#salts += 1;
    return digestOf({ salt: this.#salts, of: this.plan.id }).slice(7, 39);
  }

  /** What the calendar says now, where there is one. */
  #calendar(): { calendar?: SeenCalendar } {
    if (this.calendar === undefined) return {};
    return { calendar: seenCalendar(this.calendar, this.plan, this.state, this.now) };
  }

  at(offsetMinutes: number): Instant {
    return fromMillis(toMillis(this.state.t ?? this.plan.start) + offsetMinutes * 60_000);
  }

  #waits(): Instant[] {
    const askers: Asker[] = [
      "opening",
      ...lanes(this.plan).map(({ id }) => ({ lane: id })),
      "closing",
      "rollback",
    ];
    return askers.flatMap((asker) => {
      if (asker !== "opening" && asker !== "rollback" && this.state.startedAt === undefined) return [];
      const step = next(this.plan, this.state, asker, this.now);
      return step.do === "wait" && step.until !== undefined ? [step.until] : [];
    });
  }

  #turn(asker: Asker): void {
    if (asker !== "opening" && this.state.startedAt === undefined) return;
    // What kept it from starting may be over: the clock's visits try again.
    const free = asker === "opening" ? { ...this.state, startHeld: [] } : this.state;
    const step = next(this.plan, free, asker, this.now);
    const seen = this.world.see(this.state.t ?? this.now, this.now);
    switch (step.do) {
      case "start": {
        this.#look(startProbes(this.plan, this.state, this.now));
        const components = this.plan.components.map(({ id, target }) => {
          const versions = { previous: "7", next: "8" };
          const revert = { component: id, target, ...versions, command: `put ${id} back` };
          const observed = this.world.read(id, this.now);
          return {
            component: id,
            ...versions,
            lock: id,
            fence: 1,
            observed,
            ...(target.kind === "manual" ? {} : { revert }),
          };
        });
        this.ask(ROLLOUT, {
          type: "Start",
          plan: this.state.plan,
          components,
          alarms: seen.alarms,
          tagged: this.world.tagged,
          problems: [],
          baseline: seen.readings,
          ...this.#calendar(),
        });
        return;
      }
      case "begin":
        this.ask(ROLLOUT, { type: "BeginStep", step: step.step });
        return;
      case "check": {
        const found = findStep(this.plan, step.step);
        const reading = seen.readings.find(
          ({ metric }) => found?.kind === "check" && metric === found.metric,
        );
        if (reading !== undefined) this.ask(ROLLOUT, { type: "RecordCheck", step: step.step, reading });
        return;
      }
      case "probe":
        this.ask(ROLLOUT, { type: "RecordProbe", step: step.step, ok: true, detail: "200" });
        return;
      case "shift":
        this.#shift(step.step);
        return;
      case "judge":
        this.visit();
        return;
      default:
        return;
    }
  }

  #shift(id: string): void {
    const found = findStep(this.plan, id);
    if (found === undefined || !isPhase(found)) return;
    const { component, percent } = found;
    const observed = this.world.read(component, this.now);
    const { alarms } = this.world.see(this.now, this.now);
    const intent = this.ask(ROLLOUT, {
      type: "IntendShift",
      step: id,
      observed,
      alarms,
      percent,
      why: "phase",
      ...this.#calendar(),
    });
    if (!intent.ok || this.state.components[component]?.intended === undefined) return;
    // People move what has no adapter, and say so.
    if (isManualTarget(this.plan, component)) return;
    const outcome = this.world.shift(component, percent, observed, this.now);
    this.ask(ROLLOUT, { type: "RecordShift", step: id, percent, why: "phase", outcome });
  }

  #putBack(): void {
    for (const item of this.state.rollback?.items ?? []) {
      if (item.status !== "waiting") continue;
      const base = { type: "RecordPutBack", item: item.id, ok: true, detail: "done" } as const;
      if (item.kind === "manual") {
        if (this.punctual) this.ask(ROLLBACK, base);
      } else this.ask(ROLLBACK, { ...base, observed: this.world.revert(item.component, this.now) });
    }
    if (next(this.plan, this.state, "rollback", this.now).do !== "judge") return;
    const { targets } = this.world.see(this.now, this.now);
    this.ask(ROLLBACK, { type: "EndRollback", targets });
  }

  /** People who do at once what is asked of them, and nothing that is not. */
  #people(): void {
    for (const step of this.plan.steps) {
      if (this.state.steps[step.id]?.status === "running" && step.kind === "manual") {
        this.person({ type: "CompleteStep", step: step.id, ok: true, output: step.expect ?? "done" });
      }
      if (this.state.steps[step.id]?.status === "shifting" && isPhase(step)) {
        if (!isManualTarget(this.plan, step.component)) continue;
        const expected = this.world.read(step.component, this.now);
        this.world.shift(step.component, step.percent, expected, this.now);
        this.person({ type: "CompleteStep", step: step.id, ok: true });
      }
    }
    for (const { metric } of openReadings(this.plan, this.state)) {
      this.person({ type: "GiveReading", metric: metric.id, value: wellValue(metric).value });
    }
    for (const { step, approvals } of this.bold ? pointsOfNoReturn(this.plan) : []) {
      if (this.state.steps[step] !== undefined && this.state.steps[step]?.status !== "waiting") continue;
      for (const role of approvals) {
        if (this.state.oneWay?.[step]?.[role] !== undefined) continue;
        const plan = this.state.plan;
        this.ask(person(`approver-${step}-${role}`, role), { type: "ApproveStep", step, role, plan });
      }
    }
    if (this.state.poll !== undefined && this.state.poll.result === undefined) {
      for (const role of this.state.poll.roles) {
        if (this.state.poll?.votes[role] === undefined) {
          this.ask(person(`voter-${role}`, role), { type: "Vote", role, vote: "go" });
        }
      }
    }
  }
}
