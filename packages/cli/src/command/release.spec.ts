import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { no } from "@gonogo/core/check/look";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  await stage.open();
});
afterEach(() => stage.close());

describe("gonogo release start, list and show", () => {
  it("submits a plan, and says how to follow it", async () => {
    const { code, stdout, stderr } = await stage.gonogo(["release", "start", "plan.yaml"]);
    expect([code, stdout]).toEqual([0, "REL-1 is submitted; it stands at gates\n"]);
    expect(stderr).toContain("Next: gonogo release watch REL-1");
    const again = await stage.gonogo(["release", "start", "plan.yaml"]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("REL-1 exists already");
  });

  it("submits once with the same key", async () => {
    const args = ["release", "start", "plan.yaml", "--key", "k1", "--json"];
    const [first, second] = [await stage.gonogo(args), await stage.gonogo(args)];
    expect(JSON.parse(second.stdout)).toEqual(JSON.parse(first.stdout));
    expect(second.code).toBe(0);
  });

  it("names every problem of a plan that is refused", async () => {
    stage.file("bad.yaml", "gonogo: 1\ntitle: x\n");
    const { code, stdout, stderr } = await stage.gonogo(["release", "start", "bad.yaml", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "plan.invalid",
      exit: 1,
      problems: expect.any(Array),
    });
    expect(stderr).toMatch(/^bad\.yaml:1:1 error plan\.invalid: .*id/m);
  });

  it("lists the active, the ended or all, over as many pages as it takes", async () => {
    for (const n of [1, 2, 3]) stage.release(undefined, `REL-${n}`);
    const over = stage.release(undefined, "REL-4");
    over.person({ type: "Abort" });
    const ids = async (...args: string[]) => {
      const { stdout } = await stage.gonogo(["release", "list", "--json", ...args]);
      return JSON.parse(stdout).items.map(({ id }: { id: string }) => id);
    };
    expect(await ids()).toEqual(["REL-1", "REL-2", "REL-3"]);
    expect(await ids("--ended")).toEqual(["REL-4"]);
    expect(await ids("--all", "--limit", "500")).toHaveLength(4);
    expect(await ids("--all", "--limit", "3")).toEqual(["REL-1", "REL-2", "REL-3"]);
    const { stdout, stderr } = await stage.gonogo(["release", "list", "--limit", "1"]);
    expect(stdout).toMatch(/^RELEASE +STATUS +T \(UTC\) +ENVIRONMENT +TITLE\nREL-1 +gates +2025-06-04 02:00/);
    expect(stderr).toContain("there are more: --limit 2");
  });

  it("lists what was deployed, as a table for people and for spreadsheets", async () => {
    expect((await stage.gonogo(["deployments", "list"])).stderr).toContain("nothing was deployed");
    stage.release(5);
    const { stdout } = await stage.gonogo(["deployments", "list"]);
    expect(stdout).toMatch(
      /^STARTED \(UTC\) +RELEASE +ENVIRONMENT +OUTCOME +VERSIONS +BY\n.*REL-1 +Production +rolling-out/,
    );
    const csv = await stage.gonogo(["deployments", "list", "--csv"]);
    expect(csv.stdout).toMatch(
      /^release,environment,outcome,[\w,]+\r\nREL-1,Production,rolling-out,2025-06-04T/,
    );
    const json = JSON.parse((await stage.gonogo(["deployments", "list", "--json"])).stdout);
    expect(json.items).toMatchObject([{ release: "REL-1", outcome: "rolling-out" }]);
    const both = await stage.gonogo(["deployments", "list", "--csv", "--jsonl"]);
    expect(both.code).not.toBe(0);
  });

  it("says that there are none", async () => {
    const { code, stdout, stderr } = await stage.gonogo(["release", "list"]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("there are no active releases");
  });

  it("shows a release in words, and the same as JSON", async () => {
    stage.release(5);
    const { stdout } = await stage.gonogo(["release", "show", "REL-1"]);
    expect(stdout).toMatch(/^REL-1 {2}Sample \(Production\)\nrunning; T 2025-06-04/);
    expect(stdout).not.toContain("\u001b");
    const json = await stage.gonogo(["release", "show", "REL-1", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ id: "REL-1", status: "running" });
  });

  it("takes out of a title what would steer the terminal", async () => {
    const drive = stage.release();
    drive.person({ type: "Pause" }, "\u001b[2J\u001b]0;owned\u0007gone");
    const { stdout } = await stage.gonogo(["release", "show", "REL-1"], {
      env: { GONOGO_SERVER: stage.server, GONOGO_AS: "maya", FORCE_COLOR: "1" },
    });
    expect(stdout).toContain("[2J]0;ownedgone");
    expect(stdout).toContain("\u001b[1mREL-1\u001b[22m");
    expect(stdout).not.toContain("\u001b[2J");
  });
});

describe("steering and answering", () => {
  it("pauses and resumes with a reason that is kept", async () => {
    const drive = stage.release(5);
    const paused = await stage.gonogo(["release", "pause", "REL-1", "--reason", "smoke"]);
    expect(paused.stdout).toMatch(/^REL-1: paused; it stands at running \(record \d+\)\n$/);
    expect(drive.log.at(-1)).toMatchObject({ reason: "smoke", event: { type: "ReleasePaused" } });
    expect((await stage.gonogo(["release", "resume", "REL-1", "--reason", "gone"])).code).toBe(0);
    expect(drive.state.paused).toBeUndefined();
  });

  it("orders a rollback and leads to its watching", async () => {
    const drive = stage.release(5);
    const { code, stderr } = await stage.gonogo(["release", "rollback", "REL-1", "--reason", "broken"]);
    expect([code, drive.state.status]).toEqual([0, "rolling-back"]);
    expect(stderr).toContain("Next: gonogo release watch REL-1");
  });

  it("promotes the step that is named", async () => {
    const drive = stage.release(5);
    await stage.gonogo(["release", "promote", "REL-1", "--step", "p1", "--reason", "enough seen"]);
    expect(drive.state.steps.p1).toMatchObject({ status: "done", promoted: true });
  });

  it.each([
    ["pause", "REL-1"],
    ["pause", "REL-1", "--reason", " "],
    ["skip", "REL-1", "--reason", "x"],
    ["vote", "REL-1", "maybe", "--role", "Ops"],
    ["check", "REL-1", "signed", "perhaps"],
    ["read", "REL-1", "errors", "0,4"],
    ["validate", "REL-1", "v", "pass"],
    ["review", "REL-1"],
    ["review", "REL-1", "--field", "nothing"],
    ["approve", "REL-1"],
  ])("answers `%s %s` that lacks something with 2", async (...args) => {
    stage.release(5);
    expect((await stage.gonogo(["release", ...args])).code).toBe(2);
    expect(stage.api.requests.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("approves by the digest of the plan that is there, and not by another", async () => {
    const drive = stage.release();
    const args = ["release", "approve", "REL-1", "--role", "CTO", "--note", "read twice"];
    const cleo = { env: { GONOGO_SERVER: stage.server, GONOGO_AS: "cleo" } };
    const other = await stage.gonogo([...args, "--plan", "sha256:0123456789abcdef"], cleo);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain(`REL-1 has the plan ${drive.state.plan}, not sha256:0123456789abcdef`);
    expect((await stage.gonogo([...args, "--plan", drive.state.plan.slice(7, 21)], cleo)).code).toBe(1);
    expect((await stage.gonogo([...args, "--plan", drive.state.plan.slice(7, 19)], cleo)).code).toBe(0);
    expect(drive.state.approvals.CTO).toMatchObject([{ verdict: "given", note: "read twice" }]);
    const back = await stage.gonogo(
      ["release", "withdraw", "REL-1", "--role", "CTO", "--reason", "a finding"],
      cleo,
    );
    expect(back.code).toBe(0);
    expect(drive.state.approvals.CTO).toBeUndefined();
  });

  it("answers a check, completes a step by hand and gives a reading", async () => {
    const drive = stage.release();
    const otto = { env: { GONOGO_SERVER: stage.server, GONOGO_AS: "otto" } };
    await stage.gonogo(
      ["release", "check", "REL-1", "signed", "yes", "--note", "seen", "--evidence", "ci/8"],
      otto,
    );
    expect(drive.state.checks.signed).toMatchObject({ answer: "yes", note: "seen", evidence: "ci/8" });
    drive.openGates();
    drive.punctual = false;
    stage.pass(drive, Date.parse("2025-06-04T01:30:00Z"));
    await stage.gonogo(["release", "complete", "REL-1", "freeze", "--output", "locked"], otto);
    expect(drive.state.steps.freeze).toMatchObject({ status: "done", output: "locked" });
    const reading = await stage.gonogo(["release", "read", "REL-1", "errors", "0.4"], otto);
    expect(reading.code).toBe(1);
    expect(reading.stderr).toContain("is read by gonogo");
  });

  it("uploads a file that is shown, once, and refuses what is none", async () => {
    const drive = stage.release();
    const otto = { env: { GONOGO_SERVER: stage.server, GONOGO_AS: "otto" } };
    const show = (evidence: string, name = "answer") =>
      stage.gonogo(["release", name, "REL-1", "signed", "yes", "--evidence", evidence], otto);
    stage.file("load test.txt", "fine");
    for (const path of ["load test.txt", "./load test.txt"]) {
      const { code, stderr } = await show(path);
      expect([code, stderr]).toEqual([0, expect.stringContaining("is uploaded as load test.txt (sha256:")]);
    }
    expect(drive.state.checks.signed).toMatchObject({
      answer: "yes",
      file: { name: "load test.txt", size: 4, digest: expect.stringMatching(/^sha256:/) },
    });
    expect(stage.api.requests.filter(({ method }) => method === "PUT")).toHaveLength(1);
    const listed = await stage.gonogo(["release", "evidence", "REL-1"], otto);
    expect(listed.stdout).toMatch(/FILE +BYTES +DIGEST +SHOWN FOR\nload test\.txt +4 +sha256:\w{12} /);
    const fetched = await stage.gonogo(["release", "evidence", "REL-1", "--out", "kept"], otto);
    expect(fetched.stdout).toMatch(/^kept\/\w{8}-load test\.txt\n$/);
    for (const key of stage.api.files.keys()) stage.api.files.set(key, Buffer.from("FINE"));
    const forged = await stage.gonogo(["release", "evidence", "REL-1", "--out", "forged"], otto);
    expect([forged.code, forged.stderr]).toEqual([1, expect.stringContaining("not what the log says")]);
    stage.file("page.html", "<html>");
    for (const [path, code] of [
      ["./missing.txt", "there is no such file"],
      ["page.html", "files of this kind are not taken"],
    ] as const) {
      const refused = await show(path, "check");
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(code)]);
    }
    expect((await show("https://ci.example.com/page.html")).code).toBe(0);
    expect(drive.state.checks.signed?.evidence).toBe("https://ci.example.com/page.html");
  });

  it("shows what probes saw, and steps over one with two people", async () => {
    const probe = { kind: "http", url: "https://shop.example.com/health" } as const;
    const healthy = {
      id: "healthy",
      check: "The shop is well",
      role: "Ops",
      probe,
      override: "two-people",
    } as const;
    const drive = stage.release(undefined, "REL-1", { checklist: [healthy] });
    expect((await stage.gonogo(["release", "checks", "REL-1"])).stdout).toMatch(
      /^unseen +healthy +probe: http/m,
    );
    const answers = [{ check: "healthy", ...no("shop.example.com", "it answered 503") }];
    drive.ask({ kind: "clock" }, { type: "RecordChecks", answers });
    const { code, stdout } = await stage.gonogo(["release", "checks", "REL-1"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^no +healthy +probe: http +0 min ago|^no +healthy +probe: http +0 s ago/m);
    expect(stdout).toContain(
      "healthy: shop.example.com/health answers 200 -- shop.example.com: it answered 503",
    );
    const tick = await stage.gonogo(["release", "check", "REL-1", "healthy", "yes"], {
      env: { GONOGO_SERVER: stage.server, GONOGO_AS: "otto" },
    });
    expect(tick.stderr).toContain("is answered by its probe");
    for (const GONOGO_AS of ["otto", "cleo"]) {
      const env = { GONOGO_SERVER: stage.server, GONOGO_AS };
      const args = ["release", "override", "REL-1", "healthy", "--reason", "a canary of another team"];
      expect((await stage.gonogo(args, { env })).code).toBe(0);
    }
    expect((await stage.gonogo(["release", "checks", "REL-1"])).stdout).toMatch(/^overridden +healthy/m);
    const json = await stage.gonogo(["release", "checks", "REL-1", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject([{ id: "healthy", holds: true, probe: { answer: "no" } }]);
  });

  it("says what there is where an id is not known", async () => {
    stage.release();
    const { code, stderr } = await stage.gonogo(["release", "check", "REL-1", "sined", "yes"]);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no check "sined"');
  });

  it("fills in and signs the review", async () => {
    const drive = stage.release();
    drive.openGates();
    drive.runUntil(({ status }) => status === "reviewing", "2025-07-01T00:00:00.000Z" as never);
    const { code, stdout } = await stage.gonogo([
      "release",
      "review",
      "REL-1",
      "--field",
      "Lessons=none",
      "--sign",
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("1 field filled in, signed as Release Manager; it stands at completed");
    expect(drive.state.review.entries).toEqual({ Lessons: "none" });
  });

  it("answers a role that is not held with 4", async () => {
    stage.release(5);
    const nora = { env: { GONOGO_SERVER: stage.server, GONOGO_AS: "nora" } };
    const { code, stdout, stderr } = await stage.gonogo(
      ["release", "pause", "REL-1", "--reason", "x", "--json"],
      nora,
    );
    expect(code).toBe(4);
    expect(JSON.parse(stdout).error).toMatchObject({ code: "command.no-role", exit: 4 });
    expect(stderr).toContain("you hold no role in this release");
  });
});

describe("gonogo release watch", () => {
  it("tells each change once, ends with the release, and answers with how it ended", async () => {
    const drive = stage.release(5);
    stage.api.onLook = (seen) => {
      stage.pass(seen, Date.parse(seen.now) + 12 * 60_000);
      if (seen.now >= seen.at(17)) seen.signal({ name: "Api5xx" });
    };
    const { code, stdout, stderr } = await stage.gonogo(["release", "watch", "REL-1", "--every", "100ms"]);
    expect(code).toBe(5);
    expect(drive.state.status).toBe("rolled-back");
    expect(stdout).toMatch(/T\+17 min +REL-1 is rolling-back/);
    expect(stdout.match(/trigger: API 5xx > 3 %/g)).toHaveLength(1);
    expect(stdout).not.toContain("\u001b");
    expect(stderr).toContain("REL-1 has ended: rolled-back, not completed");
    const expected = await stage.gonogo(["release", "watch", "REL-1", "--expect", "rolled-back", "--json"]);
    expect(expected.code).toBe(0);
    expect(JSON.parse(expected.stdout)).toMatchObject({ status: "rolled-back" });
  });

  it("stops at Ctrl-C, says so, and leaves the release alone", async () => {
    const drive = stage.release(5);
    const { code, stderr } = await stage.gonogo(["release", "watch", "REL-1", "--every", "1 h"], {
      interruptAt: "REL-1 is running",
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopped watching. REL-1 goes on by itself; it stands at running.");
    expect(drive.state.paused).toBeUndefined();
    expect(stage.api.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  it("stops at Ctrl-C while the server keeps silent", async () => {
    stage.release(5);
    const ran = stage.gonogo(["release", "watch", "REL-1", "--every", "100ms"], {
      interruptAt: "running",
      after: 500,
    });
    stage.api.onLook = () => {
      stage.api.silent = true;
    };
    expect((await ran).code).toBe(130);
    expect(stage.api.requests).toHaveLength(2);
  });

  it("goes on when the server is away for a while, and says so once", async () => {
    const drive = stage.release(5);
    let looks = 0;
    stage.api.onLook = () => {
      looks += 1;
      if (looks > 1 && looks < 4) throw new Error("away");
      if (looks === 4) drive.person({ type: "Abort" });
      if (looks > 4) drive.runUntil(({ endedAt }) => endedAt !== undefined, drive.at(600));
    };
    const { code, stderr } = await stage.gonogo(["release", "watch", "REL-1", "--every", "100ms"]);
    expect(code).toBe(5);
    expect(stderr.match(/away; trying again/g)).toHaveLength(1);
    expect(stderr).toContain("the server answers again");
  });

  it("asks only for what is new", async () => {
    stage.release(5);
    let looks = 0;
    stage.api.onLook = (drive) => {
      looks += 1;
      if (looks === 4) drive.person({ type: "Abort" });
      if (looks > 4) drive.runUntil(({ endedAt }) => endedAt !== undefined, drive.at(600));
    };
    const { stdout } = await stage.gonogo(["release", "watch", "REL-1", "--every", "100ms"]);
    expect(stage.api.requests[1]?.headers["if-none-match"]).toBeDefined();
    expect(stdout.match(/REL-1 is running/g)).toHaveLength(1);
  });

  it("gives up where there is no such release", async () => {
    const { code, stderr } = await stage.gonogo(["release", "watch", "REL-9"]);
    expect(code).toBe(1);
    expect(stderr).toContain("there is no release REL-9");
  });
});

describe("gonogo release export", () => {
  it("writes the documents into a folder, and does not overwrite them unasked", async () => {
    stage.release(30);
    const args = ["release", "export", "REL-1", "--out", "archive"];
    const { code, stdout } = await stage.gonogo(args);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toEqual([
      join("archive", "runbook.md"),
      join("archive", "release-plan.md"),
    ]);
    expect(readdirSync(join(stage.folder, "archive")).sort()).toEqual(["release-plan.md", "runbook.md"]);
    const again = await stage.gonogo(args);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("there is such a file already");
    expect((await stage.gonogo([...args, "--force"])).code).toBe(0);
  });

  it.each(["../outside.md", "/tmp/outside.md", "..", "a\\b.md", "a\nb.md", ""])(
    "refuses a document named %j",
    async (name) => {
      stage.release();
      stage.api.documents = [{ name, text: "x" }];
      const { code } = await stage.gonogo(["release", "export", "REL-1", "--out", "archive"]);
      expect(code).toBe(1);
      expect(existsSync(join(stage.folder, "archive"))).toBe(false);
      expect(existsSync(join(stage.folder, "outside.md"))).toBe(false);
    },
  );

  it("has the plan as YAML, and --as for the person before the command", async () => {
    stage.release();
    const { code, stdout } = await stage.gonogo([
      "--as",
      "otto",
      "release",
      "export",
      "REL-1",
      "--as",
      "yaml",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^gonogo: 1\nid: REL-1\n/);
    expect(stage.api.requests.at(-1)?.headers.authorization).toBe("Demo otto");
  });

  it("has everything as JSON, which verifies without a server", async () => {
    const drive = stage.release(30);
    const { stdout } = await stage.gonogo(["release", "export", "REL-1", "--as", "json", "--out", "."]);
    expect(stdout).toBe("REL-1.json\n");
    expect(JSON.parse(readFileSync(join(stage.folder, "REL-1.json"), "utf8")).records).toHaveLength(
      drive.log.length,
    );
    const offline = { env: { GONOGO_SERVER: "http://127.0.0.1:9" } };
    const verified = await stage.gonogo(["audit", "verify", "REL-1.json"], offline);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain(`whole, ${drive.log.length} records`);
  });
});
