import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  await stage.open();
});
afterEach(() => stage.close());

const as = (who: string) => ({ env: { GONOGO_SERVER: stage.server, GONOGO_AS: who } });
const ADD = ["delegation", "add", "--role", "CTO", "--to", "psn_deputy", "--until", "2025-06-20T18:00:00Z"];

describe("gonogo delegation", () => {
  it("is added by who holds the role, with a reason, listed and withdrawn", async () => {
    expect((await stage.gonogo(["delegation", "list"])).stderr).toContain("no role is delegated");
    expect((await stage.gonogo(ADD, as("cleo"))).code).toBe(2);
    const added = await stage.gonogo([...ADD, "--reason", "on leave"], as("cleo"));
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining("speaks as CTO for you until") });
    const listed = await stage.gonogo(["delegation", "list"]);
    expect(listed.stdout).toMatch(/delegation-1 +CTO .*psn_deputy.*on leave/);
    const json = JSON.parse((await stage.gonogo(["delegation", "list", "--json"])).stdout);
    expect(json.items).toMatchObject([{ id: "delegation-1", role: "CTO", to: "psn_deputy" }]);
    const withdraw = ["delegation", "withdraw", "delegation-1", "--reason", "back"];
    const refused = await stage.gonogo(withdraw, as("otto"));
    expect(refused.code).not.toBe(0);
    expect((await stage.gonogo(withdraw, as("cleo"))).stdout).toContain("is withdrawn");
    expect((await stage.gonogo(["delegation", "list"])).stderr).toContain("no role is delegated");
  });

  it("is refused for a role that one does not hold", async () => {
    const refused = await stage.gonogo([...ADD, "--reason", "mine"], as("otto"));
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining("not passed on") });
  });
});
