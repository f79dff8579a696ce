import { describe, expect, it } from "vitest";
import { personId, ROLLOUT } from "../actor/schema.ts";
import { days } from "../kit/duration.ts";
import { type Instant, minus, plus } from "../kit/instant.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import type { ReviewAnswers } from "./answers.ts";
import { breachesOf, metricsMet, passCriteria, passes } from "./criteria.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-12-31T00:00:00.000Z" as Instant;
const MANAGER = person("maya", "Release Manager");

function reviewing(given: (drive: Drive) => void = () => {}): Drive {
  const drive = new Drive(samplePlan(), EVE);
  drive.openGates();
  given(drive);
  drive.runUntil(({ status }) => status === "reviewing", END);
  return drive;
}

const sign = (drive: Drive, answers?: ReviewAnswers) =>
  drive.ask(MANAGER, {
    type: "SignReview",
    role: "Release Manager",
    entries: {},
    ...(answers === undefined ? {} : { answers }),
  });

const metOf = (drive: Drive) =>
  Object.fromEntries(passCriteria(drive.plan, drive.state).map(({ criterion, met }) => [criterion, met]));

const archive = (drive: Drive) =>
  drive.ask(ROLLOUT, { type: "RecordArchive", files: [], seq: drive.log.length });

describe("the pass criteria", () => {
  it("cannot be said before the end", () => {
    const drive = new Drive(samplePlan(), EVE);
    expect(new Set(Object.values(metOf(drive)))).toEqual(new Set([undefined]));
  });

  it("hold where all phases were executed in their thresholds, nothing went back and the review is signed", () => {
    const drive = reviewing();
    expect(metOf(drive)).toEqual({ phases: true, metrics: true, "no-rollback": true, review: false });
    sign(drive);
    const signed = { phases: true, metrics: true, "no-rollback": true, review: undefined };
    expect(metOf(drive)).toEqual(signed);
    expect(passes(passCriteria(drive.plan, drive.state))).toBeUndefined();
    archive(drive);
    expect(metOf(drive)).toEqual({ ...signed, review: true });
    expect(passes(passCriteria(drive.plan, drive.state))).toBe(true);
    expect(metricsMet(drive.plan, drive.state).map(({ met }) => met)).toEqual([true, true]);
  });

  it("do not hold for metrics where a phase was promoted by hand, and say which", () => {
    const drive = reviewing((one) => {
      one.runUntil(({ steps }) => steps.p1?.status === "watching", END);
      one.person({ type: "Promote", step: "p1" });
    });
    expect(metOf(drive)).toMatchObject({ metrics: false, phases: true });
    expect(breachesOf(drive.plan, drive.state)).toEqual(["p1 was promoted by hand"]);
  });

  it("do not hold for phases where one was skipped", () => {
    const drive = reviewing((one) => {
      one.runUntil(({ steps }) => steps.p1?.status === "watching", END);
      one.person({ type: "Skip", step: "p4" });
    });
    expect(passCriteria(drive.plan, drive.state)[0]).toMatchObject({ met: false, why: "not p4" });
  });

  it("do not hold after a rollback, whatever else does", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.openGates();
    drive.runUntil(({ steps }) => steps.p1?.status === "watching", END);
    drive.signal({ name: "Api5xx" });
    drive.settle();
    expect(drive.state.status).toBe("rolled-back");
    expect(metOf(drive)).toEqual({ phases: false, metrics: false, "no-rollback": false, review: false });
    expect(breachesOf(drive.plan, drive.state)[0]).toMatch(/^t5xx fired: /);
    // Its targets are free while its review is still to come.
    expect(sign(drive)).toMatchObject({ ok: true });
    archive(drive);
    expect(metOf(drive).review).toBe(true);
    expect(passes(passCriteria(drive.plan, drive.state))).toBe(false);
  });
});

describe("what the review says", () => {
  const maya = personId("attendee", "Maya Okafor");
  const action = (due: Instant) => ({
    id: "probes",
    what: "Probe the checkout",
    role: "QA",
    due,
    blocks: false,
  });

  it("is gathered bit by bit, and what is said again takes the place of what was said", () => {
    const drive = reviewing();
    drive.ask(MANAGER, {
      type: "SaveReview",
      entries: {},
      answers: { heldOn: "2025-06-06", lessons: ["one"] },
    });
    drive.ask(MANAGER, { type: "SaveReview", entries: {}, answers: { lessons: ["two"], attendees: [maya] } });
    expect(drive.state.review.answers).toEqual({ heldOn: "2025-06-06", lessons: ["two"], attendees: [maya] });
  });

  it("makes obligations of its actions at the signature, which even a role that the plan does not know owes", () => {
    const drive = reviewing();
    const due = plus(drive.now, days(14));
    drive.ask(MANAGER, { type: "SaveReview", entries: {}, answers: { actions: [action(due)] } });
    expect(drive.state.obligations?.["action-probes"]).toBeUndefined();
    sign(drive);
    expect(drive.state.status).toBe("completed");
    expect(drive.state.obligations?.["action-probes"]).toMatchObject({
      role: "QA",
      due,
      what: "Probe the checkout",
    });
    const done = { type: "CompleteObligation", obligation: "action-probes", evidence: "https://x" } as const;
    expect(drive.ask(person("q", "QA"), done)).toMatchObject({ ok: true });
  });

  const WRONG: [string, (drive: Drive) => ReviewAnswers, string][] = [
    ["a name in place of an id", () => ({ attendees: ["Maya Okafor"] }), "review.attendee"],
    [
      "an action that is due already",
      (d) => ({ actions: [action(minus(d.now, days(1)))] }),
      "review.action-past",
    ],
    [
      "two actions of one id",
      (d) => ({ actions: [action(plus(d.now, days(1))), action(plus(d.now, days(2)))] }),
      "review.action-twice",
    ],
  ];
  it.each(WRONG)("%s is refused, and nothing is recorded", (_, answers, code) => {
    const drive = reviewing();
    const before = drive.log.length;
    expect(sign(drive, answers(drive))).toMatchObject({ ok: false, rejection: { code } });
    expect(drive.log).toHaveLength(before);
  });

  it("is signed once", () => {
    const drive = reviewing();
    expect(sign(drive)).toMatchObject({ ok: true });
    expect(sign(drive)).toMatchObject({ ok: false, rejection: { code: "review.signed" } });
  });
});
