import { describe, expect, it } from "vitest";
import { gateBlockers } from "../gate/decide.ts";
import type { Check } from "../gate/schema.ts";
import { hours, minutes } from "../kit/duration.ts";
import { fromMillis, type Instant, plus, toMillis } from "../kit/instant.ts";
import { planDigest } from "../plan/digest.ts";
import { readPlan } from "../plan/read.ts";
import type { PlanInput } from "../plan/schema.ts";
import { writePlan } from "../plan/write.ts";
import type { ReleaseEvent } from "../release/events.ts";
import { nextVisit } from "../release/tick.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { actionsFor } from "../view/actions.ts";
import { releaseView } from "../view/release.ts";
import { lookAtAge } from "./age.ts";
import { dueProbes, freshFor, probedChecks } from "./due.ts";
import { no, unknown, yes } from "./look.ts";
import type { Look } from "./port.ts";

/** T is at 02:00 on the 4th; the first row is due half an hour before. */
const DAYS_BEFORE = "2025-06-02T01:00:00.000Z" as Instant;
const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const HEALTH = { kind: "http", url: "https://shop.example.com/health?token=5ecret" } as const;
const WELL = yes("shop.example.com", "it answered 200", { value: "200" });
const ILL = no("shop.example.com", "it answered 503", { value: "503" });

type CheckInput = NonNullable<PlanInput["checklist"]>[number];

function begun(change: Partial<CheckInput> = {}, at: Instant = EVE): Drive {
  const healthy = { id: "healthy", check: "The shop is well", role: "Ops", probe: HEALTH, ...change };
  return new Drive(samplePlan({ checklist: [healthy] }), at);
}

function look(drive: Drive, answer: Look = WELL, check = "healthy"): void {
  drive.ask({ kind: "clock" }, { type: "RecordChecks", answers: [{ check, ...answer }] });
}

const types = (drive: Drive): ReleaseEvent["type"][] => drive.log.map(({ event }) => event.type);
const blockers = (drive: Drive) => gateBlockers(drive.plan, drive.state, drive.now);

function codeOf(drive: Drive, who: ReturnType<typeof person>, check = "healthy"): string {
  const decision = drive.ask(who, { type: "OverrideCheck", check }, "we know why");
  return decision.ok ? "taken" : decision.rejection.code;
}

describe("a plan with a probe", () => {
  it("is written and read as the same plan", () => {
    const { plan } = begun({ within: "10 min", override: "two-people" });
    expect(planDigest(readPlan(writePlan(plan)).plan ?? plan)).toBe(planDigest(plan));
    expect(writePlan(plan)).toContain("kind: http");
  });

  it.each([
    [{ kind: "http", url: "https://a.example", pointer: "/status" }, "equals"],
    [{ kind: "http", url: "file:///etc/passwd" }, "URL"],
    [{ kind: "tls", host: "https://a.example" }, "host"],
    [{ kind: "guess" }, "kind"],
  ])("%j is refused", (probe, why) => {
    const text = `gonogo: 1\nid: R\ntitle: R\nstart: 2025-06-04T02:00:00Z\nchecklist: [{ id: c, check: C, role: Ops, probe: ${JSON.stringify(probe)} }]\n`;
    const { plan, problems } = readPlan(text);
    expect(plan).toBeUndefined();
    expect(JSON.stringify(problems.filter(({ pointer }) => pointer?.startsWith("/checklist")))).toMatch(
      new RegExp(why, "i"),
    );
  });
});

describe("a check that a probe answers", () => {
  it("keeps the gates closed until its probe says yes, and then opens them by itself", () => {
    const drive = begun();
    drive.openGates();
    expect(drive.state.status).toBe("gates");
    expect(blockers(drive)).toEqual(['"The shop is well" has not been looked at yet']);
    look(drive, ILL);
    expect(blockers(drive)).toEqual(['"The shop is well" does not hold: it answered 503']);
    look(drive);
    expect(drive.state.status).toBe("ready");
  });

  it("cannot be ticked by people, whatever its probe said", () => {
    const drive = begun();
    for (const answer of [undefined, ILL, unknown("shop", "no answer within 10 s"), WELL]) {
      if (answer !== undefined) look(drive, answer);
      const decision = drive.person({ type: "AnswerCheck", check: "healthy", answer: "yes" });
      expect(decision).toMatchObject({ ok: false, rejection: { code: "check.answered-by-probe" } });
    }
    drive.now = plus(drive.now, hours(1));
    expect(drive.person({ type: "AnswerCheck", check: "healthy", answer: "yes" })).toMatchObject({
      ok: false,
    });
    expect(blockers(drive).join()).toContain("it is looked at again");
  });

  it("a person's No goes before a probe's yes, and can be taken back", () => {
    const drive = begun();
    drive.openGates();
    look(drive);
    expect(drive.state.status).toBe("ready");
    drive.person({ type: "AnswerCheck", check: "healthy", answer: "no" });
    expect(drive.state.status).toBe("gates");
    look(drive);
    expect(drive.state.status).toBe("gates");
    drive.person({ type: "AnswerCheck", check: "healthy", answer: "yes" });
    expect(drive.state.status).toBe("ready");
  });

  it("that flips between approval and T closes the gates, tells people, and clears by itself", () => {
    const drive = begun({}, DAYS_BEFORE);
    drive.openGates();
    look(drive);
    expect(drive.state.status).toBe("ready");
    drive.now = plus(drive.now, hours(4));
    look(drive, ILL);
    expect(drive.state.status).toBe("gates");
    expect(drive.state.messages[`auto:checks-${drive.now}:Slack #ops`]?.text).toContain("it answered 503");
    const { waitsFor } = releaseView(drive.plan, drive.state, person("x", "Ops"), drive.now);
    expect(waitsFor.map(({ what, who }) => [what, who])).toContainEqual([
      '"The shop is well" does not hold: it answered 503',
      ["Ops"],
    ]);
    drive.now = plus(drive.now, minutes(10));
    look(drive);
    expect(drive.state.status).toBe("ready");
    expect(drive.state.approvals.CTO?.[0]?.verdict).toBe("given");
  });

  it("whose answer has grown too old blocks a release that was ready", () => {
    const drive = begun({ within: "10 min" });
    drive.openGates();
    look(drive);
    drive.now = plus(drive.now, minutes(9));
    drive.visit();
    expect(drive.state.status).toBe("ready");
    drive.now = plus(drive.now, minutes(1));
    drive.visit();
    expect(drive.state.status).toBe("gates");
    expect(types(drive).at(-1)).toBe("GatesClosed");
  });

  it("is not fresh enough at the start unless it was looked at just then", () => {
    const drive = begun();
    drive.openGates();
    look(drive);
    drive.now = drive.at(-30);
    const start = () => drive.runUntil(({ startedAt }) => startedAt !== undefined, drive.at(-30));
    // Half an hour ago: the answer is too old, and the gates close.
    expect(start()).toBe(false);
    look(drive, yes("shop.example.com", "it answered 200"));
    drive.now = plus(drive.now, minutes(6));
    expect(drive.state.status).toBe("ready");
    drive.settle();
    expect(drive.state.startHeld.join()).toContain("has to be looked at within 5 min of the start");
    look(drive);
    drive.settle();
    expect(drive.state.startedAt).toBeDefined();
  });

  it("holds the first shift when it fails after the start, and lets it go on when it is well", () => {
    const drive = begun();
    drive.openGates();
    drive.now = drive.at(-30);
    look(drive);
    drive.settle();
    expect(drive.state.status).toBe("running");
    drive.now = drive.at(0);
    look(drive, ILL);
    drive.settle();
    expect(drive.state.steps.p1?.status).toBe("held");
    expect(drive.state.steps.p1?.heldWhy).toContain("it answered 503");
    look(drive);
    drive.visit();
    drive.settle();
    expect(drive.state.steps.p1?.status).toBe("watching");
  });

  it("stands as it was once something has been shifted", () => {
    const drive = begun();
    drive.openGates();
    drive.now = drive.at(-30);
    look(drive);
    drive.settle();
    drive.now = drive.at(-1);
    look(drive);
    drive.now = drive.at(0);
    drive.settle();
    expect(drive.state.steps.p1?.status).toBe("watching");
    const before = drive.log.length;
    drive.now = drive.at(300);
    look(drive, ILL);
    expect(drive.log.length).toBe(before);
    expect(dueProbes(drive.plan, drive.state, drive.now)).toEqual([]);
    expect(blockers(drive)).toEqual([]);
  });

  it("keeps queries of addresses out of what people see", () => {
    const drive = begun();
    look(drive);
    const view = releaseView(drive.plan, drive.state, person("x", "Ops"), drive.now);
    expect(view.checklist[0]?.probe).toMatchObject({
      kind: "http",
      looksAt: "shop.example.com/health answers 200",
      answer: "yes",
      age: "0s",
    });
    expect(JSON.stringify(view)).not.toContain("5ecret");
    expect(JSON.stringify(drive.log)).not.toContain("5ecret");
  });

  it("is asked after an unknown check no more than after none", () => {
    const drive = begun();
    const before = drive.log.length;
    look(drive, WELL, "nonsense");
    expect(drive.log.length).toBe(before);
  });
});

describe("when probes are asked", () => {
  it("at once, half-way to the end of a yes, and soon after a no", () => {
    const drive = begun({}, EVE);
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBe(plus(EVE, "1s" as never));
    look(drive, ILL);
    expect(dueProbes(drive.plan, drive.state, drive.now)).toHaveLength(1);
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBe(plus(EVE, minutes(2)));
    look(drive);
    expect(dueProbes(drive.plan, drive.state, drive.now)).toHaveLength(0);
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBe(plus(EVE, minutes(5)));
  });

  it("seldom long before the start, and never more seldom than the plan says", () => {
    for (const [within, expected] of [
      [undefined, "6h"],
      ["10 min", "10m"],
    ] as const) {
      const drive = begun(within === undefined ? {} : { within }, DAYS_BEFORE);
      const [check] = probedChecks(drive.plan);
      expect(check && freshFor(drive.plan, drive.state, check, drive.now)).toBe(expected);
    }
  });

  it("a no that stays the same is written down once, a yes each time", () => {
    const drive = begun();
    for (let i = 0; i < 5; i++) look(drive, ILL);
    expect(types(drive).filter((type) => type === "CheckProbed")).toHaveLength(1);
    look(drive, no("shop.example.com", "it answered 500", { value: "500" }));
    look(drive);
    look(drive);
    expect(types(drive).filter((type) => type === "CheckProbed")).toHaveLength(4);
  });

  it("an answer counts no longer than its evidence", () => {
    const drive = begun();
    const until = plus(EVE, minutes(3));
    look(drive, yes("backup", "23 h 57 min old", { until }));
    expect(drive.state.probes?.healthy?.expires).toBe(until);
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBe(fromMillis(toMillis(EVE) + 90_000));
    drive.now = until;
    look(drive, yes("backup", "24 h old", { until }));
    expect(drive.state.probes?.healthy?.answer).toBe("no");
  });
});

describe("a person's answer that expires", () => {
  const uat: Partial<CheckInput> = { check: "Accepted by users", within: "7 days" };
  const person7 = (at: Instant) => {
    const { probe: _, ...check } = { id: "uat", role: "Ops", ...uat, probe: HEALTH } as Check & {
      probe: unknown;
    };
    return new Drive(samplePlan({ checklist: [check as never] }), at);
  };

  it("holds for seven days and not a minute longer, and can be given again", () => {
    const drive = person7("2025-05-28T00:30:00.000Z" as Instant);
    drive.openGates();
    expect(drive.state.status).toBe("ready");
    const end = plus(drive.now, hours(7 * 24));
    drive.now = fromMillis(toMillis(end) - 60_000);
    drive.visit();
    expect(drive.state.status).toBe("ready");
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBe(end);
    drive.now = end;
    drive.visit();
    expect(drive.state.status).toBe("gates");
    expect(blockers(drive)).toEqual([
      `Ops's answer to "Accepted by users" is older than 7 days: it has to be given again`,
    ]);
    const offered = actionsFor(drive.plan, drive.state, person("x", "Ops"), drive.now);
    expect(offered.map(({ label }) => label)).toContain("Yes: Accepted by users");
    drive.person({ type: "AnswerCheck", check: "uat", answer: "yes" });
    expect(drive.state.status).toBe("ready");
  });

  it("is asked for again in the last quarter of its time, and not before", () => {
    const drive = person7("2025-05-28T00:30:00.000Z" as Instant);
    drive.openGates();
    const given = drive.now;
    const isAskedAfter = (hoursLater: number) => {
      const offered = actionsFor(drive.plan, drive.state, person("x", "Ops"), plus(given, hours(hoursLater)));
      return offered.some(({ label }) => label === "Yes: Accepted by users");
    };
    expect([0, 125, 126, 200].map(isAskedAfter)).toEqual([false, false, true, true]);
  });
});

describe("stepping over a probe", () => {
  const failing = () => {
    const drive = begun({ override: "two-people" });
    drive.openGates();
    look(drive, ILL);
    return drive;
  };

  it("takes two people with a reason each, and ends with the probe's next yes", () => {
    const drive = failing();
    expect(codeOf(drive, person("a", "Ops"))).toBe("taken");
    expect(drive.state.status).toBe("gates");
    expect(codeOf(drive, person("a", "Ops"))).toBe("check.counted-twice");
    expect(codeOf(drive, person("b", "CTO"))).toBe("taken");
    expect(drive.state.status).toBe("ready");
    expect(drive.state.overrides?.healthy).toMatchObject({ reason: "we know why" });
    look(drive, no("shop.example.com", "it answered 500", { value: "500" }));
    expect(drive.state.status).toBe("ready");
    look(drive);
    look(drive, ILL);
    expect(drive.state.status).toBe("gates");
  });

  it("starts without the probe having been looked at", () => {
    const drive = failing();
    codeOf(drive, person("a", "Ops"));
    codeOf(drive, person("b", "CTO"));
    drive.now = drive.at(-30);
    drive.settle();
    expect(drive.state.status).toBe("running");
  });

  const refused: [string, (drive: Drive) => string, string][] = [
    ["whoever submitted it", (d) => codeOf(d, person("requester", "Release Manager")), "check.own-release"],
    ["somebody without a part in it", (d) => codeOf(d, person("a", "Mobile Lead")), "check.not-your-role"],
    ["a tool", (d) => codeOf(d, { kind: "tool", id: "ci", roles: ["Ops"] }), "check.not-a-person"],
    ["an unknown check", (d) => codeOf(d, person("a", "Ops"), "other"), "check.no-probe"],
    [
      "what holds",
      (d) => {
        look(d);
        return codeOf(d, person("a", "Ops"));
      },
      "check.nothing-to-override",
    ],
  ];
  it.each(refused)("is refused to %s", (_, attempt, code) => expect(attempt(failing())).toBe(code));

  it("is refused where the plan does not allow it, and without a reason", () => {
    const drive = begun();
    look(drive, ILL);
    expect(codeOf(drive, person("a", "Ops"))).toBe("check.no-override");
    const wish = { type: "OverrideCheck", check: "healthy" } as const;
    expect(failing().ask(person("a", "Ops"), wish, " ")).toMatchObject({
      rejection: { code: "command.no-reason" },
    });
  });
});

describe("the age of evidence", () => {
  const now = "2025-06-04T12:00:00.000Z" as Instant;
  it.each([
    ["2025-06-03T12:00:00.000Z", "yes", "exactly a day"],
    ["2025-06-03T11:59:00.000Z", "no", "a day and a minute"],
    ["2025-06-04T12:04:00.000Z", "yes", "a clock that is four minutes ahead"],
    ["2025-06-04T12:06:00.000Z", "unknown", "a clock that is six minutes ahead"],
  ])("%s: %s (%s)", (at, answer) => {
    expect(lookAtAge("x", "the backup", { at: at as Instant, within: hours(24), now }).answer).toBe(answer);
  });
});
