import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildProgram } from "../program.ts";
import { Stage } from "../testing/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  await stage.open();
});
afterEach(() => stage.close());

const as = (who: string) => ({ env: { GONOGO_SERVER: stage.server, GONOGO_AS: who } });

/** A line of each command that takes --dry-run; whether it would be taken does not matter here. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  check: ["signed", "yes"],
  override: ["signed", "--reason", "x"],
  approve: ["--role", "CTO"],
  decline: ["--role", "CTO", "--reason", "x"],
  withdraw: ["--role", "CTO", "--reason", "x"],
  delegate: ["--role", "CTO", "--to", "psn_x", "--until", "2025-06-05T00:00Z", "--reason", "x"],
  undelegate: ["--role", "CTO"],
  vote: ["go", "--role", "CTO"],
  complete: ["freeze", "--output", "x", "--evidence", "log.txt"],
  "put-back": ["api", "--output", "x"],
  read: ["errors", "0.2"],
  validate: ["v", "pass", "--result", "x"],
  decide: ["go-on", "--reason", "x"],
  "approve-step": ["p1", "--role", "CTO"],
  lift: ["Api5xx", "--reason", "x"],
  review: ["--well", "x", "--sign"],
  hypercare: ["logs", "pass", "--result", "x"],
  incident: ["--summary", "x"],
  resolve: ["--how", "x"],
  pause: ["--reason", "x"],
  resume: ["--reason", "x"],
  promote: ["--reason", "x"],
  retry: ["--reason", "x"],
  skip: ["--step", "p1", "--reason", "x"],
  rollback: ["--reason", "x"],
  abort: ["--reason", "x"],
  copy: ["github"],
  revise: ["plan.yaml", "--reason", "x"],
};

describe("--dry-run", () => {
  it("says what would be recorded, and what would then be waited for", async () => {
    const drive = stage.release();
    const tried = await stage.gonogo(
      ["release", "approve", "REL-1", "--role", "CTO", "--dry-run"],
      as("cleo"),
    );
    expect(tried).toMatchObject({ code: 0, stderr: expect.stringContaining("nothing was recorded") });
    expect(tried.stdout).toMatch(/Approves plan [0-9a-f]{12} as CTO\./);
    expect(tried.stdout).toContain("Then it waits for Security: Approval");
    expect(drive.state.approvals).toEqual({});
    const json = await stage.gonogo(
      ["release", "approve", "REL-1", "--role", "CTO", "--dry-run", "--json"],
      as("cleo"),
    );
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, events: ["ApprovalGiven"] });
  });

  it("exits with 1 where it would be refused, and says why", async () => {
    stage.release();
    const tried = await stage.gonogo(
      ["release", "approve", "REL-1", "--role", "CTO", "--dry-run"],
      as("otto"),
    );
    expect(tried).toMatchObject({ code: 1, stderr: expect.stringContaining("would be refused: ") });
  });

  it("is taken by every command that asks one thing of a release, and none of them records or uploads", async () => {
    const release = buildProgram(() => {}).commands.find((one) => one.name() === "release");
    const taking = (release?.commands ?? []).filter((one) =>
      one.options.some(({ long }) => long === "--dry-run"),
    );
    expect(taking.map((one) => one.name()).toSorted()).toEqual(Object.keys(LINES).toSorted());
    stage.file("log.txt", "done");
    const drive = stage.release(5);
    const before = drive.log.length;
    for (const [name, rest] of Object.entries(LINES)) {
      const { code, stderr } = await stage.gonogo(["release", name, "REL-1", ...rest, "--dry-run"]);
      expect([0, 1], `${name}: ${stderr}`).toContain(code);
    }
    const written = stage.api.requests.filter(
      ({ method, path }) => method !== "GET" && !path.endsWith("/preview"),
    );
    expect(written.map(({ path }) => path)).toEqual([]);
    expect(drive.log).toHaveLength(before);
  });
});
