import { readFileSync } from "node:fs";
import { planDigest } from "@gonogo/core/plan/read";
import { samplePlan } from "@gonogo/core/testing/plans";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

const example = (name: string) =>
  readFileSync(new URL(`../../../../examples/checkout/${name}`, import.meta.url));

describe("gonogo plan import", () => {
  it("writes the plan to stdout and the findings, with their lines, to stderr", async () => {
    stage.file("runbook.md", example("runbook.md"));
    stage.file("release-plan.md", example("release-plan.md"));
    const { code, stdout, stderr } = await stage.gonogo(["plan", "import", "runbook.md", "release-plan.md"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^gonogo: 1\nid: REL-2026-03-10\n/);
    expect(stderr).toMatch(/^release-plan\.md:\d+:\d+ warning document\.\S+: /m);
    expect(stderr).toMatch(/\d+ warnings, \d+ notes\nNext: gonogo plan lint plan\.yaml/);
  });

  it("reads from stdin, answers errors with 1, and then writes no plan", async () => {
    const { code, stdout, stderr } = await stage.gonogo(["plan", "import", "-"], {
      stdin: "# Nothing in here\n",
    });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^<stdin>:1:1 error document\./m);
    expect(stderr).toContain("there is no plan until the errors are put right");
  });

  it("takes stdin once", async () => {
    const { code, stderr } = await stage.gonogo(["plan", "import", "-", "-"], { stdin: "x" });
    expect(code).toBe(2);
    expect(stderr).toContain("stdin (-) can be read once");
  });
});

describe("gonogo plan lint", () => {
  it("answers a plan without errors with 0, its digest and what to type next", async () => {
    const { code, stderr } = await stage.gonogo(["plan", "lint", "plan.yaml"]);
    expect(code).toBe(0);
    expect(stderr).toContain(`digest ${planDigest(samplePlan())}`);
    expect(stderr).toContain("Next: gonogo plan preview plan.yaml");
  });

  it("answers errors with 1, each with file, line and column on stdout", async () => {
    stage.file("bad.yaml", "gonogo: 1\nid: REL 1\ntitel: x\n");
    const { code, stdout, stderr } = await stage.gonogo(["plan", "lint", "bad.yaml"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^bad\.yaml:2:5 error plan\.invalid: /m);
    expect(stdout).toMatch(/^bad\.yaml:3:1 error plan\.unknown-field: "titel"/m);
    expect(stderr).toMatch(/bad\.yaml: \d+ errors/);
  });

  it("has one JSON value on stdout with --json, and no hints", async () => {
    const { code, stdout, stderr } = await stage.gonogo(["plan", "lint", "--json", "-"], {
      stdin: "gonogo: 2",
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, problems: expect.any(Array) });
    expect(stderr).not.toContain("Next:");
  });
});

describe("gonogo plan preview and schema", () => {
  it("shows the timeline in one column of times", async () => {
    const { code, stdout } = await stage.gonogo(["plan", "preview", "plan.yaml"]);
    expect(code).toBe(0);
    expect(stdout).toContain("2025-06-04 (UTC)\n");
    expect(stdout).toMatch(/^ {2}02:00 {2}T {2,}to 02:15 T\+15 min +phase +api +Ops +Shift api to 10 %/m);
  });

  it("names what is wrong with a plan that has no timeline", async () => {
    stage.file("bad.yaml", "gonogo: 1\n");
    const { code, stdout, stderr } = await stage.gonogo(["plan", "preview", "bad.yaml"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^bad\.yaml:1:1 error plan\./m);
  });

  it("writes the JSON Schema", async () => {
    const { code, stdout } = await stage.gonogo(["plan", "schema"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ properties: { components: expect.anything() } });
  });
});

describe("gonogo simulate", () => {
  it("shows a release that goes well and answers with 0", async () => {
    const { code, stdout, stderr } = await stage.gonogo(["simulate", "plan.yaml"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}02:00:00 {2}T {2,}rollout +api: 10 % \(version 7, 8 at 10 %\)$/m);
    expect(stdout).toMatch(/^completed at T\+1 day 6 h 30 min/m);
    expect(stdout).toMatch(/\d+ records, their chain holds\n$/);
    expect(stderr).toContain("plan.yaml: completed");
  });

  it("answers a rollback with 5, and with 0 where it is expected", async () => {
    const args = ["simulate", "plan.yaml", "--alarm", "Api5xx@T+17m"];
    const { code, stdout } = await stage.gonogo(args);
    expect(code).toBe(5);
    expect(stdout).toMatch(
      /^ {2}02:17:00 {2}T\+17 min +alarm Api5xx +trigger: API 5xx > 3 % for 10 min: rollback/m,
    );
    expect(stdout).toMatch(/^rolled-back at T\+17 min: /m);
    expect((await stage.gonogo([...args, "--expect", "rolled-back"])).code).toBe(0);
    expect((await stage.gonogo(["simulate", "plan.yaml", "--expect", "rolled-back"])).code).toBe(5);
  });

  it("hands on people, seed and alarms as they are read", async () => {
    const args = ["--people", "absent", "--seed", "7", "--alarm", "A@B@T+1h/10 min", "--alarm", "C@T"];
    const { code, stdout } = await stage.gonogo(["simulate", "plan.yaml", "--json", ...args]);
    expect(code).toBe(5);
    expect(JSON.parse(stdout).status).not.toBe("completed");
    expect(stage.api.requests.at(-1)?.body).toMatchObject({
      people: "absent",
      seed: 7,
      alarms: [
        { name: "A@B", at: "T+1h", for: "10m" },
        { name: "C", at: "T" },
      ],
    });
  });

  it.each([
    [["--alarm", "Api5xx"], "there is no @"],
    [["--alarm", "Api5xx@noon"], "column 8: expected T"],
    [["--people", "some"], "Allowed choices are punctual, absent"],
    [["--seed", "-1"], "a whole number from 0"],
    [["--expect", "fine"], "Allowed choices are completed"],
  ])("refuses %j with 2", async (args, why) => {
    const { code, stderr } = await stage.gonogo(["simulate", "plan.yaml", ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(stderr).toContain("See gonogo simulate --help.");
  });
});
