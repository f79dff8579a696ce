import { beforeAll, describe, expect, it } from "vitest";
import { Declared } from "../../stacks/targets.ts";
import { collect } from "./collect.ts";
import { type Graph, listed, ofType, statementsOf, text, withoutStage } from "./graph.ts";
import { HOW_TO_UNPACK, isUnpacked } from "./platform.ts";

const THERE = { bucket: "audit-of-gonogo", account: "222233334444", region: "eu-central-1" };
const OBJECTS = "arn:aws:s3:::audit-of-gonogo/gonogo/gonogo-production-releases/audit/checkpoints/*";

describe.skipIf(!isUnpacked)(`copies in another account${HOW_TO_UNPACK}`, () => {
  let without: Graph;
  let graph: Graph;
  beforeAll(async () => {
    without = await collect({ alarms: false });
    graph = await collect({ alarms: false, auditCopies: THERE });
  }, 240_000);

  const told = (of: Graph) =>
    Object.fromEntries(
      ofType(of, "aws:lambda/function:Function").flatMap((one) => {
        const { variables } = one.inputs.environment as { variables: Record<string, string> };
        const value = variables.GONOGO_AUDIT_COPIES;
        return value === undefined ? [] : [[withoutStage(text(one, "name")), value]];
      }),
    );
  const rights = (of: Graph) =>
    ofType(of, "aws:iam/role:Role").flatMap((role) =>
      statementsOf(role).map(({ Action, Resource }) => ({
        role: text(role, "name"),
        actions: listed(Action),
        on: listed(Resource),
      })),
    );

  it("are known to who makes them and to the doctor, and are none unless they are declared", () => {
    const value = JSON.stringify({ ...THERE, days: 400 });
    expect(told(graph)).toEqual({ "gonogo-checkpoint": value, "gonogo-doctor": value });
    expect(told(without)).toEqual({ "gonogo-checkpoint": "none", "gonogo-doctor": "none" });
  });

  it("may be written and locked by one role, and neither read, listed nor deleted by any", () => {
    const there = rights(graph).filter(({ on }) => on.some((one) => one.includes(THERE.bucket)));
    expect(there).toEqual([
      {
        role: "gonogo-production-checkpoint-eu-west-1",
        actions: ["s3:PutObject", "s3:PutObjectRetention"],
        on: [OBJECTS],
      },
    ]);
    // And nothing else is another than without.
    const rest = rights(graph).filter(({ on }) => !on.some((one) => one.includes(THERE.bucket)));
    const sorted = (all: typeof rest) => all.map((one) => JSON.stringify(one)).sort();
    expect(sorted(rest)).toEqual(sorted(rights(without)));
  });

  it("need no more than the policy that docs/operations.md prints", async () => {
    const { readFileSync } = await import("node:fs");
    const docs = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const printed = /\n( {4}\{\n {6}"Version"[\s\S]*?\n {4}\})\n/.exec(docs)?.[1] ?? "";
    const policy = JSON.parse(printed) as {
      Statement: { Action: string[]; Resource: string; Principal: { AWS: string } }[];
    };
    const [first] = policy.Statement;
    expect(first?.Action).toEqual(["s3:PutObject", "s3:PutObjectRetention"]);
    expect(first?.Resource).toBe(OBJECTS);
    expect(first?.Principal.AWS).toBe(
      "arn:aws:iam::111122223333:role/gonogo-production-checkpoint-eu-west-1",
    );
  });
});

describe("what is declared of them", () => {
  it.each([
    { bucket: "B", account: "222233334444" },
    { bucket: "bucket" },
    { ...THERE, days: 0 },
    { ...THERE, key: 1 },
  ])("refuses %j", (auditCopies) => {
    expect(Declared.safeParse({ auditCopies }).success).toBe(false);
  });
});
