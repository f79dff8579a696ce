import { canBeSatisfied } from "@gonogo/core/authority/authority";
import { digestOf } from "@gonogo/core/kit/digest";
import type { Instant } from "@gonogo/core/kit/instant";
import { lintPlan } from "@gonogo/core/plan/lint/index";
import { Drive, person } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shortPlan } from "./plans.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-07-30T00:00:00.000Z" as Instant;

function begin(): Drive {
  return new Drive(samplePlan(), EVE);
}

function codeOf(decision: ReturnType<Drive["ask"]>): string | undefined {
  return decision.ok ? undefined : decision.rejection.code;
}

describe("S7 two people", () => {
  it("whoever submitted it approves nothing of it, whatever roles they hold", () => {
    const drive = begin();
    const requester = person("requester", "Release Manager", "CTO", "Security");
    for (const role of ["CTO", "Security"]) {
      const decision = drive.ask(requester, { type: "Approve", role, plan: drive.state.plan });
      expect(codeOf(decision)).toBe("approval.own-release");
    }
  });

  it("one person counts once, whichever of their roles they give", () => {
    const drive = begin();
    const both = person("both", "CTO", "Security");
    expect(codeOf(drive.ask(both, { type: "Approve", role: "CTO", plan: drive.state.plan }))).toBeUndefined();
    const second = drive.ask(both, { type: "Approve", role: "Security", plan: drive.state.plan });
    expect(codeOf(second)).toBe("approval.counted-twice");
    expect(drive.state.status).toBe("gates");
  });

  it("an approval is of one plan's digest, by someone who holds the role", () => {
    const drive = begin();
    const other = { type: "Approve", role: "CTO", plan: digestOf("another plan") } as const;
    expect(codeOf(drive.ask(person("cto", "CTO"), other))).toBe("approval.other-plan");
    const asOps = drive.ask(person("ops", "Ops"), { type: "Approve", role: "CTO", plan: drive.state.plan });
    expect(codeOf(asOps)).toBe("approval.not-your-role");
    const tool = { kind: "tool", id: "ci", roles: ["CTO"] } as const;
    const byTool = drive.ask(
      { ...tool, roles: [...tool.roles] },
      { type: "Approve", role: "CTO", plan: drive.state.plan },
    );
    expect(codeOf(byTool)).toBe("approval.not-a-person");
  });

  it("declining wins over approving until it is withdrawn by who declined", () => {
    const drive = begin();
    drive.ask(person("a", "CTO"), { type: "Decline", role: "CTO", plan: drive.state.plan }, "not yet");
    const approve = { type: "Approve", role: "CTO", plan: drive.state.plan } as const;
    expect(codeOf(drive.ask(person("b", "CTO"), approve))).toBe("approval.declined");
    const notTheirs = drive.ask(person("b", "CTO"), { type: "WithdrawApproval", role: "CTO" }, "let me");
    expect(codeOf(notTheirs)).toBe("approval.not-yours");
    drive.ask(person("a", "CTO"), { type: "WithdrawApproval", role: "CTO" }, "now it is well");
    expect(codeOf(drive.ask(person("b", "CTO"), approve))).toBeUndefined();
  });

  it("an approval that is withdrawn closes the gates, and one withdrawn before the first shift stops that", () => {
    const drive = begin();
    drive.openGates();
    expect(drive.state.status).toBe("ready");
    drive.ask(person("approver-CTO", "CTO"), { type: "WithdrawApproval", role: "CTO" }, "I was wrong");
    expect(drive.state.status).toBe("gates");
    drive.openGates();
    drive.runUntil(({ startedAt }) => startedAt !== undefined, END);
    drive.ask(person("approver-CTO", "CTO"), { type: "WithdrawApproval", role: "CTO" }, "I was wrong");
    drive.runUntil(() => drive.state.steps.p1?.status !== undefined, END);
    expect(drive.state.steps.p1).toMatchObject({ status: "held", heldFrom: "waiting" });
    expect(drive.world.read("api", drive.now).share).toBe(0);
    // Once something was shifted it has been used.
    const other = begin();
    other.openGates();
    other.runUntil(() => other.state.steps.p1?.status === "watching", END);
    const late = other.ask(person("approver-CTO", "CTO"), { type: "WithdrawApproval", role: "CTO" }, "late");
    expect(codeOf(late)).toBe("approval.used");
  });

  it("a fix forward over a red alarm needs two people, an override its reason", () => {
    const red = (change: Parameters<typeof samplePlan>[0]) => {
      const drive = new Drive(samplePlan(change), EVE);
      drive.world.redden("Api5xx", EVE);
      drive.openGates();
      drive.runUntil(({ startedAt, startHeld }) => startedAt !== undefined || startHeld.length > 0, END);
      return drive;
    };
    const fix = { choice: "fix-forward", reason: "this is the fix" } as const;
    expect(red({ onRed: fix }).state.startedAt).toBeDefined();
    const alone = red({ onRed: fix, approvals: [{ role: "CTO" }] });
    expect(alone.state.startHeld[0]).toContain("needs the approval of two people, it has 1");
    expect(red({ onRed: { choice: "override", reason: "it is a false alarm" } }).state.red).toEqual([
      "Api5xx",
    ]);
    expect(() => samplePlan({ onRed: { choice: "override", reason: "" } })).toThrow("reason");
  });

  it("a policy that nobody can satisfy is refused when it is written", () => {
    const one = ["Ana"];
    const plan = shortPlan({
      roles: [{ name: "CTO", people: one }, { name: "Security", people: one }, { name: "Ops" }],
    });
    expect(lintPlan(plan).map(({ code }) => code)).toContain("plan.approvals-unsatisfiable");
  });

  it("finds a choice of people whenever there is one (against trying every choice)", () => {
    const roles = ["a", "b", "c"];
    const people = fc.array(fc.subarray(roles), { maxLength: 5 });
    fc.assert(
      fc.property(people, fc.boolean(), (held, withRequester) => {
        const all = held.map((mine, index) => ({ id: `p${index}`, roles: mine }));
        const requester = withRequester ? "p0" : undefined;
        const found = canBeSatisfied(roles, all, requester).ok;
        const free = all.filter(({ id }) => id !== requester);
        const exists = free.some((x) =>
          free.some((y) =>
            free.some(
              (z) =>
                new Set([x, y, z]).size === 3 &&
                x.roles.includes("a") &&
                y.roles.includes("b") &&
                z.roles.includes("c"),
            ),
          ),
        );
        expect(found).toBe(exists);
      }),
      { numRuns: 300 },
    );
  });
});
