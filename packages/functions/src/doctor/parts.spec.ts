import type { Inspector } from "@gonogo/core/doctor/port";
import { describe, expect, it } from "vitest";
import { variablesOf } from "../entry/needs.ts";
import type { Variable } from "../entry/settings.ts";
import { examineParts } from "./parts.ts";

const ARNS = {
  GONOGO_TABLE: "gonogo-x-releases",
  GONOGO_BUS: "gonogo-x",
  GONOGO_ROLLOUT_ARN: "arn:aws:states:eu-west-1:123456789012:stateMachine:gonogo-x-rollout",
  GONOGO_ROLLBACK_ARN: "arn:aws:states:eu-west-1:123456789012:stateMachine:gonogo-x-rollback",
  GONOGO_SCHEDULE_GROUP: "gonogo-x-releases",
  GONOGO_SCHEDULER_ROLE_ARN: "arn:aws:iam::123456789012:role/gonogo-x-timers",
  GONOGO_VISIT_ARN: "arn:aws:lambda:eu-west-1:123456789012:function:gonogo-x-visit",
  GONOGO_STAND_BY_ARN: "arn:aws:lambda:eu-west-1:123456789012:function:gonogo-x-stand-by",
  GONOGO_DEAD_LETTER_ARN: "arn:aws:sqs:eu-west-1:123456789012:gonogo-x-dead-letters",
  GONOGO_ACCOUNTS: "[]",
  GONOGO_EVIDENCE_BUCKET: "gonogo-x-evidence",
  GONOGO_AUDIT_KEY: "arn:aws:kms:eu-west-1:123456789012:alias/gonogo-x-audit",
  GONOGO_AUDIT_KEY_BEFORE: "none",
  GONOGO_SIGSTORE_ROOT: "none",
  GONOGO_AUDIT_COPIES: "none",
  GONOGO_TEST_ALARM: "gonogo-x-integration-test",
} satisfies Record<Exclude<Variable, "AWS_REGION">, string>;
const OWN_KEY = `MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${"A".repeat(86)}==`;
const TOKENS = JSON.stringify([{ name: "ci", sha256: "0".repeat(64), roles: ["Release Manager"] }]);

/** A deployment on AWS in which everything is as it should be, but for what is told. */
function inspector(other: Partial<Inspector> = {}): Inspector {
  return {
    table: async () => ({
      kind: "there",
      status: "ACTIVE",
      stream: true,
      indexes: ["byStatus"],
      clockAheadMs: 400,
    }),
    backups: async () => ({ kind: "there", on: true }),
    lambda: async () => ({
      kind: "there",
      state: "Active",
      lastUpdate: "Successful",
      variables: { ...ARNS, GONOGO_API_TOKENS: TOKENS },
    }),
    streamReader: async () => ({ kind: "there", state: "Enabled", lastResult: "OK" }),
    rule: async () => ({ kind: "there", enabled: true, targets: 1 }),
    standBy: async () => ({ kind: "there", enabled: true }),
    machine: async () => ({ kind: "there", status: "ACTIVE" }),
    schedule: async () => ({ kind: "there", enabled: true }),
    lastHour: async () => ({ kind: "there", deadLetters: 0, failures: {} }),
    ...other,
  };
}

const given = (variables: Record<string, string>): Partial<Inspector> => ({
  lambda: async () => ({ kind: "there", state: "Active", lastUpdate: "Successful", variables }),
});

describe("what is found of a deployment's parts", () => {
  it("is nothing where all is well", async () => {
    expect((await examineParts(inspector())).filter(({ condition }) => condition !== "well")).toEqual([]);
  });

  const table = { kind: "there", status: "ACTIVE", stream: true, indexes: ["byStatus"] } as const;
  const cases: [string, Partial<Inspector>, { part: string; condition: string; says: string }][] = [
    [
      "no stream",
      { table: async () => ({ ...table, stream: false }) },
      { part: "table", condition: "ill", says: "stream is off" },
    ],
    [
      "no index",
      { table: async () => ({ ...table, indexes: [] }) },
      { part: "table", condition: "ill", says: "index byStatus" },
    ],
    [
      "a table that is being made",
      { table: async () => ({ ...table, status: "CREATING" }) },
      { part: "table", condition: "ill", says: "CREATING" },
    ],
    [
      "no table",
      { table: async () => ({ kind: "missing" }) },
      { part: "table", condition: "ill", says: "not there" },
    ],
    [
      "a clock that is late",
      { table: async () => ({ ...table, clockAheadMs: -20_000 }) },
      { part: "clock", condition: "warning", says: "20.0 s behind" },
    ],
    [
      "a clock that is far ahead",
      { table: async () => ({ ...table, clockAheadMs: 90_000 }) },
      { part: "clock", condition: "ill", says: "90.0 s ahead of" },
    ],
    [
      "no backups",
      { backups: async () => ({ kind: "there", on: false }) },
      { part: "backups", condition: "warning", says: "earlier second" },
    ],
    [
      "a reader that is off",
      { streamReader: async () => ({ kind: "there", state: "Disabled", lastResult: "" }) },
      { part: "stream", condition: "ill", says: "Disabled" },
    ],
    [
      "a reader whose function fails",
      {
        streamReader: async () => ({
          kind: "there",
          state: "Enabled",
          lastResult: "PROBLEM: Function call failed",
        }),
      },
      { part: "stream", condition: "warning", says: "PROBLEM" },
    ],
    [
      "no reader",
      { streamReader: async () => ({ kind: "missing" }) },
      { part: "stream", condition: "ill", says: "not there" },
    ],
    [
      "a function that failed its update",
      { lambda: async () => ({ kind: "there", state: "Active", lastUpdate: "Failed" }) },
      { part: "function visit", condition: "ill", says: "update failed" },
    ],
    [
      "a variable that is missing",
      given({ ...ARNS, GONOGO_TABLE: "" }),
      { part: "function visit", condition: "ill", says: "GONOGO_TABLE is not set" },
    ],
    [
      "a log that is not signed",
      given({ ...ARNS, GONOGO_AUDIT_KEY: OWN_KEY }),
      { part: "function checkpoint", condition: "ill", says: "AuditSigningKey is not set" },
    ],
    [
      "a secret that is no JSON",
      given({ ...ARNS, GONOGO_API_TOKENS: TOKENS, GONOGO_CHANNELS: "hunter2" }),
      { part: "function visit", condition: "ill", says: "GONOGO_CHANNELS" },
    ],
    [
      "nobody who may sign in",
      given(ARNS),
      { part: "function api", condition: "ill", says: "nobody can sign in" },
    ],
    [
      "people who have no way to sign in",
      given({
        ...ARNS,
        GONOGO_ISSUERS: JSON.stringify([
          { issuer: "https://id.example.org", audience: "gonogo", speaksFor: { kind: "person" } },
        ]),
      }),
      { part: "function api", condition: "warning", says: "cannot sign in on the page" },
    ],
    [
      "failures",
      { lastHour: async () => ({ kind: "there", deadLetters: 0, failures: { visit: 3, api: 0 } }) },
      { part: "failures", condition: "warning", says: "visit failed 3 times" },
    ],
    [
      "what may not be looked at",
      { machine: async () => ({ kind: "unknown", why: "AccessDenied" }) },
      { part: "state machine rollout", condition: "unknown", says: "AccessDenied" },
    ],
  ];
  it.each(cases)("names %s", async (_, other, { part, condition, says }) => {
    const found = (await examineParts(inspector(other))).filter((one) => one.part === part);
    expect(found).toEqual([
      expect.objectContaining({ part, condition, says: expect.stringContaining(says) }),
    ]);
    if (condition === "ill") expect(found[0]?.remedy).toMatch(/\w/);
  });

  it("shows no secret, whatever stands in it", async () => {
    const found = await examineParts(inspector(given({ ...ARNS, GONOGO_CHANNELS: '{"a": "hunter2"}' })));
    expect(JSON.stringify(found)).not.toContain("hunter2");
    expect(variablesOf("api")).not.toContain("GONOGO_CHANNELS");
  });
});
