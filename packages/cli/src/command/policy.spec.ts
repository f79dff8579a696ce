import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

const POLICY = "policy: 1\nname: Two\nenvironments: [ { name: Production, all: { bake: 5 min } } ]\n";

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  await stage.open();
});
afterEach(() => stage.close());

const as = (who: string) => ({ env: { GONOGO_SERVER: stage.server, GONOGO_AS: who } });

describe("gonogo policy", () => {
  it("checks a file, puts it in force once, and shows it", async () => {
    stage.file("policy.yaml", POLICY);
    const none = await stage.gonogo(["policy", "show"]);
    expect(none.stdout).toContain("no policy is in force");
    expect((await stage.gonogo(["policy", "check", "policy.yaml"])).code).toBe(0);
    const set = await stage.gonogo(["policy", "set", "policy.yaml", "--reason", "the first"], as("gita"));
    expect(set).toMatchObject({ code: 0, stdout: expect.stringContaining('"Two" is in force') });
    const again = await stage.gonogo(["policy", "set", "policy.yaml", "--reason", "the first"], as("gita"));
    expect(again.stdout).toContain("was in force already");
    expect((await stage.gonogo(["policy", "show"])).stdout).toContain("bake: 5 min");
    expect((await stage.gonogo(["policy", "show", "--history"])).stdout).toContain("the first");
    const json = JSON.parse((await stage.gonogo(["policy", "show", "--json"])).stdout);
    expect(json).toMatchObject({ inForce: expect.stringMatching(/^sha256:/), policy: { name: "Two" } });
  });

  it("takes it out of force, with a reason, and tells that in the history", async () => {
    stage.file("policy.yaml", POLICY);
    const withdraw = ["policy", "withdraw", "--reason", "each team has its own"];
    const none = await stage.gonogo(withdraw, as("gita"));
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("no policy is in force") });
    await stage.gonogo(["policy", "set", "policy.yaml", "--reason", "the first"], as("gita"));
    expect((await stage.gonogo(["policy", "withdraw"], as("gita"))).code).toBe(2);
    expect((await stage.gonogo(withdraw)).stderr).toContain("Governance");
    expect((await stage.gonogo(withdraw, as("gita"))).stdout).toContain("no policy is in force any more");
    const history = await stage.gonogo(["policy", "show", "--history"]);
    expect(history.stdout).toContain("each team has its own");
    expect(history.stdout).not.toContain("in force ");
  });

  it("says where a file is wrong, and who may change what is in force", async () => {
    stage.file("policy.yaml", POLICY.replace("5 min", "soon"));
    const bad = await stage.gonogo(["policy", "check", "policy.yaml"]);
    expect(bad).toMatchObject({ code: 1, stdout: expect.stringContaining("policy.yaml:3") });
    stage.file("policy.yaml", POLICY);
    const refused = await stage.gonogo(["policy", "set", "policy.yaml", "--reason", "mine"]);
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining("Governance") });
    expect((await stage.gonogo(["policy", "set", "policy.yaml"])).code).toBe(2);
  });
});

describe("gonogo release", () => {
  it("delegates a role, and ends that", async () => {
    const drive = stage.release();
    const until = "2025-06-05T00:00Z";
    const args = ["release", "delegate", "REL-1", "--role", "CTO", "--to", "psn_deputy", "--until", until];
    expect((await stage.gonogo(args, as("cleo"))).code).toBe(2);
    expect((await stage.gonogo([...args, "--reason", "in the air"], as("cleo"))).code).toBe(0);
    expect(drive.state.delegations).toMatchObject([{ role: "CTO", to: "psn_deputy", reason: "in the air" }]);
    const ended = await stage.gonogo(["release", "undelegate", "REL-1", "--role", "CTO"], as("cleo"));
    expect(ended.code).toBe(0);
    expect(drive.state.delegations).toEqual([]);
  });

  it("votes anything but GO with a reason only", async () => {
    stage.release(5);
    const vote = ["release", "vote", "REL-1", "no-go", "--role", "Ops"];
    const refused = await stage.gonogo(vote, as("otto"));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("NO-GO has to say why") });
  });
});
