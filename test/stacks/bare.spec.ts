import { LocalSigner, newPrivateKey } from "@gonogo/adapters/kms/local";
import { toBase64 } from "@gonogo/core/audit/signature";
import { beforeAll, describe, expect, it } from "vitest";
import { standingOf } from "../../stacks/standing.ts";
import { Declared } from "../../stacks/targets.ts";
import { collect } from "./collect.ts";
import {
  type Graph,
  listed,
  ON_ALIASES,
  ofType,
  standingIn,
  statementsOf,
  text,
  withoutStage,
} from "./graph.ts";
import { HOW_TO_UNPACK, isUnpacked } from "./platform.ts";

const BARE = { alarms: false, auditKey: "secret" } as const;
const PEM = newPrivateKey();

/** A deployment of which nothing is declared: no targets, nobody to tell, none of the optional parts. */
describe.skipIf(!isUnpacked)(`a bare deployment${HOW_TO_UNPACK}`, () => {
  let graph: Graph;
  beforeAll(async () => {
    process.env.SST_SECRET_AuditSigningKey = JSON.stringify({ privateKey: PEM });
    graph = await collect(BARE);
  }, 120_000);

  it("has nothing that costs by the month for being there", () => {
    expect(standingIn(graph)).toEqual({ kmsKeys: 0, alarmMetrics: 0, dashboards: 0 });
    expect(standingOf(Declared.parse(BARE))).toEqual(standingIn(graph));
    for (const type of [
      "aws:kms/key:Key",
      "aws:kms/alias:Alias",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "aws:cloudwatch/dashboard:Dashboard",
      "aws:secretsmanager/secret:Secret",
      "aws:ec2/natGateway:NatGateway",
      "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
    ]) {
      expect(ofType(graph, type), type).toEqual([]);
    }
  });

  it("tells nobody, and watches no budget for nobody", () => {
    expect(ofType(graph, "aws:sns/topic:Topic")).toEqual([]);
    expect(ofType(graph, "aws:budgets/budget:Budget")).toEqual([]);
  });

  it("can move nothing", () => {
    const actions = ofType(graph, "aws:iam/role:Role")
      .flatMap(statementsOf)
      .flatMap(({ Action }) => listed(Action));
    expect(actions).toContain("lambda:InvokeFunction");
    for (const action of actions) expect(action).not.toMatch(ON_ALIASES);
  });

  it("signs its log nevertheless: one function has the key, one other the half of it that is public", async () => {
    const publicHalf = toBase64(await new LocalSigner(PEM).publicKey());
    const named = new Map<unknown, string>();
    const holders: string[] = [];
    for (const one of ofType(graph, "aws:lambda/function:Function")) {
      const { variables } = one.inputs.environment as { variables: Record<string, string> };
      const name = withoutStage(text(one, "name"));
      if (variables.GONOGO_AUDIT_KEY !== undefined) named.set(name, variables.GONOGO_AUDIT_KEY);
      if (JSON.stringify(variables).includes("PRIVATE KEY")) holders.push(name);
    }
    expect(Object.fromEntries(named)).toEqual({
      "gonogo-audit": publicHalf,
      "gonogo-checkpoint": publicHalf,
    });
    expect(holders).toEqual(["gonogo-checkpoint"]);
    expect(graph.outputs.auditKey).toBe(publicHalf);
    const actions = ofType(graph, "aws:iam/role:Role")
      .flatMap(statementsOf)
      .flatMap(({ Action }) => listed(Action));
    expect(actions.filter((action) => action.startsWith("kms:"))).toEqual([]);
  });

  it("is whole nevertheless: its page and its API are where it says", () => {
    expect(graph.outputs).toMatchObject({
      page: "https://d1.cloudfront.net",
      api: "https://abc123.execute-api.eu-west-1.amazonaws.com",
      table: "gonogo-production-releases",
    });
  });
});
