import { describe, expect, it } from "vitest";
import { CLOCK } from "../actor/schema.ts";
import { minutes } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { planDigest } from "../plan/digest.ts";
import { nextVisit } from "../release/tick.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { quotaProblems, unreadQuotas } from "./problems.ts";
import type { LambdaQuota, QuotaAnswer, SeenQuota } from "./schema.ts";

const EVE = "2025-06-03T01:00:00.000Z" as Instant;
const BEFORE = "2025-06-03T23:00:00.000Z" as Instant;
const AMPLE: LambdaQuota = { account: 1_000, unreserved: 900, codeBytes: 10, codeLimit: 100 };

const read = (quota: Partial<LambdaQuota> = {}): QuotaAnswer => ({
  kind: "read",
  quota: { ...AMPLE, ...quota },
});
const seenOf = (answer: QuotaAnswer): SeenQuota[] => [{ component: "api", answer }];
const AWAY: QuotaAnswer = { kind: "away", why: "TimeoutError" };
const DENIED: QuotaAnswer = { kind: "denied", why: "AccessDeniedException" };

function look(drive: Drive, answer: QuotaAnswer, problems: readonly string[] = []): void {
  const seen = drive.world.see(drive.now, drive.now);
  drive.ask(CLOCK, { type: "Observe", seen: { ...seen, readiness: { problems }, quotas: seenOf(answer) } });
}

const types = (drive: Drive) => drive.log.map(({ event }) => event.type);

/** Approved on the eve, with what there was then; in the last hours before its start. */
function approved(plan = samplePlan()): Drive {
  const drive = new Drive(plan, EVE);
  drive.openGates();
  look(drive, read());
  drive.now = BEFORE;
  return drive;
}

/** The plan with a minimum for its one function. */
function asking(minConcurrency: number) {
  const plan = samplePlan();
  const components = plan.components.map((one) =>
    one.target.kind === "lambda-alias" ? { ...one, target: { ...one.target, minConcurrency } } : one,
  );
  return { ...plan, components };
}

describe("quotas between approval and T", () => {
  it("are read as soon as it is approved, and kept once", () => {
    const drive = new Drive(samplePlan(), EVE);
    look(drive, read());
    expect(types(drive)).not.toContain("QuotasSeen");
    drive.openGates();
    expect(drive.state.quotas).toBeUndefined();
    expect(nextVisit(drive.plan, drive.state, drive.now)).toBe("2025-06-03T01:00:01.000Z");
    for (let time = 0; time < 3; time++) look(drive, read({ account: 1_000 + time }));
    expect(types(drive).filter((type) => type === "QuotasSeen")).toHaveLength(1);
    expect(drive.state.quotas?.seen).toEqual({ api: AMPLE });
    expect(drive.state.status).toBe("ready");
  });

  it("that fall close the gates, say what was and what is, and open them when they are back", () => {
    const drive = approved();
    look(drive, read({ account: 100, unreserved: 100 }));
    expect(drive.state.status).toBe("gates");
    const [first, second] = drive.state.readiness?.problems ?? [];
    expect(first).toBe(
      "quota of the account: concurrency was 1000 when approved, it is 100 now; raise it again, or withdraw an approval and approve anew with what there is",
    );
    expect(second).toMatch(/unreserved concurrency was 900 when approved, it is 100 now/);
    expect(Object.values(drive.state.messages).some(({ text }) => text.includes("it is 100 now"))).toBe(true);
    drive.now = plus(BEFORE, minutes(15));
    look(drive, read());
    expect(drive.state).toMatchObject({ status: "ready", t: "2025-06-04T02:00:00.000Z" });
  });

  it("that rise close nothing", () => {
    const drive = approved();
    look(drive, read({ account: 5_000, unreserved: 4_900 }));
    expect(drive.state.status).toBe("ready");
  });

  it("that cannot be read for a moment leave what was found before as it is", () => {
    const drive = approved();
    look(drive, AWAY);
    expect(drive.state.status).toBe("ready");
    look(drive, read({ account: 100, unreserved: 100 }));
    for (const problems of [[], ["the alarm Api5xx cannot be found"]]) {
      look(drive, AWAY, problems);
      expect(drive.state.status).toBe("gates");
      expect(drive.state.readiness?.problems.filter((one) => one.startsWith("quota"))).toHaveLength(2);
    }
  });

  it("are approved anew by whoever takes the lower ones", () => {
    const drive = approved();
    const small = { account: 100, unreserved: 100 };
    look(drive, read(small));
    const rule = drive.plan.approvals[0]?.role ?? "";
    const signer = person("signer", rule);
    drive.now = plus(BEFORE, minutes(1));
    const signatures = Object.values(drive.state.approvals).flat();
    const by = signatures.find((one) => one !== undefined)?.by ?? "";
    const back = { kind: "person" as const, id: by, roles: [rule] };
    expect(drive.ask(back, { type: "WithdrawApproval", role: rule }, "fewer will do").ok).toBe(true);
    look(drive, read(small));
    expect(drive.state.readiness).toBeDefined();
    drive.now = plus(BEFORE, minutes(2));
    expect(drive.ask(signer, { type: "Approve", role: rule, plan: drive.state.plan }).ok).toBe(true);
    look(drive, read(small));
    expect(drive.state.quotas?.seen.api?.account).toBe(100);
    expect(drive.state).toMatchObject({ status: "ready" });
    expect(drive.state.readiness).toBeUndefined();
  });

  it("below the plan's minimum close the gates at once, whatever there was before", () => {
    const drive = new Drive(asking(950), EVE);
    drive.openGates();
    look(drive, read());
    expect(drive.state.status).toBe("gates");
    expect(drive.state.readiness?.problems).toEqual([
      "quota of api: concurrency is 900 (left unreserved in its account), and the plan asks for 950 (minConcurrency)",
    ]);
  });
});

describe("what speaks against a release in its quotas", () => {
  const cases: [string, QuotaAnswer, RegExp[], number?][] = [
    ["nothing, where all is as it was", read(), []],
    [
      "less for the account",
      read({ account: 999 }),
      [/the account: concurrency was 1000 when approved, it is 999/],
    ],
    ["more reserved by others", read({ unreserved: 899 }), [/unreserved concurrency was 900 .* it is 899/]],
    [
      "less reserved for it than there was",
      read({ reserved: 100 }),
      [/of api: concurrency was 900 .* it is 100/],
    ],
    ["nothing, where more is reserved for it", read({ reserved: 950, unreserved: 50 }), []],
    [
      "a stop: nothing at all is reserved for it",
      read({ reserved: 0 }),
      [/of api: concurrency was 900 .* it is 0/],
    ],
    [
      "a store of code that is nearly full",
      read({ codeBytes: 95 }),
      [/store of code was 10 % full .* it is 95 % now/],
    ],
    ["nothing, where the store fills a little", read({ codeBytes: 94 }), []],
    ["a right that is gone", DENIED, [/of api: it cannot be read \(AccessDenied.*lambda:GetAccountSettings/]],
    ["nothing new, where nothing could be read", AWAY, []],
    [
      "less than the plan asks for",
      read({ reserved: 10 }),
      [/was 900/, /10 \(reserved for it\), and the plan asks for 20/],
      20,
    ],
  ];
  it.each(cases)("%s", (_, answer, expected, minimum) => {
    const drive = approved(minimum === undefined ? samplePlan() : asking(minimum));
    const problems = quotaProblems(drive.plan, drive.state, seenOf(answer));
    expect(problems).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(problems[index]).toMatch(text);
  });

  it("is nothing where it never could be read, unless the plan asks for it; at the start it has to be", () => {
    const drive = new Drive(samplePlan(), EVE);
    expect(quotaProblems(drive.plan, drive.state, seenOf(DENIED))).toEqual([]);
    const other = new Drive(asking(20), EVE);
    expect(quotaProblems(other.plan, other.state, seenOf(DENIED))).toHaveLength(1);
    expect(unreadQuotas(drive.plan, drive.state, seenOf(AWAY))).toEqual([]);
    expect(unreadQuotas(other.plan, other.state, seenOf(AWAY))).toEqual([
      "quota of api: it could not be read: TimeoutError",
    ]);
  });

  it("is said once for an account, however many of its functions are released", () => {
    const plan = samplePlan();
    const [one] = plan.components;
    if (one === undefined) throw new Error("no component");
    const both = { ...plan, components: [one, { ...one, id: "web" }] };
    const drive = approved();
    const state = { ...drive.state, quotas: { at: EVE, seen: { api: AMPLE, web: AMPLE } } };
    const seen = ["api", "web"].map((component) => ({ component, answer: read({ account: 10 }) }));
    expect(quotaProblems(both, state, seen)).toHaveLength(1);
  });
});

it("a plan that asks for no minimum keeps its digest", () => {
  expect(JSON.stringify(samplePlan())).not.toContain("minConcurrency");
  expect(planDigest(samplePlan())).not.toBe(planDigest(asking(20)));
});
