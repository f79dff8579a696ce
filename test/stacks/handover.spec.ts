import { newPrivateKey } from "@gonogo/adapters/kms/local";
import { beforeAll, describe, expect, it } from "vitest";
import { standingOf } from "../../stacks/standing.ts";
import { Declared } from "../../stacks/targets.ts";
import { collect } from "./collect.ts";
import { type Graph, listed, ofType, standingIn, statementsOf, text, withoutStage } from "./graph.ts";
import { HOW_TO_UNPACK, isUnpacked } from "./platform.ts";

const KMS = "arn:aws:kms:eu-west-1:123456789012:alias/gonogo-production-audit";
const pem = () => JSON.stringify({ privateKey: newPrivateKey() });
const PUBLIC = /^MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/;

/** By what is declared: the two keys as functions are told of them, the keys in KMS, and what is signed with. */
const CASES = [
  ["kms:2026", "kms", `${KMS}-2026`, KMS, ["AuditKey", "AuditKey2026"], 0],
  ["secret", "kms", PUBLIC, KMS, ["AuditKey"], 1],
  ["kms", "secret", KMS, PUBLIC, ["AuditKey"], 1],
  ["secret", "secret", PUBLIC, PUBLIC, [], 2],
] as const;

describe.skipIf(!isUnpacked).each(CASES)(
  `a deployment that hands the log over to %s from %s${HOW_TO_UNPACK}`,
  (auditKey, auditKeyBefore, now, before, keys, secrets) => {
    const declared = { alarms: false, auditKey, auditKeyBefore };
    let graph: Graph;
    beforeAll(async () => {
      process.env.SST_SECRET_AuditSigningKey = pem();
      process.env.SST_SECRET_AuditSigningKeyBefore = pem();
      graph = await collect(declared);
    }, 120_000);

    it("tells who signs and who verifies of both, and nobody else of either", () => {
      const told = new Map<string, Record<string, string>>();
      for (const one of ofType(graph, "aws:lambda/function:Function")) {
        const { variables } = one.inputs.environment as { variables: Record<string, string> };
        const name = withoutStage(text(one, "name"));
        const given = Object.entries(variables).filter(([variable]) =>
          /^GONOGO_AUDIT_(KEY|SIGNING_KEY)/.test(variable),
        );
        if (given.length > 0) told.set(name, Object.fromEntries(given));
      }
      expect([...told.keys()].sort()).toEqual(["gonogo-audit", "gonogo-checkpoint"]);
      for (const { GONOGO_AUDIT_KEY, GONOGO_AUDIT_KEY_BEFORE } of told.values()) {
        expect(GONOGO_AUDIT_KEY).toEqual(now === PUBLIC ? expect.stringMatching(now) : now);
        expect(GONOGO_AUDIT_KEY_BEFORE).toEqual(before === PUBLIC ? expect.stringMatching(before) : before);
      }
      const held = (name: string) => JSON.stringify(told.get(name)).split("BEGIN PRIVATE KEY").length - 1;
      expect([held("gonogo-checkpoint"), held("gonogo-audit")]).toEqual([secrets, 0]);
    });

    it("has the keys in KMS that it takes, and one function that may sign with each of them", () => {
      expect(
        ofType(graph, "aws:kms/key:Key")
          .map(({ name }) => name)
          .sort(),
      ).toEqual([...keys]);
      expect(standingIn(graph).kmsKeys).toBe(keys.length);
      expect(standingOf(Declared.parse(declared))).toEqual(standingIn(graph));
      const may = (action: string) =>
        ofType(graph, "aws:iam/role:Role").flatMap((role) =>
          statementsOf(role)
            .filter(({ Action }) => listed(Action).includes(action))
            .flatMap(({ Resource }) => listed(Resource).map((on) => `${text(role, "name")} ${on}`)),
        );
      const arns = keys.map((name) => `arn:aws:kms:eu-west-1:123456789012:key/${name}`);
      const signer = "gonogo-production-checkpoint-eu-west-1";
      const verifier = "gonogo-production-audit-eu-west-1";
      expect(may("kms:Sign").sort()).toEqual(arns.map((one) => `${signer} ${one}`).sort());
      expect(may("kms:GetPublicKey").sort()).toEqual(
        arns.flatMap((one) => [`${signer} ${one}`, `${verifier} ${one}`]).sort(),
      );
    });
  },
);

describe("what is declared of keys", () => {
  it.each([
    [{ auditKey: "kms", auditKeyBefore: "kms" }, "is the key that there is"],
    [{ auditKey: "kms:Upper" }, 'is "kms"'],
    [{ auditKeyBefore: "mine" }, 'is "kms"'],
  ])("refuses %j", (declared, why) => {
    expect(Declared.safeParse(declared).error?.issues[0]?.message).toContain(why);
  });
});
