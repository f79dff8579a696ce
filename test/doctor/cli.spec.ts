import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startServer } from "@gonogo/local/server/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../packages/cli/src/testing/run-cli.ts";

describe("gonogo doctor, on the engine that npm start runs", () => {
  let directory = "";
  let server: RunningServer;
  const doctor = (...args: string[]) =>
    runCli(["doctor", "--server", server.address, "--as", "release-manager", ...args]);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "gonogo-doctor-"));
    server = await startServer({ directory, port: 0, sample: true, speed: 60, write: () => {} });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("finds it fit, and names what it looked at when asked for all", async () => {
    const short = await doctor();
    expect(short).toMatchObject({ code: 0, stderr: expect.stringContaining("fit to run releases") });
    expect(short.stdout).toMatch(/parts found well; --all names them/);
    expect(short.stdout).not.toContain("ILL");
    const { stdout } = await doctor("--all");
    expect(stdout).toMatch(/^well +table +it is there, and works$/m);
    expect(stdout).toMatch(/^well +clock +/m);
    expect(JSON.parse((await doctor("--json")).stdout).findings.length).toBeGreaterThan(20);
  });

  it("names what is ill with its remedy, and a script sees it by the exit code", async () => {
    await server.engine.kernel.call("lambda", "DeleteFunction", { FunctionName: "gonogo-put-back" });
    const { code, stdout } = await doctor();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ILL +function put-back +it is not there\n +-> deploy again/);
  });
});
