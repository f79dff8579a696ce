import { beforeAll, describe, expect, it } from "vitest";
import { collect } from "./collect.ts";
import { type Graph, listed, ON_ALIASES, ofType, statementsOf } from "./graph.ts";
import { HOW_TO_UNPACK, isUnpacked } from "./platform.ts";

/** A deployment of which nothing is declared: no targets, nobody to tell, none of the optional parts. */
describe.skipIf(!isUnpacked)(`a bare deployment${HOW_TO_UNPACK}`, () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await collect({ alarms: false });
  }, 120_000);

  it("has nothing that costs by the month for being there but the key that the audit log is signed with", () => {
    expect(ofType(graph, "aws:kms/key:Key").map(({ name }) => name)).toEqual(["AuditKey"]);
    for (const type of [
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

  it("is whole nevertheless: its page and its API are where it says", () => {
    expect(graph.outputs).toMatchObject({
      page: "https://d1.cloudfront.net",
      api: "https://abc123.execute-api.eu-west-1.amazonaws.com",
      table: "gonogo-production-releases",
    });
  });
});
