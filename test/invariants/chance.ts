import { ROLLBACK, ROLLOUT } from "@gonogo/core/actor/schema";
import { verifyChain } from "@gonogo/core/audit/chain";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import { digestOf } from "@gonogo/core/kit/digest";
import { toMs } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { findStep } from "@gonogo/core/plan/graph";
import type { Plan } from "@gonogo/core/plan/schema";
import type { CommandBody } from "@gonogo/core/release/commands";
import { evolve, initialState, metaOf } from "@gonogo/core/release/evolve";
import type { PersonCommand } from "@gonogo/core/release/person-commands";
import { hasEnded, type ReleaseState } from "@gonogo/core/release/state";
import { nextVisit } from "@gonogo/core/release/tick";
import type { Observation } from "@gonogo/core/target/port";
import { Drive, person } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import fc from "fast-check";
import { expect } from "vitest";

/** One thing that may happen to a release: what people, alarms, machines, crashes and the clock can do. */
export type Move =
  | { readonly kind: "wait" | "go-on" | "stand"; readonly minutes: number }
  | { readonly kind: "visit" | "machines" | "punctual" | "due" | "steady" | "echo" }
  | { readonly kind: "person"; readonly who: number; readonly body: PersonCommand }
  | { readonly kind: "signal"; readonly name: string; readonly state: "alarm" | "ok"; readonly ago: number }
  | { readonly kind: "alarm"; readonly name: string; readonly change: AlarmMove }
  | {
      readonly kind: "metric";
      readonly metric: string;
      readonly value: number | undefined;
      readonly n: number;
    }
  | { readonly kind: "tamper"; readonly component: string; readonly observed: Observation }
  | { readonly kind: "begin-shift" | "end-shift"; readonly step: string; readonly reduceTo?: number }
  | { readonly kind: "raw"; readonly body: CommandBody };

type AlarmMove = "red" | "ok" | "unknown" | "deleted" | "edited" | "muted";

const STEPS = ["freeze", "p1", "look", "p2", "p3", "p4", "p5", "nothing"];
const COMPONENTS = ["api", "app"];
const PEOPLE = [
  ["everyone", ["Release Manager", "Ops", "Mobile Lead", "CTO", "Security"]],
  ["everyone", ["Release Manager", "Ops", "Mobile Lead", "CTO", "Security"]],
  ["everyone", ["Release Manager", "Ops", "Mobile Lead", "CTO", "Security"]],
  ["requester", ["Release Manager"]],
  ["manager", ["Release Manager"]],
  ["cto", ["CTO"]],
  ["security", ["Security", "CTO"]],
  ["ops", ["Ops"]],
  ["mobile", ["Mobile Lead"]],
  ["stranger", ["Cook"]],
] as const;

const step = fc.constantFrom(...STEPS);
const role = fc.constantFrom("CTO", "Security", "Ops", "Release Manager", "Cook");
const digest = fc.constantFrom(digestOf("other"), digestOf("this"));
const prose = fc.constantFrom(undefined, "done", "it failed");

const personCommand: fc.Arbitrary<PersonCommand> = fc.oneof(
  fc.record({
    type: fc.constant("AnswerCheck" as const),
    check: fc.constantFrom("signed", "unknown"),
    answer: fc.constantFrom("yes" as const, "no" as const),
  }),
  fc.record({ type: fc.constantFrom("Approve" as const, "Decline" as const), role, plan: digest }),
  fc.record({ type: fc.constant("WithdrawApproval" as const), role }),
  fc.record({
    type: fc.constant("Vote" as const),
    role,
    vote: fc.constantFrom("go" as const, "no-go" as const),
  }),
  fc.record({ type: fc.constant("CompleteStep" as const), step, ok: fc.boolean() }),
  fc.record({
    type: fc.constantFrom("Pause" as const, "Resume" as const, "Resume" as const),
  }),
  fc.record({ type: fc.constantFrom("Promote" as const, "Retry" as const, "Skip" as const), step }),
  fc.record({ type: fc.constantFrom("Promote" as const, "Retry" as const) }),
  fc.record({
    type: fc.constant("CompletePutBack" as const),
    item: fc.constantFrom("undo-freeze", "api", "app", "asked-db"),
    ok: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("GiveReading" as const),
    metric: fc.constantFrom("errors", "stars"),
    value: fc.double({ min: 0, max: 100, noNaN: true }),
  }),
  fc.record({
    type: fc.constant("RecordValidation" as const),
    validation: fc.constantFrom("metric-stars", "none"),
    pass: fc.boolean(),
    result: fc.constant("seen"),
  }),
  fc.record({
    type: fc.constant("SignReview" as const),
    role: fc.constant("Release Manager"),
    entries: fc.constant({ Lessons: "none" }),
  }),
);

/** What ends it: rare, or hardly a run would come far. */
const lastCommand: fc.Arbitrary<PersonCommand> = fc.record({
  type: fc.constantFrom("Rollback" as const, "Abort" as const),
});

const observation: fc.Arbitrary<Observation> = fc.oneof(
  fc.constant({ primary: "7", share: 0 }),
  fc.constant({ primary: "8", share: 100 }),
  fc.constant({ primary: "7", secondary: "8", share: 37 }),
  fc.constant({ primary: "6", share: 0 }),
  fc.constant({ primary: "7", secondary: "8", share: 10, halted: true }),
);

const rawCommand: fc.Arbitrary<CommandBody> = fc.oneof(
  fc.record({ type: fc.constant("BeginStep" as const), step }),
  fc.record({
    type: fc.constant("RecordProbe" as const),
    step,
    ok: fc.boolean(),
    detail: fc.constant("500"),
  }),
  fc.record({
    type: fc.constant("RecordShift" as const),
    step,
    percent: fc.constantFrom(0, 10, 50, 100),
    why: fc.constantFrom("phase" as const, "reduce" as const),
    outcome: fc.oneof(
      fc.record({ kind: fc.constantFrom("shifted" as const, "fenced" as const), observed: observation }),
      fc.record({ kind: fc.constant("refused" as const), detail: fc.constant("no") }),
    ),
  }),
  fc.record({
    type: fc.constant("RecordPutBack" as const),
    item: fc.constantFrom("api", "app", "undo-freeze", "none"),
    ok: fc.constant(false),
    detail: fc.constant("it did not answer"),
  }),
  fc.record({
    type: fc.constant("RecordMessage" as const),
    message: fc.constantFrom("live", "none"),
    sent: fc.boolean(),
    detail: prose.map((text) => text ?? "slack"),
  }),
);

const alone: fc.Arbitrary<CommandBody> = fc.record({
  type: fc.constant("RecordAlone" as const),
  at: fc.constantFrom("2025-06-04T02:10:00.000Z" as Instant, "2025-06-04T02:11:00.000Z" as Instant),
  cause: fc.constant("the store was away"),
  results: fc.constant([]),
});

const common: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant("stand" as const), minutes: fc.constantFrom(1, 7, 25, 60) }),
  fc.record({ kind: fc.constant("go-on" as const), minutes: fc.constantFrom(1, 5, 20, 45, 240, 1500) }),
  fc.record({ kind: fc.constant("wait" as const), minutes: fc.constantFrom(1, 5, 16, 31, 120, 1500) }),
  fc.record({
    kind: fc.constantFrom(
      "visit" as const,
      "machines" as const,
      "punctual" as const,
      "due" as const,
      "steady" as const,
      "steady" as const,
      "echo" as const,
    ),
  }),
);

export const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 60, arbitrary: common },
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constant("person" as const),
      who: fc.nat(PEOPLE.length - 1),
      body: personCommand,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("person" as const),
      who: fc.nat(PEOPLE.length - 1),
      body: lastCommand,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("signal" as const),
      name: fc.constantFrom("Api5xx", "Crash-free sessions", "Slow", "Slow", "Nobody"),
      state: fc.constantFrom("alarm" as const, "ok" as const),
      ago: fc.constantFrom(0, 1, 30, 600),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("alarm" as const),
      name: fc.constantFrom("Api5xx", "Slow"),
      change: fc.constantFrom<AlarmMove>("red", "ok", "ok", "unknown", "deleted", "edited", "muted"),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("metric" as const),
      metric: fc.constantFrom("errors", "crash-free"),
      value: fc.constantFrom(0, 0.5, 2, 5, 99.9, 97, Number.NaN, undefined),
      n: fc.constantFrom(0, 299, 300, 100_000, Number.NaN),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("tamper" as const),
      component: fc.constantFrom(...COMPONENTS),
      observed: observation,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constantFrom("begin-shift" as const, "end-shift" as const), step }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("begin-shift" as const, "end-shift" as const),
      step,
      reduceTo: fc.constantFrom(0, 5, 60),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("raw" as const), body: rawCommand }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("raw" as const), body: alone }) },
);

/** The sample plan with every response there is, and a metric that only a person reads. */
export function chancePlan(app: "app-store" | "google-play"): Plan {
  const base = samplePlan({}, app);
  return samplePlan(
    {
      poll: { at: "T-15 min", closes: "T", roles: ["CTO", "Ops"] },
      metrics: [
        ...base.metrics,
        { id: "stars", name: "Stars", threshold: ">= 4 stars", owner: "Mobile Lead" },
      ],
      triggers: [
        ...base.triggers,
        {
          id: "tslow",
          says: "it is slow",
          signals: [{ from: "cloudwatch", name: "Slow" }],
          respond: "reduce",
          reduceTo: 5,
          component: "api",
          owner: "Ops",
        },
      ],
      limits: { maxDuration: "3 d", bake: "1 h" },
    } as Parameters<typeof samplePlan>[0],
    app,
  );
}

/** A drive that takes moves, and looks after each at what must always hold. */
export class Ordeal {
  readonly drive: Drive;
  /** What was asked of a target and is not yet written: whoever has it in hand may be slow, or dead. */
  readonly #inHand: { step: string; percent: number; why: "phase" | "reduce"; expected: Observation }[] = [];
  #checked = 0;
  readonly #watch: Watchers;

  constructor(app: "app-store" | "google-play") {
    const plan = chancePlan(app);
    this.drive = new Drive(plan, "2025-06-04T01:00:00.000Z" as Instant);
    this.drive.punctual = false;
    this.#watch = new Watchers(plan);
    this.check();
  }

  take(one: Move): void {
    const { drive } = this;
    switch (one.kind) {
      case "wait":
        drive.now = fromMillis(toMillis(drive.now) + one.minutes * 60_000);
        break;
      case "go-on": {
        // Everybody does what is asked of them, for so long.
        drive.punctual = true;
        const until = fromMillis(toMillis(drive.now) + one.minutes * 60_000);
        drive.runUntil(({ status }) => hasEnded(status), until);
        drive.punctual = false;
        break;
      }
      case "visit":
        drive.visit();
        break;
      case "machines":
        drive.settle();
        break;
      case "due": {
        const due = nextVisit(drive.plan, drive.state, drive.now);
        if (due !== undefined && due > drive.now) drive.now = due;
        drive.visit();
        break;
      }
      case "punctual":
        if (drive.state.status === "gates") drive.openGates();
        drive.punctual = true;
        drive.settle();
        drive.punctual = false;
        break;
      case "steady":
        // Whatever it asks, the answer is to go on.
        drive.person({ type: "Resume" });
        drive.person({ type: "Retry" });
        break;
      case "stand":
        drive.person({ type: "Pause" });
        drive.now = fromMillis(toMillis(drive.now) + one.minutes * 60_000);
        drive.person({ type: "Resume" });
        break;
      case "echo":
        this.#echo();
        break;
      case "person":
        this.#person(one.who, one.body);
        break;
      case "signal": {
        const at = fromMillis(toMillis(drive.now) - one.ago * 60_000);
        const source = one.name === "Crash-free sessions" ? "sentry" : "cloudwatch";
        drive.signal({ name: one.name, state: one.state, at, source });
        break;
      }
      case "alarm":
        this.#alarm(one.name, one.change);
        break;
      case "metric":
        drive.world.values.set(
          one.metric,
          one.value === undefined ? undefined : { value: one.value, count: one.n },
        );
        break;
      case "tamper":
        drive.world.tamper(one.component, one.observed);
        break;
      case "begin-shift":
        this.#beginShift(one.step, one.reduceTo);
        break;
      case "end-shift":
        this.#endShift();
        break;
      case "raw":
        drive.ask(one.body.type.startsWith("RecordPut") ? ROLLBACK : ROLLOUT, one.body);
        break;
    }
    this.check();
  }

  #person(who: number, body: PersonCommand): void {
    const [name, roles] = PEOPLE[who] ?? PEOPLE[0];
    const { plan } = this.drive.state;
    const digestGiven = "plan" in body && body.plan === digestOf("this") ? { ...body, plan } : body;
    this.drive.ask(person(name, ...roles), digestGiven as PersonCommand, "by chance");
  }

  #alarm(name: string, change: AlarmMove): void {
    const { world, now } = this.drive;
    const before = world.alarms.get(name);
    if (before === undefined) return;
    const plain = { ...before, digest: digestOf(name), muted: false, since: now };
    switch (change) {
      case "red":
        world.alarms.set(name, { ...plain, state: "alarm" });
        return;
      case "ok":
      case "unknown":
        world.alarms.set(name, { ...plain, state: change });
        return;
      case "deleted":
        world.alarms.set(name, { ...plain, state: "missing" });
        return;
      case "edited":
        world.alarms.set(name, { ...before, digest: digestOf(`${name} other`) });
        return;
      case "muted":
        world.alarms.set(name, { ...before, muted: true });
        return;
    }
  }

  #beginShift(id: string, reduceTo: number | undefined): void {
    const { drive } = this;
    const found = findStep(drive.plan, id);
    if (found?.kind !== "phase") return;
    const observed = drive.world.read(found.component, drive.now);
    const percent = reduceTo ?? found.percent;
    const why = reduceTo === undefined ? "phase" : "reduce";
    const { alarms } = drive.world.see(drive.now, drive.now);
    const before = drive.log.length;
    drive.ask(ROLLOUT, { type: "IntendShift", step: id, observed, alarms, why, percent });
    if (drive.log.slice(before).some(({ event }) => event.type === "ShiftIntended")) {
      this.#inHand.push({ step: id, percent, why, expected: observed });
    }
  }

  /** Whoever did the last shift was slow, and says once more what came of it. */
  #echo(): void {
    const { drive } = this;
    const last = drive.log.findLast(({ event }) => event.type === "ShiftDone")?.event;
    if (last?.type !== "ShiftDone") return;
    const { step, percent, why, observed } = last;
    const outcome = { kind: "shifted", observed } as const;
    drive.ask(ROLLOUT, { type: "RecordShift", step, percent, why, outcome });
  }

  #endShift(): void {
    const { drive } = this;
    const held = this.#inHand.shift();
    const found = held === undefined ? undefined : findStep(drive.plan, held.step);
    if (held === undefined || found?.kind !== "phase") return;
    const { step, percent, why, expected } = held;
    const outcome = drive.world.shift(found.component, percent, expected, drive.now);
    drive.ask(ROLLOUT, { type: "RecordShift", step, percent, why, outcome });
  }

  /** From here on nobody answers and nothing is wrong: it must end by itself, or wait for its review. */
  endInSilence(): void {
    const { drive } = this;
    const last = fromMillis(toMillis(drive.now) + 90 * 86_400_000);
    drive.punctual = false;
    const done = (state: ReleaseState) => hasEnded(state.status) || state.status === "reviewing";
    const ended = drive.runUntil(done, last);
    this.check();
    expect(ended, `still ${drive.state.status} after ninety days of silence`).toBe(true);
    if (hasEnded(drive.state.status)) this.#growQuiet();
  }

  /** With its messages sent, what is still to come after the end (what people owe, an archive) comes seldom. */
  #growQuiet(): void {
    const { drive } = this;
    const month = fromMillis(toMillis(drive.now) + 30 * 86_400_000);
    let visits = 0;
    for (;;) {
      const visit = nextVisit(drive.plan, drive.state, drive.now);
      if (visit === undefined || visit > month) break;
      drive.now = visit;
      drive.visit();
      for (const [message, { status }] of Object.entries(drive.state.messages)) {
        if (status === "due")
          drive.ask(ROLLOUT, { type: "RecordMessage", message, sent: true, detail: "sent" });
      }
      visits += 1;
      expect(visits, "visits in the month after the end").toBeLessThan(200);
    }
    this.check();
  }

  check(): void {
    const { drive } = this;
    for (const record of drive.log.slice(this.#checked)) this.#watch.record(record);
    this.#checked = drive.log.length;
    expect(this.#watch.state).toEqual(drive.state);
    const visit = nextVisit(drive.plan, drive.state, drive.now);
    if (visit === undefined) expect(hasEnded(drive.state.status)).toBe(true);
    else expect(visit > drive.now).toBe(true);
  }

  finish(): void {
    const { drive } = this;
    expect(verifyChain(drive.plan.id, drive.log)).toMatchObject({ ok: true });
    expect(JSON.stringify(drive.state).length).toBeLessThan(350_000);
  }
}

const FINAL = ["completed", "aborted", "rolled-back"];

/** Follows the log beside the release, by itself, and knows what no log may say. */
class Watchers {
  readonly #plan: Plan;
  #state: ReleaseState | undefined;
  /** By component: where its watch was opened, and for how long the release has stood since. */
  readonly #pausedFor = new Map<string, number>();
  #pausedAt: number | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  get state(): ReleaseState | undefined {
    return this.#state;
  }

  record(record: AuditRecord): void {
    const before = this.#state;
    const meta = metaOf(record);
    this.#state =
      record.event.type === "ReleaseSubmitted"
        ? initialState(record.release, record.event, meta)
        : evolve(this.#plan, before as ReleaseState, record.event, meta);
    if (before !== undefined) this.#look(before, this.#state, record);
  }

  #look(before: ReleaseState, after: ReleaseState, { event, at, seq, actor }: AuditRecord): void {
    const where = `record ${seq} (${event.type})`;
    if (FINAL.includes(before.status)) expect(after.status, where).toBe(before.status);
    switch (event.type) {
      case "ShiftIntended": {
        expect(before.rollback, `${where} after a rollback`).toBeUndefined();
        expect(before.components[event.component]?.intended, `${where} beside another`).toBeUndefined();
        if (event.why === "phase") expect(before.paused, `${where} while paused`).toBeUndefined();
        const now = before.components[event.component]?.observed.share ?? 0;
        if (event.why === "reduce") expect(event.percent, where).toBeLessThan(now);
        break;
      }
      case "ApprovalGiven": {
        const id = actor.kind === "person" ? actor.id : "nobody";
        expect(id, where).not.toBe(before.requester);
        break;
      }
      case "ReleaseStarted": {
        const by = this.#plan.approvals.map(({ role }) => before.approvals[role]?.at(-1));
        expect(
          by.every((one) => one?.verdict === "given"),
          where,
        ).toBe(true);
        expect(new Set(by.map((one) => one?.by)).size, where).toBe(by.length);
        expect(before.paused, where).toBeUndefined();
        break;
      }
      case "ShiftDone":
        expect(before.components[event.component]?.intended, `${where} of another shift`).toMatchObject({
          step: event.step,
          percent: event.percent,
          why: event.why,
        });
        this.#pausedFor.set(event.step, 0);
        if (before.paused !== undefined) this.#pausedAt = Math.max(this.#pausedAt ?? 0, toMillis(at));
        break;
      case "ReleasePaused":
        this.#pausedAt = toMillis(at);
        break;
      case "ReleaseResumed": {
        const length = toMillis(at) - (this.#pausedAt ?? toMillis(at));
        for (const [one, sum] of this.#pausedFor) this.#pausedFor.set(one, sum + length);
        break;
      }
      case "PhasePassed": {
        if (event.promoted === true) break;
        const phase = findStep(this.#plan, event.step);
        const { shiftedAt } = before.steps[event.step] ?? {};
        if (phase?.kind !== "phase" || shiftedAt === undefined) throw new Error(`${where}: never shifted`);
        expect(event.judged.length, where).toBeGreaterThan(0);
        expect(
          event.judged.every(({ verdict }) => verdict === "pass"),
          where,
        ).toBe(true);
        const watched = toMillis(at) - toMillis(shiftedAt) - (this.#pausedFor.get(event.step) ?? 0);
        expect(watched, `${where}: a watch cut short`).toBeGreaterThanOrEqual(toMs(phase.watch));
        break;
      }
      default:
    }
  }
}

/**
 * Tries so many runs of moves by chance and says how many held; a failure throws, and names its seed, its path
 * and the shortest moves.
 */
export function search(options: { runs: number; seed: number; longest?: number }): number {
  let held = 0;
  fc.assert(
    fc.property(
      fc.constantFrom("google-play" as const, "google-play" as const, "app-store" as const),
      fc.constantFrom(0, 1, 45, 61, 70, 100, 200, 500, 2000),
      fc.array(move, { maxLength: options.longest ?? 60, size: "max" }),
      (app, minutes, moves) => {
        const ordeal = new Ordeal(app);
        if (minutes > 0) ordeal.take({ kind: "punctual" });
        ordeal.take({ kind: "go-on", minutes });
        for (const one of moves) ordeal.take(one);
        ordeal.endInSilence();
        ordeal.finish();
        held += 1;
      },
    ),
    { numRuns: options.runs, seed: options.seed },
  );
  return held;
}
