import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { personId } from "../actor/schema.ts";
import { EMPTY_CALENDAR } from "../calendar/state.ts";
import { lintPlan } from "../plan/lint/index.ts";
import { planDigest } from "../plan/read.ts";
import type { Plan, PlanInput } from "../plan/schema.ts";
import { samplePlan } from "../testing/plans.ts";
import { policyProblems } from "./check.ts";
import { decidePolicy } from "./decide.ts";
import { runsIntoFreeze } from "./frozen.ts";
import { govern, policyDigest } from "./govern.ts";
import { readPolicy } from "./read.ts";
import { Policy, type PolicyInput } from "./schema.ts";
import { NO_POLICY } from "./state.ts";
import { writePolicy } from "./write.ts";

type Demanded = PolicyInput["environments"][number]["all"];

function policyOf(all: Demanded, more: Partial<PolicyInput["environments"][number]> = {}): Policy {
  return Policy.parse({ policy: 1, name: "Test", environments: [{ name: "Production", all, ...more }] });
}

function example(name: string): Policy {
  const file = new URL(`../../../../examples/policies/${name}.yaml`, import.meta.url);
  const { policy, problems } = readPolicy(readFileSync(file, "utf8"), name);
  expect(problems).toEqual([]);
  if (policy === undefined) throw new Error(`${name} cannot be read`);
  return policy;
}

/** The plan as it is approved. Throws with what is refused. */
function governed(change: Partial<PlanInput>, policy: Policy, around = {}): Plan {
  const { plan, problems } = govern(samplePlan(change), policy, around);
  if (plan === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return plan;
}

describe("what a plan leaves out", () => {
  it("is filled in: approvals, checks, votes, times, what is owed, and the roles for them", () => {
    const policy = policyOf({
      approvals: [{ role: "Governance Sentinel" }],
      expires: "24 h",
      checks: [{ id: "backup", check: "A backup was taken", role: "DBA" }],
      poll: { roles: ["Deployment Lead"] },
      maxDuration: "2 days",
      bake: "30 min",
      obligations: [{ id: "merge", what: "Merge it", role: "Ops", within: "24 h" }],
    });
    const plan = governed({}, policy);
    expect(plan.approvals).toEqual([
      { role: "CTO", expires: "1d" },
      { role: "Security", expires: "1d" },
      { role: "Governance Sentinel", expires: "1d" },
    ]);
    expect(plan.checklist.map(({ id }) => id)).toEqual(["signed", "backup"]);
    expect(plan.poll).toEqual({ at: "T-15m", closes: "T", roles: ["Deployment Lead"] });
    expect(plan.limits).toMatchObject({ maxDuration: "2d", bake: "30m" });
    expect(plan.obligations).toMatchObject([{ id: "merge", within: "1d" }]);
    expect(plan.roles.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["Governance Sentinel", "DBA", "Deployment Lead"]),
    );
    const codes = lintPlan(plan).filter(({ severity }) => severity === "error");
    expect(codes).toEqual([]);
  });

  it("changes its digest, and it is that which is approved", () => {
    const plan = samplePlan();
    expect(planDigest(governed({}, policyOf({})))).toBe(planDigest(plan));
    expect(planDigest(governed({}, policyOf({ bake: "30 min" })))).not.toBe(planDigest(plan));
  });

  it("is filled in by any part of a plan that a policy writes down", () => {
    const policy = policyOf({
      require: {
        onRed: { choice: "fix-forward", reason: "it is always the fix" },
        review: { role: "Service Owner" },
        channels: [{ name: "War room", purpose: "The release", owner: "Ops" }],
        metrics: [{ id: "errors", minCount: 500 }],
        limits: { decideWithin: "10 min" },
      },
    });
    const plan = governed({}, policy);
    expect(plan.onRed).toMatchObject({ choice: "fix-forward" });
    expect(plan.review.role).toBe("Service Owner");
    expect(plan.channels.map(({ name }) => name)).toEqual(["Slack #ops", "War room"]);
    expect(plan.metrics).toHaveLength(2);
    expect(plan.metrics[0]).toMatchObject({ id: "errors", threshold: "< 1 %", minCount: 500 });
    expect(plan.limits.decideWithin).toBe("10m");
  });
});

describe("what is weaker", () => {
  const cases: [string, Demanded, Partial<PlanInput>, string, string][] = [
    [
      "fewer signatures",
      { approvals: [{ role: "CTO", count: 3 }] },
      { approvals: [{ role: "CTO", count: 2 }] },
      "policy.approval-count",
      "/approvals/0/count",
    ],
    [
      "signatures that hold for longer",
      { expires: "24 h" },
      { approvals: [{ role: "CTO", expires: "3 days" }] },
      "policy.approval-expires",
      "/approvals/0/expires",
    ],
    [
      "somebody else in a role's place",
      { approvals: [{ role: "CTO" }] },
      { approvals: [{ role: "CTO", or: "Ops" }] },
      "policy.approval-or",
      "/approvals/0/or",
    ],
    [
      "a check for another role",
      { checks: [{ id: "signed", check: "Signed", role: "Security" }] },
      {},
      "policy.check-role",
      "/checklist/0/role",
    ],
    [
      "abstention",
      { poll: { roles: ["CTO"] } },
      { poll: { roles: ["CTO"], abstain: true } },
      "policy.poll-abstain",
      "/poll/abstain",
    ],
    [
      "a longer release",
      { maxDuration: "2 days" },
      { limits: { maxDuration: "3 days" } },
      "policy.limit",
      "/limits/maxDuration",
    ],
    ["a shorter bake", { bake: "1 h" }, { limits: { bake: "5 min" } }, "policy.limit", "/limits/bake"],
    ["a shorter watch", { watch: "20 min" }, {}, "policy.watch", "/steps/1/watch"],
    ["no authors", { authors: true }, {}, "policy.authors", "/authors"],
    [
      "a later obligation",
      { obligations: [{ id: "pm", what: "Postmortem", role: "Ops", within: "24 h" }] },
      { obligations: [{ id: "pm", what: "Postmortem", role: "Ops", within: "3 days" }] },
      "policy.obligation-within",
      "/obligations/0/within",
    ],
    [
      "another value of any part",
      { require: { onRed: { choice: "block" } } },
      { onRed: { choice: "override", reason: "never mind" } },
      "policy.require",
      "/onRed/choice",
    ],
    [
      "an environment that the policy does not know",
      {},
      { environment: "Elsewhere" },
      "policy.unknown-environment",
      "/environment",
    ],
  ];
  it.each(cases)("is refused with its place and what to write: %s", (_, all, change, code, pointer) => {
    const { plan, problems } = govern(samplePlan(change), policyOf(all));
    expect(plan).toBeUndefined();
    expect(problems[0]).toMatchObject({ code, pointer, severity: "error" });
    expect(problems[0]?.fix).toMatch(/\w/);
  });

  it("is not what is only stricter", () => {
    const policy = policyOf({ approvals: [{ role: "CTO" }], expires: "24 h", bake: "10 min" });
    const change: Partial<PlanInput> = {
      approvals: [{ role: "CTO", count: 2, expires: "2 h" }, { role: "Security" }],
      limits: { bake: "3 h" },
    };
    expect(governed(change, policy).approvals).toEqual([
      { role: "CTO", count: 2, expires: "2h" },
      { role: "Security", expires: "1d" },
    ]);
  });
});

describe("classes of change", () => {
  const policy = example("default");
  const signers = (change: Partial<PlanInput>, isFrozen = false) =>
    governed({ approvals: [], ...change }, policy, { isFrozen }).approvals.map(
      ({ role, or = [], count = 1 }) =>
        [[role, ...or].join(" or "), ...(count > 1 ? [count] : [])].join(" x "),
    );
  const hotfix = { severity: "SEV-1" as const, targetedTests: ["critical_path"] };

  it("ask for what is theirs", () => {
    expect(signers({})).toEqual(["Governance Sentinel", "Service Owner"]);
    expect(signers({ changeClass: "elevated" })).toEqual([
      "Governance Sentinel",
      "Service Owner",
      "CAB or Release Manager",
    ]);
    expect(signers({}, true)).toEqual(["Governance Sentinel", "Service Owner", "CAB or Release Manager"]);
    expect(signers({ changeClass: "emergency", hotfix })).toEqual(["Governance Board x 2"]);
    expect(signers({ changeClass: "emergency", hotfix }, true)).toEqual(["Governance Board x 2"]);
  });

  it("a hotfix soaks, names its tests, is watched, and owes what it skipped", () => {
    const plan = governed({ changeClass: "emergency", hotfix }, policy);
    const ids = plan.checklist.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["hotfix-tests", "hotfix-soak", "on-call-watching"]));
    expect(plan.hotfix?.soak).toBe("15m");
    expect(plan.limits.bake).toBe("1h");
    expect(plan.obligations?.map(({ id, within }) => `${id} ${within}`)).toEqual([
      "merge-back 1d",
      "postmortem 1d",
      "why-not-caught 1d",
    ]);
  });

  const bad: [string, Partial<PlanInput>, string][] = [
    ["that does not say which fault", { changeClass: "emergency" }, "policy.hotfix"],
    [
      "of a small fault",
      { changeClass: "emergency", hotfix: { ...hotfix, severity: "SEV-2" } },
      "policy.hotfix-severity",
    ],
    [
      "that names no tests",
      { changeClass: "emergency", hotfix: { severity: "SEV-1" } },
      "policy.hotfix-tests",
    ],
    [
      "with too short a soak",
      { changeClass: "emergency", hotfix: { ...hotfix, soak: "5 min" } },
      "policy.hotfix-soak",
    ],
    [
      "before another board",
      { changeClass: "emergency", hotfix: { ...hotfix, board: "My friends" } },
      "policy.hotfix-board",
    ],
  ];
  it.each(bad)("refuse a hotfix %s", (_, change, code) => {
    expect(govern(samplePlan(change), policy).problems.map((one) => one.code)).toContain(code);
  });
});

describe("governing", () => {
  it("again changes nothing: what is governed is governed", () => {
    const policies = [example("default"), policyOf({ expires: "2 h", watch: "1 min", bake: "5 min" })];
    const changes: fc.Arbitrary<Partial<PlanInput>> = fc.record(
      {
        changeClass: fc.constantFrom("standard" as const, "elevated" as const),
        approvals: fc.uniqueArray(
          fc.record({
            role: fc.constantFrom("CTO", "Service Owner", "CAB"),
            count: fc.integer({ min: 1, max: 3 }),
          }),
          { selector: ({ role }) => role, maxLength: 3 },
        ),
        limits: fc.record({ bake: fc.constantFrom("0 s", "30 min", "2 h") }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.constantFrom(...policies), changes, fc.boolean(), (policy, change, isFrozen) => {
        const once = govern(samplePlan(change), policy, { isFrozen });
        if (once.plan === undefined) return expect(once.problems.length).toBeGreaterThan(0);
        const twice = govern(once.plan, policy, { isFrozen });
        expect(twice.problems).toEqual([]);
        expect(twice.plan).toEqual(once.plan);
      }),
      { numRuns: 100 },
    );
  });

  it("counts the people that the policy lists, without requester and authors", () => {
    const people = [
      { id: "ana", roles: ["CTO"] },
      { id: "ben", roles: ["Security"] },
    ];
    const policy: Policy = { ...policyOf({}), people };
    const codes = (change: Partial<PlanInput>, requester?: string) =>
      govern(samplePlan(change), policy, { requester }).problems.map(({ code }) => code);
    expect(codes({})).toEqual([]);
    expect(codes({}, "ana")).toEqual(["policy.approvals-unsatisfiable"]);
    expect(codes({ authors: ["ben"] })).toEqual(["policy.approvals-unsatisfiable"]);
  });

  it("sees a freeze that falls into the plan's time", () => {
    const freeze = { name: "Launch", from: "2025-06-04T03:00:00Z", to: "2025-06-04T05:00:00Z" };
    expect(runsIntoFreeze(samplePlan(), EMPTY_CALENDAR)).toBe(false);
    expect(runsIntoFreeze(samplePlan({ freezes: [freeze] }), EMPTY_CALENDAR)).toBe(true);
  });
});

describe("a policy", () => {
  it.each(["default", "strict"])("comes as an example that can be satisfied and written back: %s", (name) => {
    const policy = example(name);
    const { policy: again, problems } = readPolicy(writePolicy(policy));
    expect(problems).toEqual([]);
    expect(again === undefined ? undefined : policyDigest(again)).toBe(policyDigest(policy));
  });

  const bad: [string, Policy, string][] = [
    [
      "more signatures than people",
      {
        ...policyOf({ approvals: [{ role: "Governance Board", count: 2 }] }),
        people: [{ id: "ana", roles: ["Governance Board"] }],
      },
      "policy.approvals-unsatisfiable",
    ],
    [
      "an order in a circle",
      policyOf({
        approvals: [
          { role: "A", after: "B" },
          { role: "B", after: "A" },
        ],
      }),
      "policy.approval-circle",
    ],
    [
      "an order after nobody",
      policyOf({ approvals: [{ role: "A", after: "B" }] }),
      "policy.approval-after-nobody",
    ],
    [
      "a hotfix that one person lets through",
      policyOf({}, { emergency: { approvals: [{ role: "Governance Board" }], hotfix: {} } }),
      "policy.hotfix-quorum",
    ],
    [
      "a part of a plan that there is none of",
      policyOf({ require: { colour: "blue" } }),
      "policy.unknown-field",
    ],
    [
      "a part of a plan that is not one",
      policyOf({ require: { limits: { bake: "a while" } } }),
      "policy.invalid",
    ],
  ];
  it.each(bad)("that cannot be satisfied is refused when it is written: %s", (_, policy, code) => {
    expect(policyProblems(policy).map((one) => one.code)).toContain(code);
    const governance = { kind: "person" as const, id: "g", roles: ["Governance"] };
    const decision = decidePolicy(
      NO_POLICY,
      { actor: governance, reason: "why" },
      { type: "SetPolicy", policy },
    );
    expect(decision).toMatchObject({ ok: false, rejection: { code: "policy.unsatisfiable" } });
  });

  it("names the line that is wrong", () => {
    const text = "policy: 1\nname: Bad\nenvironments:\n  - name: Production\n    all: { bake: soon }\n";
    expect(readPolicy(text).problems[0]).toMatchObject({
      code: "policy.invalid",
      place: { file: "policy.yaml", line: 5 },
    });
  });

  it("is for Governance, with a reason, and the same one again changes nothing", () => {
    const policy = policyOf({ bake: "5 min" });
    const ask = (roles: string[], reason?: string, state = NO_POLICY) => {
      const actor = { kind: "person" as const, id: personId("test", "g"), roles };
      const decision = decidePolicy(state, { actor, reason }, { type: "SetPolicy", policy });
      return decision.ok ? decision.events.length : decision.rejection.code;
    };
    expect(ask(["Release Manager"], "why")).toBe("policy.not-your-role");
    expect(ask(["Governance"])).toBe("policy.no-reason");
    expect(ask(["Governance"], "why")).toBe(1);
    const current = { digest: policyDigest(policy), policy };
    expect(ask(["Governance"], "why", { ...NO_POLICY, current })).toBe(0);
  });
});
