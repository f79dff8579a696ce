import { describe, expect, it } from "vitest";
import { ROLLOUT } from "../actor/schema.ts";
import { closedAt } from "../archive/state.ts";
import { hours } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { lintPlan } from "../plan/lint/index.ts";
import type { PlanInput } from "../plan/schema.ts";
import { govern } from "../policy/govern.ts";
import { Policy } from "../policy/schema.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-08-01T00:00:00.000Z" as Instant;
const DEVS = person("otto", "Ops");

const ACTS: NonNullable<PlanInput["closing"]> = [
  { id: "log", kind: "changelog", owner: "Ops", required: true },
  { id: "page", kind: "status-page", owner: "Ops", channel: "Status page", text: "All is well" },
  { id: "cr", kind: "ticket", owner: "Ops", channel: "Jira", required: true },
  { id: "load", kind: "load-test", owner: "Ops", within: "14 days" },
];

function closing(acts: PlanInput["closing"] = ACTS, more: Partial<PlanInput> = {}): Drive {
  return new Drive(samplePlan({ closing: acts, change: "CHG-7", ...more }), EVE);
}

function reviewed(drive: Drive): Drive {
  drive.openGates();
  drive.runUntil(({ status }) => status === "reviewing" || status === "validating", END);
  for (const { id } of drive.plan.validations)
    drive.person({ type: "RecordValidation", validation: id, pass: true, result: "well" });
  drive.visit();
  expect(drive.state.status).toBe("reviewing");
  return drive;
}

const sign = (drive: Drive) =>
  drive.person({ type: "SignReview", role: drive.plan.review.role, entries: {} });
const complete = (drive: Drive, obligation: string, evidence?: string) => {
  const wish = { type: "CompleteObligation", obligation, note: "done" } as const;
  const decision = drive.ask(DEVS, evidence === undefined ? wish : { ...wish, evidence });
  return decision.ok ? "taken" : decision.rejection.code;
};
const send = (drive: Drive, id: string, sent = true) =>
  drive.ask(ROLLOUT, {
    type: "RecordMessage",
    message: `closing:${id}`,
    sent,
    detail: sent ? "webhook" : "503",
  });
const view = (drive: Drive) => releaseView(drive.plan, drive.state, DEVS, drive.now);
const statuses = (drive: Drive) =>
  Object.fromEntries(view(drive).closing.map(({ id, status }) => [id, status]));

describe("the acts that close a release", () => {
  it("fall due at its end, and not before; load tests only where the architecture changes", () => {
    const drive = closing();
    expect(statuses(drive)).toEqual({ log: "planned", page: "planned", cr: "planned" });
    expect(complete(drive, "log", "https://x")).toBe("obligation.not-yet");
    reviewed(drive);
    expect(statuses(drive)).toEqual({ log: "open", page: "open", cr: "open" });
    expect(drive.state.obligations?.log?.due).toBe(plus(drive.state.review.openedAt ?? EVE, hours(24)));
    const changed = reviewed(closing(ACTS, { architectureChanged: true }));
    expect(statuses(changed).load).toBe("open");
    const unplanned = reviewed(closing([], { architectureChanged: true }));
    expect(view(unplanned).closing).toMatchObject([{ id: "load-test", kind: "load-test", status: "open" }]);
  });

  it("are done by a channel where there is one, and by a person with evidence otherwise", () => {
    const drive = reviewed(closing());
    expect(drive.state.messages["closing:page"]).toMatchObject({
      channel: "Status page",
      text: "All is well",
    });
    send(drive, "page");
    expect(view(drive).closing.find(({ id }) => id === "page")).toMatchObject({
      status: "done",
      evidence: "told by webhook",
    });
    const offered = view(drive).actions.find(
      ({ command }) => command.type === "CompleteObligation" && command.obligation === "log",
    );
    expect(offered).toMatchObject({ needsEvidence: true });
    expect(complete(drive, "log")).toBe("obligation.no-evidence");
    expect(complete(drive, "log", "https://git.example.com/CHANGELOG.md")).toBe("taken");
    expect(statuses(drive).log).toBe("done");
    expect(complete(drive, "page", "again")).toBe("obligation.completed");
  });

  it("are a person's where the channel could not", () => {
    const drive = reviewed(closing());
    send(drive, "page", false);
    expect(view(drive).closing.find(({ id }) => id === "page")).toMatchObject({
      status: "failed",
      detail: "503",
    });
    expect(complete(drive, "page", "https://status.example.com/7")).toBe("taken");
    expect(statuses(drive).page).toBe("done");
  });
});

describe("a release is closed", () => {
  it("only with its review and with what is required, in whichever order", () => {
    for (const isReviewFirst of [true, false]) {
      const drive = reviewed(closing());
      if (isReviewFirst) sign(drive);
      complete(drive, "log", "https://x");
      if (!isReviewFirst) sign(drive);
      expect(drive.state.status).toBe("reviewing");
      expect(view(drive).waitsFor.map(({ what }) => what)).toContain(
        "Close the change ticket, with the record attached: CHG-7 (the release is closed with it)",
      );
      send(drive, "cr");
      expect(drive.state.status).toBe("completed");
      expect(drive.log.at(-1)?.event.type).toBe("ReleaseCompleted");
    }
  });

  it("and its ticket last, with the record attached", () => {
    const drive = reviewed(closing());
    sign(drive);
    expect(drive.state.messages["closing:cr"]).toBeUndefined();
    const before = drive.log.length;
    complete(drive, "log", "https://x");
    const message = drive.state.messages["closing:cr"];
    expect(message?.text).toContain("CHG-7: REL-1, Sample, is rolled out");
    expect(message?.text).toContain(`number ${before}, ${drive.log[before - 1]?.digest}`);
    expect(message?.links?.map(({ path }) => path)).toContain("/v1/releases/REL-1/records");
    const last = drive.log.at(-1);
    send(drive, "cr");
    expect(view(drive).closing.find(({ id }) => id === "cr")?.record).toEqual({
      seq: last?.seq,
      digest: last?.digest,
    });
  });

  it("at once with its review where nothing is required", () => {
    const drive = reviewed(closing([{ id: "log", kind: "changelog", owner: "Ops" }]));
    sign(drive);
    expect(drive.state.status).toBe("completed");
    expect(complete(drive, "log", "https://x")).toBe("taken");
    expect(drive.log.filter(({ event }) => event.type === "ReleaseCompleted")).toHaveLength(1);
  });

  it("after a rollback too, and says what happened instead of the plan's words", () => {
    const drive = closing();
    drive.openGates();
    drive.runUntil(({ steps }) => steps.p1?.status === "watching", END);
    drive.person({ type: "Rollback" }, "it is slow");
    drive.runUntil(({ status }) => status === "rolled-back", END);
    expect(drive.state.messages["closing:page"]?.text).toContain("was rolled back in Production");
    sign(drive);
    expect(closedAt(drive.state)).toBeUndefined();
    complete(drive, "log", "https://x");
    send(drive, "cr");
    expect(closedAt(drive.state)).toBe(drive.now);
    expect(drive.state.status).toBe("rolled-back");
  });
});

describe("what a policy demands", () => {
  it("is filled in and cannot be made weaker", () => {
    const policy = Policy.parse({
      policy: 1,
      name: "Closed",
      environments: [
        {
          name: "*",
          all: { require: { closing: [{ id: "log", kind: "changelog", owner: "Ops", required: true }] } },
        },
      ],
    });
    const { plan } = govern(samplePlan(), policy);
    const { roles } = govern(samplePlan({ roles: [{ name: "CTO" }] }), policy).plan ?? { roles: [] };
    expect(roles.map(({ name }) => name)).toContain("Ops");
    expect(plan?.closing).toMatchObject([{ id: "log", required: true, within: "1d" }]);
    const other = govern(samplePlan({ closing: [{ id: "log", kind: "message", owner: "Ops" }] }), policy);
    expect(other.problems.map(({ code }) => code)).toContain("policy.require");
  });
});

describe("lint", () => {
  const codes = (acts: PlanInput["closing"], more: Partial<PlanInput> = {}) =>
    lintPlan(samplePlan({ closing: acts, ...more }))
      .filter(({ pointer = "" }) => pointer.startsWith("/closing"))
      .map(({ code }) => code);
  const base = { kind: "changelog", owner: "Ops" } as const;
  it.each<[string, PlanInput["closing"]]>([
    ["closing-time", [{ ...base, id: "log", within: "400 days" }]],
    ["closing-id", [{ ...base, id: "review" }]],
    ["closing-id", [{ ...base, id: "action-1" }]],
    ["closing-load-test", [{ id: "load", kind: "load-test", owner: "Ops" }]],
    [
      "duplicate-id",
      [
        { ...base, id: "log" },
        { ...base, id: "log" },
      ],
    ],
    ["unknown-role", [{ ...base, id: "log", owner: "Nobody" }]],
    ["unknown-channel", [{ ...base, id: "log", channel: "Pigeon" }]],
  ])("says %s", (code, acts) => {
    expect(codes(acts).some((one) => one.endsWith(code))).toBe(true);
  });
  it("says nothing of acts that fit", () => {
    expect(codes([{ ...base, id: "log" }], { architectureChanged: true })).toEqual([]);
  });
});
