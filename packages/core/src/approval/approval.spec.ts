import { describe, expect, it } from "vitest";
import type { Actor } from "../actor/schema.ts";
import { personId } from "../actor/schema.ts";
import { isApprovedHotfix } from "../hotfix/approved.ts";
import { fromMillis, type Instant, toMillis } from "../kit/instant.ts";
import { lintPlan } from "../plan/lint/index.ts";
import { planDigest } from "../plan/read.ts";
import type { PlanInput } from "../plan/schema.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";

const EVE = "2025-06-03T01:00:00.000Z" as Instant;
const END = "2025-07-30T00:00:00.000Z" as Instant;

function begin(approvals: PlanInput["approvals"], more: Partial<PlanInput> = {}): Drive {
  const roles = ["Release Manager", "Ops", "CTO", "Security", "CAB", "Governance Board", "Mobile Lead"];
  return new Drive(
    samplePlan({ approvals, checklist: [], roles: roles.map((name) => ({ name })), ...more }),
    EVE,
  );
}

function later(drive: Drive, minutes: number): void {
  drive.now = fromMillis(toMillis(drive.now) + minutes * 60_000);
}

function codeOf(decision: ReturnType<Drive["ask"]>): string {
  return decision.ok ? "taken" : decision.rejection.code;
}

function approve(drive: Drive, who: Actor, role: string, plan = drive.state.plan): string {
  return codeOf(drive.ask(who, { type: "Approve", role, plan }));
}

function decline(drive: Drive, who: Actor, role: string): string {
  return codeOf(drive.ask(who, { type: "Decline", role, plan: drive.state.plan }, "not yet"));
}

function lend(drive: Drive, from: Actor, role: string, to: string, minutes: number): string {
  const until = fromMillis(toMillis(drive.now) + minutes * 60_000);
  return codeOf(drive.ask(from, { type: "Delegate", role, to: personId("test", to), until }, "in the air"));
}

describe("a quorum", () => {
  it("is of different people: the same one again, under whichever role, is refused", () => {
    const drive = begin([{ role: "Governance Board", count: 2 }]);
    const ana = person("ana", "Governance Board", "CTO");
    expect(approve(drive, ana, "Governance Board")).toBe("taken");
    expect(drive.state.status).toBe("gates");
    expect(approve(drive, ana, "Governance Board")).toBe("approval.already-given");
    expect(drive.state.status).toBe("gates");
    expect(approve(drive, person("ben", "Governance Board"), "Governance Board")).toBe("taken");
    expect(drive.state.status).toBe("ready");
    expect(approve(drive, person("cleo", "Governance Board"), "Governance Board")).toBe(
      "approval.already-given",
    );
  });

  it("says how many have signed, and who is waited for", () => {
    const drive = begin([{ role: "CAB", or: "Release Manager", count: 2 }]);
    approve(drive, person("ana", "CAB"), "CAB");
    const view = releaseView(drive.plan, drive.state, person("ben", "Release Manager"), drive.now);
    expect(view.waitsFor).toContainEqual({
      what: "Approval: 1 of 2",
      who: ["CAB", "Release Manager"],
      urgent: false,
    });
    expect(view.approvals[0]).toMatchObject({ role: "CAB", or: ["Release Manager"], needed: 2, given: 1 });
    expect(view.actions.map(({ label }) => label)).toContain("Approve as CAB");
  });

  it("takes a role that may sign in another's place, and says which it was", () => {
    const drive = begin([{ role: "CAB", or: ["Release Manager"] }]);
    expect(approve(drive, person("ben", "Release Manager"), "Release Manager")).toBe("taken");
    expect(drive.state.approvals.CAB).toMatchObject([{ as: "Release Manager" }]);
    expect(drive.state.status).toBe("ready");
  });
});

describe("the order of approvals", () => {
  it("is kept: who signs after another role cannot sign before it", () => {
    const drive = begin([{ role: "CTO" }, { role: "Security", after: "CTO" }]);
    const sec = person("sec", "Security");
    expect(approve(drive, sec, "Security")).toBe("approval.too-early");
    approve(drive, person("cto", "CTO"), "CTO");
    expect(approve(drive, sec, "Security")).toBe("taken");
    expect(drive.state.status).toBe("ready");
  });

  it("what rested on a signature falls with it", () => {
    const drive = begin([
      { role: "CTO" },
      { role: "Security", after: "CTO" },
      { role: "CAB", after: "Security" },
    ]);
    approve(drive, person("cto", "CTO"), "CTO");
    approve(drive, person("sec", "Security"), "Security");
    approve(drive, person("cab", "CAB"), "CAB");
    expect(drive.state.status).toBe("ready");
    drive.ask(person("cto", "CTO"), { type: "WithdrawApproval", role: "CTO" }, "a finding");
    expect(drive.state.approvals).toEqual({});
    expect(drive.state.status).toBe("gates");
    approve(drive, person("cto", "CTO"), "CTO");
    expect(drive.state.status).toBe("gates");
  });
});

describe("an approval that expires", () => {
  it("closes the gates again, with the reason, and has to be given anew", () => {
    const drive = begin([{ role: "CTO", expires: "3 h" }]);
    approve(drive, person("cto", "CTO"), "CTO");
    expect(drive.state.status).toBe("ready");
    drive.runUntil(({ status }) => status === "gates", END);
    expect(drive.now).toBe(fromMillis(toMillis(EVE) + 3 * 3_600_000));
    expect(drive.log.at(-1)?.event).toMatchObject({
      type: "GatesClosed",
      why: "the approval of CTO has expired",
    });
    expect(drive.state.approvals.CTO).toMatchObject([{ verdict: "expired" }]);
    expect(approve(drive, person("cto", "CTO"), "CTO")).toBe("taken");
    expect(drive.state.status).toBe("ready");
  });

  it("is asked again at the start, and before the first shift", () => {
    const drive = begin([{ role: "CTO", expires: "24 h 50 min" }]);
    approve(drive, person("cto", "CTO"), "CTO");
    drive.punctual = false;
    // The first row begins twenty minutes before it expires, and is done after it has.
    drive.runUntil(({ startedAt }) => startedAt !== undefined, END);
    drive.now = drive.at(-1);
    drive.person({ type: "CompleteStep", step: "freeze", ok: true });
    drive.now = drive.at(0);
    expect(drive.now > fromMillis(toMillis(EVE) + 24 * 3_600_000 + 50 * 60_000)).toBe(true);
    drive.settle();
    expect(drive.state.steps.p1).toMatchObject({ status: "held", heldFrom: "waiting" });
    expect(drive.world.read("api", drive.now).share).toBe(0);
    expect(approve(drive, person("cto", "CTO"), "CTO")).toBe("taken");
    drive.visit();
    drive.settle();
    expect(drive.state.steps.p1?.status).toBe("watching");
  });

  it("is not started on at the very moment that it runs out", () => {
    const drive = begin([{ role: "CTO", expires: "24 h 30 min" }]);
    approve(drive, person("cto", "CTO"), "CTO");
    drive.now = fromMillis(toMillis(EVE) + 24.5 * 3_600_000);
    expect(drive.now).toBe(drive.at(-30));
    drive.settle();
    expect(drive.state.startedAt).toBeUndefined();
    expect(drive.state.status).toBe("gates");
  });

  it("once spent stays spent, whatever a slower clock says", () => {
    const drive = begin([{ role: "CTO", expires: "3 h" }]);
    approve(drive, person("cto", "CTO"), "CTO");
    later(drive, 180);
    drive.visit();
    expect(drive.state.status).toBe("gates");
    later(drive, -2);
    drive.visit();
    expect(drive.state.status).toBe("gates");
  });

  it("once used does not run out: what was shifted stays approved", () => {
    const drive = begin([{ role: "CTO", expires: "26 h" }]);
    approve(drive, person("cto", "CTO"), "CTO");
    drive.runUntil(({ status }) => status === "reviewing", END);
    expect(drive.state.status).toBe("reviewing");
    expect(drive.log.some(({ event }) => event.type === "ApprovalExpired")).toBe(false);
  });
});

describe("declining", () => {
  it.each(["approve first", "decline first"])("wins at the same instant: %s", (order) => {
    const drive = begin([{ role: "CTO" }]);
    const asks = [
      () => approve(drive, person("a", "CTO"), "CTO"),
      () => decline(drive, person("b", "CTO"), "CTO"),
    ];
    for (const ask of order === "approve first" ? asks : asks.toReversed()) ask();
    expect(drive.state.status).toBe("gates");
    expect(drive.state.approvals.CTO?.map(({ verdict }) => verdict)).toEqual(["declined"]);
    drive.ask(person("b", "CTO"), { type: "WithdrawApproval", role: "CTO" }, "well now");
    expect(drive.state.approvals.CTO).toBeUndefined();
    expect(approve(drive, person("a", "CTO"), "CTO")).toBe("taken");
    expect(drive.state.status).toBe("ready");
  });

  it("stops a release that has started and shifted nothing", () => {
    const drive = begin([{ role: "CTO" }]);
    approve(drive, person("cto", "CTO"), "CTO");
    drive.runUntil(({ startedAt }) => startedAt !== undefined, END);
    expect(decline(drive, person("b", "CTO"), "CTO")).toBe("taken");
    drive.runUntil(() => drive.state.steps.p1?.status === "held", END);
    expect(drive.world.read("api", drive.now).share).toBe(0);
  });
});

describe("a delegation", () => {
  const cto = person("cto", "CTO");
  const deputy = person("deputy");

  it("lets somebody sign in another's place, once for both of them", () => {
    const drive = begin([{ role: "CTO" }, { role: "Security" }]);
    expect(approve(drive, deputy, "CTO")).toBe("command.no-role");
    expect(lend(drive, cto, "CTO", "deputy", 60)).toBe("taken");
    expect(approve(drive, deputy, "CTO")).toBe("taken");
    expect(drive.state.approvals.CTO).toMatchObject([
      { by: personId("test", "deputy"), for: personId("test", "cto") },
    ]);
    const both = person("cto", "CTO", "Security");
    expect(approve(drive, both, "Security")).toBe("approval.counted-twice");
    expect(approve(drive, person("deputy", "Security"), "Security")).toBe("approval.counted-twice");
  });

  it("makes no second voice of one person in a quorum", () => {
    const drive = begin([{ role: "Governance Board", count: 2 }]);
    const ana = person("ana", "Governance Board");
    approve(drive, ana, "Governance Board");
    expect(lend(drive, ana, "Governance Board", "deputy", 60)).toBe("taken");
    expect(approve(drive, deputy, "Governance Board")).toBe("approval.counted-twice");
    expect(drive.state.status).toBe("gates");
  });

  it("is over at its end, and when it is ended", () => {
    const drive = begin([{ role: "CTO" }]);
    lend(drive, cto, "CTO", "deputy", 60);
    later(drive, 60);
    expect(approve(drive, deputy, "CTO")).toBe("command.no-role");
    lend(drive, cto, "CTO", "deputy", 60);
    expect(codeOf(drive.ask(cto, { type: "EndDelegation", role: "CTO" }))).toBe("taken");
    expect(approve(drive, deputy, "CTO")).toBe("command.no-role");
    expect(drive.log.filter(({ event }) => event.type === "RoleDelegated")).toHaveLength(2);
  });

  const refused: [string, (drive: Drive) => string, string][] = [
    [
      "on to a third",
      (drive) => {
        lend(drive, cto, "CTO", "deputy", 60);
        return lend(drive, person("deputy", "Ops"), "CTO", "third", 60);
      },
      "delegation.not-your-role",
    ],
    ["to the requester", (drive) => lend(drive, cto, "CTO", "requester", 60), "delegation.partial"],
    ["to an author", (drive) => lend(drive, cto, "CTO", "author", 60), "delegation.partial"],
    [
      "by the requester",
      (drive) => lend(drive, person("requester", "CTO"), "CTO", "deputy", 60),
      "delegation.partial",
    ],
    ["to oneself", (drive) => lend(drive, cto, "CTO", "cto", 60), "delegation.to-self"],
    ["into the past", (drive) => lend(drive, cto, "CTO", "deputy", 0), "delegation.over"],
    [
      "of a role that nobody is asked for",
      (drive) => lend(drive, person("o", "Ops"), "Ops", "deputy", 60),
      "delegation.unknown-role",
    ],
    [
      "by a tool",
      (drive) => lend(drive, { kind: "tool", id: "ci", roles: ["CTO"] }, "CTO", "deputy", 60),
      "delegation.not-a-person",
    ],
  ];
  it.each(refused)("is refused %s", (_, attempt, code) => {
    const authors = [personId("test", "author")];
    expect(attempt(begin([{ role: "CTO" }], { authors }))).toBe(code);
  });

  it("is good for signing and voting, and steers nothing", () => {
    const drive = begin([{ role: "CTO" }]);
    lend(drive, cto, "CTO", "deputy", 60);
    expect(codeOf(drive.ask(deputy, { type: "Pause" }, "because"))).toBe("command.no-role");
    expect(codeOf(drive.ask(deputy, { type: "Rollback" }, "because"))).toBe("command.no-role");
  });

  it("is seen by everybody who looks", () => {
    const drive = begin([{ role: "CTO" }]);
    lend(drive, cto, "CTO", "deputy", 60);
    const seen = () => releaseView(drive.plan, drive.state, cto, drive.now).delegations;
    expect(seen()).toMatchObject([{ role: "CTO", over: false, reason: "in the air" }]);
    later(drive, 60);
    expect(seen()).toMatchObject([{ over: true }]);
  });
});

describe("whoever wrote it", () => {
  it("approves nothing of it, whatever role they hold", () => {
    const drive = begin([{ role: "CTO" }], { authors: [personId("test", "author")] });
    expect(approve(drive, person("author", "CTO"), "CTO")).toBe("approval.author");
  });
});

describe("a hotfix", () => {
  const hotfix: Partial<PlanInput> = { changeClass: "emergency", hotfix: { severity: "SEV-1" } };
  const board: PlanInput["approvals"] = [{ role: "Governance Board", count: 2 }];

  it("is let through by any two of the board, while their approvals hold", () => {
    const drive = begin([{ role: "Governance Board", count: 2, expires: "2 h" }], hotfix);
    const isLet = () => isApprovedHotfix(drive.plan, drive.state, drive.now);
    approve(drive, person("a", "Governance Board"), "Governance Board");
    expect(isLet()).toBe(false);
    approve(drive, person("b", "Governance Board"), "Governance Board");
    expect(isLet()).toBe(true);
    later(drive, 120);
    expect(isLet()).toBe(false);
  });

  it.each([
    ["SEV-2", { changeClass: "emergency", hotfix: { severity: "SEV-2" } }],
    ["no hotfix", { changeClass: "emergency" }],
    ["an elevated change", { changeClass: "elevated" }],
  ] as const)("with %s it is no exception", (_, change) => {
    const drive = begin(board, change);
    for (const name of ["a", "b"]) approve(drive, person(name, "Governance Board"), "Governance Board");
    expect(drive.state.status).toBe("ready");
    expect(isApprovedHotfix(drive.plan, drive.state, drive.now)).toBe(false);
  });

  it("is not let through by those who sign in the board's place", () => {
    const drive = begin([{ role: "Governance Board", or: "CTO", count: 2 }], hotfix);
    approve(drive, person("a", "Governance Board"), "Governance Board");
    approve(drive, person("b", "CTO"), "CTO");
    expect(drive.state.status).toBe("ready");
    expect(isApprovedHotfix(drive.plan, drive.state, drive.now)).toBe(false);
  });
});

describe("a plan whose approvals cannot be", () => {
  const named = (people: Record<string, string[]>) =>
    Object.entries(people).map(([name, of]) => ({ name, people: of }));
  const cases: [string, Partial<PlanInput>, string][] = [
    [
      "more signatures than people",
      {
        roles: named({ Ops: [], "Mobile Lead": [], CTO: ["Ana"] }),
        approvals: [{ role: "CTO", count: 2 }],
      },
      "plan.approvals-unsatisfiable",
    ],
    [
      "an author as the only holder",
      {
        roles: named({ Ops: [], "Mobile Lead": [], CTO: ["Ana"] }),
        approvals: [{ role: "CTO" }],
        authors: ["Ana"],
      },
      "plan.approvals-unsatisfiable",
    ],
  ];
  it.each(cases)("is told so: %s", (_, change, code) => {
    expect(lintPlan(samplePlan(change)).map((one) => one.code)).toContain(code);
  });

  it("is told so where the only holder is who submits it", () => {
    const plan = samplePlan({ approvals: [{ role: "CTO" }] });
    const around = { people: [{ id: "me", roles: ["CTO"] }], requester: "me" };
    const codes = lintPlan(plan, undefined, around).map((one) => one.code);
    expect(codes).toContain("plan.approvals-unsatisfiable");
  });
});

it("a plan that uses none of this has the digest that it always had", () => {
  expect(planDigest(samplePlan())).toBe(
    "sha256:2c8f288d1e2756a7a37bf049eabe38146f652c741fffbd17e981fadbc8221f58",
  );
});
