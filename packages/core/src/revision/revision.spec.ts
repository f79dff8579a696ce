import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Actor, personId, ROLLOUT } from "../actor/schema.ts";
import { inForce } from "../approval/standing.ts";
import { gateBlockers } from "../gate/decide.ts";
import type { Digest } from "../kit/digest.ts";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import { planDigest } from "../plan/digest.ts";
import type { Plan, PlanInput } from "../plan/schema.ts";
import { claimsOf } from "../release/claims.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-30T00:00:00.000Z" as Instant;
const MANAGER = person("requester", "Release Manager");
const REVISER = person("rita", "Release Manager", "CTO", "Security");

const codeOf = (decision: ReturnType<Drive["ask"]>) => (decision.ok ? "taken" : decision.rejection.code);

function revise(drive: Drive, change: Partial<PlanInput>, who: Actor = REVISER, from = drive.state.plan) {
  const plan = { ...drive.plan, ...samplePlan(change), id: drive.plan.id } as Plan;
  return codeOf(drive.ask(who, { type: "Revise", plan, from }, "the watch was too short"));
}

const later = { start: "2025-06-04T03:00:00Z" };

describe("a revision", () => {
  it("takes the plan's place, with what differs, by whom and why", () => {
    const drive = new Drive(samplePlan(), EVE);
    const before = drive.state.plan;
    expect(revise(drive, later)).toBe("taken");
    expect(drive.state).toMatchObject({
      revision: 2,
      plan: planDigest(drive.plan),
      plannedT: "2025-06-04T03:00:00.000Z",
    });
    const view = releaseView(drive.plan, drive.state, MANAGER, drive.now);
    expect(view.revisions).toMatchObject([
      {
        n: 2,
        by: personId("test", "rita"),
        reason: "the watch was too short",
        wasApproved: false,
        changes: ["start: 2025-06-04T02:00:00.000Z becomes 2025-06-04T03:00:00.000Z"],
      },
    ]);
    expect(drive.log.at(-2)?.event ?? drive.log.at(-1)?.event).toMatchObject({ type: "PlanRevised", before });
  });

  it("makes void what was signed on the one before, keeps it on record, and closes the gates", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    expect(drive.state.status).toBe("ready");
    revise(drive, later);
    expect(drive.state).toMatchObject({ status: "gates", approvals: {} });
    expect(drive.state.t).toBeUndefined();
    const view = releaseView(drive.plan, drive.state, MANAGER, drive.now);
    expect(view.approvedRevision).toBe(1);
    expect(view.revisions[0]?.voided).toMatchObject([
      { kind: "approval", what: "CTO", why: expect.stringContaining("revision 1") },
      { kind: "approval", what: "Security" },
    ]);
    const fresh = person("cto-2", "CTO");
    const old = view.revisions[0]?.voided.length === 2 ? drive.log[0]?.event : undefined;
    const first = old?.type === "ReleaseSubmitted" ? old.plan : ("" as Digest);
    expect(codeOf(drive.ask(fresh, { type: "Approve", role: "CTO", plan: first }))).toBe(
      "approval.other-plan",
    );
    drive.openGates();
    expect(drive.state.status).toBe("ready");
  });

  it("leaves answers that say nothing of what changed, and asks the others again", () => {
    const kept = new Drive(samplePlan(), EVE);
    kept.openGates();
    revise(kept, later);
    expect(kept.state.checks.signed?.answer).toBe("yes");
    for (const change of [
      { checklist: [{ id: "signed", check: "Artefacts are signed and scanned", role: "Ops" }] },
      { steps: samplePlan().steps.filter(({ id }) => id !== "p5") },
    ] as Partial<PlanInput>[]) {
      const drive = new Drive(samplePlan(), EVE);
      drive.openGates();
      revise(drive, change);
      expect(drive.state.checks).toEqual({});
      expect(drive.state.revisions?.[0]?.voided.checks).toEqual(["signed"]);
    }
  });

  it("starts at its own time, and listens to its own alarms", () => {
    const drive = new Drive(samplePlan(), EVE);
    const { plan: old } = drive;
    const triggers = samplePlan().triggers.map((one) => ({
      ...one,
      signals: one.signals.map((signal) => ({ ...signal, name: `${signal.name}-2` })),
    }));
    revise(drive, { start: "2025-06-04T01:40:00Z", triggers: triggers as never });
    const claims = claimsOf(drive.plan, drive.state, drive.log.slice(1), old);
    expect(claims.bind).toContain("cloudwatch:Api5xx-2");
    expect(claims.unbind).toEqual(["sentry:Crash-free sessions"]);
    drive.openGates();
    expect(drive.state.t).toBe("2025-06-04T01:40:00.000Z");
    const known = drive.world.alarms.get("Api5xx");
    if (known !== undefined) drive.world.alarms.set("Api5xx-2", { ...known, name: "Api5xx-2" });
    drive.runUntil(({ status }) => status === "running", END);
    expect(drive.state.startedAt).toBe("2025-06-04T01:10:00.000Z");
  });

  it("does not name people in the log", () => {
    const drive = new Drive(samplePlan({ releaseManager: "Ana Ruiz" }), EVE);
    revise(drive, {
      releaseManager: "Ben Okafor",
      roles: [{ name: "Release Manager", people: ["Ben Okafor"] }],
    });
    expect(JSON.stringify(drive.log.slice(1))).not.toMatch(/Ruiz|Okafor/);
    expect(drive.state.revisions?.[0]?.changes.map(({ path }) => path[0])).toContain("releaseManager");
  });
});

describe("what is refused", () => {
  const cases: [string, (drive: Drive) => string][] = [
    ["revise.not-your-role", (drive) => revise(drive, later, person("otto", "Security"))],
    ["revise.not-a-person", (drive) => revise(drive, later, { kind: "clock" } as Actor)],
    ["revise.same", (drive) => revise(drive, {})],
    ["revise.other-environment", (drive) => revise(drive, { environment: "Staging" })],
    ["revise.other-plan", (drive) => revise(drive, later, REVISER, `sha256:${"0".repeat(64)}` as Digest)],
    [
      "revise.other-id",
      (drive) =>
        codeOf(
          drive.ask(
            REVISER,
            { type: "Revise", plan: samplePlan({ id: "REL-2" }), from: drive.state.plan },
            "x",
          ),
        ),
    ],
    [
      "command.no-reason",
      (drive) =>
        codeOf(drive.ask(REVISER, { type: "Revise", plan: samplePlan(later), from: drive.state.plan })),
    ],
  ];
  it.each(cases)("%s", (code, ask) => {
    const drive = new Drive(samplePlan(), EVE);
    const before = drive.log.length;
    expect(ask(drive)).toBe(code);
    expect(drive.log).toHaveLength(before);
  });

  it("once it runs, in words, and when it is over", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(({ status }) => status === "running", END);
    const plan = samplePlan(later);
    const running = drive.ask(REVISER, { type: "Revise", plan, from: drive.state.plan }, "x");
    expect(running).toMatchObject({
      rejection: { code: "revise.started", message: expect.stringContaining("roll it back") },
    });
    drive.person({ type: "Abort" });
    drive.person({ type: "Rollback" });
    drive.runUntil(({ endedAt }) => endedAt !== undefined, END);
    const over = drive.ask(REVISER, { type: "Revise", plan, from: drive.state.plan }, "x");
    expect(over).toMatchObject({ rejection: { code: "revise.started" } });
  });
});

describe("ways round two people", () => {
  it("whoever revised it, now or before, approves nothing of it, in nobody's name", () => {
    const drive = new Drive(samplePlan(), EVE);
    const cto = person("cleo", "CTO");
    const until = fromMillis(toMillis(drive.now) + 3_600_000);
    const lent = drive.ask(
      cto,
      { type: "Delegate", role: "CTO", to: personId("test", "rita"), until },
      "away",
    );
    expect(codeOf(lent)).toBe("taken");
    revise(drive, later);
    const approve = (who: Actor, role: string) =>
      codeOf(drive.ask(who, { type: "Approve", role, plan: drive.state.plan }));
    expect(approve(REVISER, "CTO")).toBe("approval.own-revision");
    revise(drive, { start: "2025-06-04T04:00:00Z" }, MANAGER);
    expect(approve(REVISER, "CTO")).toBe("approval.own-revision");
    expect(approve(person("requester", "CTO"), "CTO")).toBe("approval.own-release");
    const give = (from: Actor, to: string) =>
      codeOf(drive.ask(from, { type: "Delegate", role: "CTO", to: personId("test", to), until }, "away"));
    expect(give(REVISER, "ben")).toBe("delegation.partial");
    expect(give(cto, "rita")).toBe("delegation.partial");
  });

  it("an author who is taken off the plan stays one", () => {
    const author = personId("test", "cleo");
    const drive = new Drive(samplePlan({ authors: [author] }), EVE);
    const { authors: _, ...rest } = drive.plan;
    expect(codeOf(drive.ask(REVISER, { type: "Revise", plan: rest, from: drive.state.plan }, "x"))).toBe(
      "taken",
    );
    const approved = drive.ask(person("cleo", "CTO"), {
      type: "Approve",
      role: "CTO",
      plan: drive.state.plan,
    });
    expect(codeOf(approved)).toBe("approval.author");
  });

  it("of two at once the second is told that there is another plan", () => {
    const drive = new Drive(samplePlan(), EVE);
    const read = drive.state.plan;
    expect(revise(drive, later, MANAGER, read)).toBe("taken");
    expect(revise(drive, { start: "2025-06-04T05:00:00Z" }, REVISER, read)).toBe("revise.other-plan");
    expect(drive.state.revision).toBe(2);
  });

  it("a start, or a probe, that was read by the plan before changes nothing", () => {
    const drive = new Drive(samplePlan({ approvals: [], checklist: [] }), EVE);
    drive.visit();
    const { plan: read } = drive.state;
    drive.now = "2025-06-04T01:30:00.000Z" as Instant;
    revise(drive, { approvals: [], checklist: [], start: "2025-06-04T02:00:30Z" });
    expect(drive.state.status).toBe("ready");
    drive.now = "2025-06-04T01:31:00.000Z" as Instant;
    const start = { type: "Start", plan: read, components: [], alarms: [], problems: [] } as const;
    expect(codeOf(drive.ask(ROLLOUT, start))).toBe("start.other-plan");
    expect(drive.state.startedAt).toBeUndefined();
  });
});

describe("in any order", () => {
  const PEOPLE = ["ana", "ben", "cleo", "rita"] as const;
  const move = fc.oneof(
    fc.record({
      do: fc.constant("approve" as const),
      who: fc.constantFrom(...PEOPLE),
      role: fc.constantFrom("CTO", "Security"),
      old: fc.boolean(),
    }),
    fc.record({
      do: fc.constant("revise" as const),
      who: fc.constantFrom(...PEOPLE),
      minutes: fc.integer({ min: 0, max: 90 }),
      old: fc.boolean(),
    }),
    fc.record({ do: fc.constant("answer" as const), yes: fc.boolean() }),
    fc.record({
      do: fc.constant("vote" as const),
      who: fc.constantFrom(...PEOPLE),
      role: fc.constantFrom("CTO", "Security"),
    }),
    fc.record({ do: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 40 }) }),
  );

  it("what runs is what two others approved, and it runs on nothing else", () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 3, maxLength: 30 }), (moves) => {
        const poll = { at: "T-10 min", closes: "T", roles: ["CTO", "Security"] };
        const drive = new Drive(samplePlan({ poll }), EVE);
        drive.punctual = false;
        const digests = [drive.state.plan];
        const actor = (name: string) => person(name, "Release Manager", "CTO", "Security", "Ops");
        for (const one of moves) {
          const plan =
            one.do === "approve" || one.do === "revise"
              ? one.old
                ? (digests[0] ?? drive.state.plan)
                : drive.state.plan
              : drive.state.plan;
          const before = drive.state;
          switch (one.do) {
            case "approve":
              drive.ask(actor(one.who), { type: "Approve", role: one.role, plan });
              break;
            case "revise": {
              const start = fromMillis(
                toMillis("2025-06-04T02:00:00.000Z" as Instant) + one.minutes * 60_000,
              );
              const next = { ...drive.plan, start };
              const taken = drive.ask(actor(one.who), { type: "Revise", plan: next, from: plan }, "again");
              if (taken.ok) {
                expect(["gates", "ready"]).toContain(before.status);
                expect(plan).toBe(before.plan);
                expect(inForce(drive.state, drive.now)).toEqual([]);
                digests.push(drive.state.plan);
              }
              break;
            }
            case "answer":
              drive.ask(actor("ana"), {
                type: "AnswerCheck",
                check: "signed",
                answer: one.yes ? "yes" : "no",
              });
              break;
            case "vote":
              drive.ask(actor(one.who), { type: "Vote", role: one.role, vote: "go" });
              break;
            case "wait":
              drive.now = fromMillis(toMillis(drive.now) + one.minutes * 60_000);
              drive.visit();
              drive.settle();
          }
          const { state } = drive;
          const revisers = (state.revisions ?? []).map(({ by }) => by);
          const signed = inForce(state, drive.now);
          expect(signed.filter(({ by }) => revisers.includes(by) || by === state.requester)).toEqual([]);
          expect(signed.every((signature) => signature.plan === state.plan)).toBe(true);
          expect(state.plan).toBe(planDigest(drive.plan));
          expect(state.revision).toBe(1 + revisers.length);
          if (state.status === "ready") expect(gateBlockers(drive.plan, state, drive.now)).toEqual([]);
          if (before.startedAt === undefined && state.startedAt !== undefined) {
            expect(new Set(signed.map(({ by }) => by)).size).toBe(2);
          }
          if (before.startedAt !== undefined) expect(state.plan).toBe(before.plan);
          for (const vote of Object.values(state.poll?.votes ?? {}))
            expect(state.poll?.plan, vote.by).toBe(state.plan);
        }
        // What fell is told of, and only what stood.
        const given = drive.log.filter(({ event }) => event.type === "ApprovalGiven").length;
        const fallen = (drive.state.revisions ?? []).flatMap(({ voided }) => voided.approvals).length;
        expect(fallen + inForce(drive.state, drive.now).length).toBe(given);
      }),
      { numRuns: 150 },
    );
  });
});
