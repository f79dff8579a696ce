import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FUNCTIONS, type FunctionName } from "@gonogo/functions/deployment";
import { describe, expect, it } from "vitest";
import { filesOf } from "../../stacks/beside.ts";
import { environmentOf } from "../../stacks/environment.ts";
import { addresses, roleName } from "../../stacks/names.ts";
import { callsOf } from "../../stacks/permissions.ts";
import { readDeclared, rolesOf } from "../../stacks/targets.ts";
import { ON_ALIASES } from "./graph.ts";
import { ROOT } from "./platform.ts";
import { PLACE } from "./provider.ts";

function written(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "gonogo-declared-")), "gonogo.targets.json");
  writeFileSync(file, text);
  return file;
}

describe("what an account declares", () => {
  it("is nothing where there is no file: then nothing can be moved", () => {
    const declared = readDeclared(join(tmpdir(), "there-is-no-such-file.json"));
    expect(declared.targets).toEqual([]);
    for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
      const actions = callsOf(name, addresses(PLACE), declared).flatMap(({ actions }) => actions);
      expect(
        actions.filter((action) => ON_ALIASES.test(action)),
        name,
      ).toEqual([]);
    }
  });

  it("is as the example shows it", () => {
    const declared = readDeclared(join(ROOT, "gonogo.targets.example.json"));
    expect(declared.targets.map((one) => one.function)).toEqual(["checkout-api", "orders-api"]);
    const [own, elsewhere] = callsOf("put-back-alone", addresses(PLACE), declared).flatMap(
      ({ resources }) => resources,
    );
    expect(own).toBe("arn:aws:lambda:eu-west-1:123456789012:function:checkout-api");
    expect(elsewhere).toBe("arn:aws:lambda:eu-west-1:123456789012:function:orders-api");
  });

  const ABROAD = {
    kind: "lambda-alias" as const,
    function: "billing",
    alias: "live",
    account: "222233334444",
    role: "gonogo-target",
    externalId: "agreed-upon-1",
  };

  it("of another account is reached by its role alone, once, whatever is declared in it", () => {
    const declared = readDeclared(
      written(JSON.stringify({ targets: [ABROAD, { ...ABROAD, function: "invoices" }] })),
    );
    const statements = callsOf("put-back-alone", addresses(PLACE), declared);
    expect(statements).toEqual([
      { actions: ["sts:AssumeRole"], resources: ["arn:aws:iam::222233334444:role/gonogo-target"] },
    ]);
    const accountsGiven = (targets: typeof declared.targets) =>
      environmentOf("put-back-alone", "production", addresses(PLACE), { targets, auditKey: "" })
        .GONOGO_ACCOUNTS;
    expect(JSON.parse(accountsGiven(declared.targets) ?? "")).toEqual([
      {
        account: "222233334444",
        role: "arn:aws:iam::222233334444:role/gonogo-target",
        externalId: "agreed-upon-1",
      },
    ]);
    expect(accountsGiven([])).toBe("[]");
  });

  it("of Sigstore's trusted root goes with the functions that verify, and with no others", () => {
    const { sigstoreRoot, targets } = readDeclared(written('{"sigstoreRoot": "sigstore/trusted_root.json"}'));
    const given = (name: FunctionName, root?: string) =>
      environmentOf(name, "production", addresses(PLACE), { targets, auditKey: "", sigstoreRoot: root })
        .GONOGO_SIGSTORE_ROOT;
    for (const name of ["start", "visit", "doctor"] as const) {
      expect([given(name, sigstoreRoot), given(name)]).toEqual(["trusted_root.json", "none"]);
      expect(filesOf(name, { sigstoreRoot })).toEqual([
        { from: "sigstore/trusted_root.json", to: "trusted_root.json" },
      ]);
      expect(filesOf(name, { sigstoreRoot: undefined })).toEqual([]);
    }
    expect([given("shift", sigstoreRoot), filesOf("shift", { sigstoreRoot })]).toEqual([undefined, []]);
    for (const other of ["/etc/root.json", "../root.json", "root.pem"])
      expect(() => readDeclared(written(JSON.stringify({ sigstoreRoot: other }))), other).toThrow(
        "sigstoreRoot",
      );
  });

  it("cannot say two things of one account", () => {
    expect(() => rolesOf([ABROAD, { ...ABROAD, externalId: "something-else" }])).toThrow("222233334444");
  });

  it.each([
    ["{", "gonogo.targets.json is not JSON"],
    ['{ "targets": [{ "kind": "lambda-alias", "function": "*", "alias": "live" }] }', "targets.0.function"],
    ['{ "targets": [{ "kind": "lambda-alias", "function": "a" }] }', "targets.0.alias"],
    ['{ "tell": ["nobody"] }', "tell.0"],
    ['{ "auditKey": "mine" }', "auditKey"],
    [
      '{ "targets": [{ "kind": "lambda-alias", "function": "a", "alias": "live", "account": "222233334444" }] }',
      "account, role and externalId",
    ],
    ['{ "target": [] }', "gonogo.targets.example.json"],
  ])("that is wrong is refused, and the place is named: %s", (text, said) => {
    expect(() => readDeclared(written(text))).toThrow(said);
  });

  it("does not get a stage whose names AWS would not take", () => {
    expect(() =>
      roleName("a-stage-with-a-name-that-is-much-too-long", "record-failure", "eu-west-1"),
    ).toThrow("choose a shorter stage");
  });
});
