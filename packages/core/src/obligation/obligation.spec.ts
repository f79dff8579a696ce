import { describe, expect, it } from "vitest";
import { CLOCK } from "../actor/schema.ts";
import { days, hours, minutes } from "../kit/duration.ts";
import { fromMillis, type Instant, minus, plus, toMillis } from "../kit/instant.ts";
import { planDigest } from "../plan/digest.ts";
import type { PlanInput } from "../plan/schema.ts";
import type { ReleaseEvent } from "../release/events.ts";
import { nextVisit } from "../release/tick.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";
import { blockingIn, blockingNow, openIn } from "./state.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-12-31T00:00:00.000Z" as Instant;

type Rule = NonNullable<PlanInput["obligations"]>[number];
const MERGE: Rule = {
  id: "merge-back",
  what: "Merge the hotfix back to main",
  role: "Ops",
  within: "24 h",
  blocks: true,
};

function reviewing(obligations?: Rule[]): Drive {
  const drive = new Drive(samplePlan(obligations === undefined ? {} : { obligations }), EVE);
  drive.openGates();
  drive.runUntil(({ status }) => status === "reviewing", END);
  return drive;
}

function rolledBack(obligations?: Rule[]): Drive {
  const drive = new Drive(samplePlan(obligations === undefined ? {} : { obligations }), EVE);
  drive.openGates();
  drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
  drive.person({ type: "Rollback" }, "it is bad");
  drive.settle();
  return drive;
}

/** Lets the clock visit as often as it asks to, for so long. Returns how often it did. */
function pass(drive: Drive, until: Instant): number {
  for (let visits = 0; ; visits++) {
    const next = nextVisit(drive.plan, drive.state, drive.now);
    if (next === undefined || next > until || visits > 500) {
      drive.now = until;
      return visits;
    }
    drive.now = next;
    drive.visit();
    for (const [message, { status }] of Object.entries(drive.state.messages)) {
      if (status === "due") drive.ask(CLOCK, { type: "RecordMessage", message, sent: true, detail: "sent" });
    }
  }
}

function events<T extends ReleaseEvent["type"]>(drive: Drive, type: T): Extract<ReleaseEvent, { type: T }>[] {
  return drive.log.flatMap(({ event }) =>
    event.type === type ? [event as Extract<ReleaseEvent, { type: T }>] : [],
  );
}

/** Signed, closed, and so in the archive: of that the clock has nothing more to do. */
const sign = (drive: Drive) => {
  const signed = drive.person({ type: "SignReview", role: "Release Manager", entries: {} });
  drive.ask(CLOCK, { type: "RecordArchive", files: [], seq: drive.log.length });
  return signed;
};

describe("what is owed, and from when", () => {
  it("a plan without obligations has the digest that it always had", () => {
    const { obligations: _, ...without } = samplePlan({ obligations: [MERGE] });
    expect(planDigest(without)).toBe(planDigest(samplePlan()));
  });

  it("a release that was rolled out owes its review and what its plan says, from that moment", () => {
    const drive = reviewing([MERGE]);
    const opened = drive.state.review.openedAt ?? EVE;
    expect(openIn(drive.state).map(({ id, due, blocks }) => ({ id, due, blocks }))).toEqual([
      { id: "merge-back", due: plus(opened, hours(24)), blocks: true },
      { id: "review", due: plus(opened, days(7)), blocks: false },
    ]);
  });

  it("one that was rolled back owes its postmortem within two days, and no review besides", () => {
    const drive = rolledBack();
    expect(drive.state.status).toBe("rolled-back");
    expect(openIn(drive.state).map(({ id }) => id)).toEqual(["postmortem"]);
    expect(drive.state.obligations?.postmortem?.due).toBe(drive.state.incident?.postmortemDue);
    const incident = () => releaseView(drive.plan, drive.state, person("x"), drive.now).incident;
    expect(incident()).not.toHaveProperty("postmortemAt");
    sign(drive);
    expect(incident()).toMatchObject({ postmortemAt: drive.now });
  });

  it("the plan of an emergency change makes that a day, and lets it hold up the next release", () => {
    const drive = rolledBack([{ ...MERGE, id: "postmortem", what: "Look back", from: "rollback" }]);
    const ended = drive.state.endedAt ?? EVE;
    expect(drive.state.incident?.postmortemDue).toBe(plus(ended, hours(24)));
    expect(blockingIn(drive.state).map(({ id }) => id)).toEqual(["postmortem"]);
  });

  it("an emergency change that names nothing owes a postmortem, the merge and an answer within a day", () => {
    const hotfix = { changeClass: "emergency" as const, hotfix: { severity: "SEV-1" as const } };
    const drive = new Drive(samplePlan(hotfix), EVE);
    drive.openGates();
    drive.runUntil(({ status }) => status === "reviewing", END);
    const day = plus(drive.state.review.openedAt ?? EVE, hours(24));
    expect(openIn(drive.state).map(({ id, blocks, due }) => [id, blocks, due <= day])).toEqual([
      ["merge-back", true, true],
      ["postmortem", "overdue", true],
      ["why-not-caught", "overdue", true],
      ["review", false, false],
    ]);
  });

  it("one that blocks once it is overdue holds nothing up before its time", () => {
    const drive = reviewing([{ ...MERGE, blocks: "overdue" }]);
    const due = plus(drive.state.review.openedAt ?? EVE, hours(24));
    const before = minus(due, minutes(1));
    expect(blockingIn(drive.state).map(({ id }) => id)).toEqual(["merge-back"]);
    expect([before, due].map((now) => blockingNow(drive.state, now).length)).toEqual([0, 1]);
    const always = reviewing([MERGE]);
    expect(blockingNow(always.state, before)).toHaveLength(1);
  });

  it("one that is owed from the start is owed while it runs; one for a rollback only after one", () => {
    const rules: Rule[] = [
      { ...MERGE, id: "early", from: "start" },
      { ...MERGE, id: "why", from: "rollback" },
    ];
    expect(Object.keys(reviewing(rules).state.obligations ?? {})).toEqual(["early", "review"]);
    expect(Object.keys(rolledBack(rules).state.obligations ?? {})).toEqual(["early", "postmortem", "why"]);
  });

  it("a second rollback of the same release does not ask for the same again", () => {
    const drive = rolledBack([{ ...MERGE, from: "rollback" }]);
    const again = drive.log.length;
    drive.ask(CLOCK, { type: "EndRollback", targets: [] });
    expect(drive.log.length).toBe(again);
    expect(events(drive, "ObligationCreated")).toHaveLength(2);
  });
});

describe("completing", () => {
  const complete = (drive: Drive, roles: string[], wish: { obligation?: string; note?: string } = {}) =>
    drive.ask(person(roles.join(), ...roles), {
      type: "CompleteObligation",
      obligation: "merge-back",
      note: "merged in !7",
      ...wish,
    });

  const REFUSED: [string, (drive: Drive) => unknown, string][] = [
    ["by the wrong role", (drive) => complete(drive, ["Security"]), "obligation.not-your-role"],
    ["by nobody of the release", (drive) => complete(drive, ["Cook"]), "obligation.not-your-role"],
    [
      "of what is not owed",
      (drive) => complete(drive, ["Ops"], { obligation: "dishes" }),
      "obligation.unknown",
    ],
    [
      "of the review without a signature",
      (drive) => complete(drive, ["Release Manager"], { obligation: "review" }),
      "obligation.by-review",
    ],
    [
      "without saying what was done",
      (drive) => drive.ask(person("o", "Ops"), { type: "CompleteObligation", obligation: "merge-back" }),
      "obligation.no-proof",
    ],
    [
      "twice",
      (drive) => {
        expect(complete(drive, ["Ops"])).toMatchObject({ ok: true });
        return complete(drive, ["Ops"]);
      },
      "obligation.completed",
    ],
  ];
  it.each(REFUSED)("%s is refused", (_, ask, code) => {
    expect(ask(reviewing([MERGE]))).toMatchObject({ ok: false, rejection: { code } });
  });

  it("before it is owed is refused as that", () => {
    const drive = new Drive(samplePlan({ obligations: [MERGE] }), EVE);
    expect(complete(drive, ["Ops"])).toMatchObject({ rejection: { code: "obligation.not-yet" } });
  });

  it("by its role holds, with who, when, how and how late", () => {
    const drive = reviewing([MERGE]);
    pass(drive, plus(drive.now, hours(30)));
    expect(complete(drive, ["Ops"])).toMatchObject({ ok: true });
    expect(drive.state.obligations?.["merge-back"]).toMatchObject({
      completedAt: drive.now,
      note: "merged in !7",
    });
    expect(events(drive, "ObligationCompleted")).toMatchObject([{ late: "6h" }]);
    expect(blockingIn(drive.state)).toEqual([]);
  });

  it("the review's signature completes the review, and the postmortem of what was rolled back", () => {
    for (const [drive, id] of [
      [reviewing(), "review"],
      [rolledBack(), "postmortem"],
    ] as const) {
      expect(sign(drive)).toMatchObject({ ok: true });
      expect(drive.state.obligations?.[id]?.completedAt).toBe(drive.now);
      expect(sign(drive)).toMatchObject({ ok: false, rejection: { code: "review.signed" } });
      expect(events(drive, "ObligationCompleted")).toHaveLength(1);
    }
  });
});

describe("after the end (S10)", () => {
  it("an obligation is reminded of once and announced once, and then the clock is done with it", () => {
    const drive = reviewing([MERGE]);
    sign(drive);
    expect(drive.state.status).toBe("completed");
    const ended = drive.now;
    const visits = pass(drive, plus(ended, days(300)));
    expect(events(drive, "ObligationReminded")).toHaveLength(1);
    expect(events(drive, "ObligationOverdue")).toEqual([
      { type: "ObligationOverdue", obligation: "merge-back", role: "Ops" },
    ]);
    const told = events(drive, "MessageDue").filter(({ message }) => message.includes("merge-back"));
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^REL-1: Ops: due 2025-.*Merge the hotfix back to main$/),
      expect.stringMatching(/^REL-1: Ops: overdue since .*; no other release of its components starts/),
    ]);
    expect(visits).toBeLessThan(12);
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBeUndefined();
  });

  it("visits that come after it is completed say nothing more", () => {
    const drive = reviewing([MERGE]);
    drive.person({ type: "CompleteObligation", obligation: "merge-back", evidence: "https://git/7" });
    sign(drive);
    pass(drive, plus(drive.now, days(30)));
    expect(events(drive, "ObligationOverdue")).toEqual([]);
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBeUndefined();
  });

  it("a review that nobody holds has a consequence: it is asked for again, and overdue", () => {
    const drive = reviewing();
    drive.punctual = false;
    pass(drive, plus(drive.now, days(10)));
    expect(drive.state.status).toBe("reviewing");
    expect(events(drive, "ObligationReminded")).toMatchObject([{ obligation: "review" }]);
    expect(events(drive, "ObligationOverdue")).toMatchObject([{ obligation: "review" }]);
    const view = releaseView(drive.plan, drive.state, person("m", "Release Manager"), drive.now);
    expect(view.obligations).toMatchObject([{ id: "review", open: true, overdue: true }]);
    expect(view.waitsFor).toMatchObject([{ what: "The review", by: drive.state.obligations?.review?.due }]);
  });

  it("an observation of what has ended moves nothing", () => {
    const drive = rolledBack();
    const before = structuredClone(drive.state.components);
    drive.now = fromMillis(toMillis(drive.now) + 86_400_000 * 40);
    drive.world.redden("Api5xx", drive.now);
    drive.world.tamper("api", { primary: "9", share: 0 });
    drive.visit();
    expect(drive.state.components).toEqual(before);
    expect(drive.state.status).toBe("rolled-back");
    expect(events(drive, "RollbackStarted")).toHaveLength(1);
  });

  it("what is owed is waited for, by its role, in the view of an ended release", () => {
    const drive = rolledBack();
    const view = releaseView(drive.plan, drive.state, person("m", "Release Manager"), drive.now);
    expect(view.waitsFor).toMatchObject([
      { who: ["Release Manager"], by: drive.state.incident?.postmortemDue },
    ]);
    expect(view.review.open).toBe(true);
    expect(view.actions.map(({ label }) => label)).toContain("Sign the review");
  });
});
