import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startServer } from "@gonogo/local/server/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../packages/cli/src/testing/run-cli.ts";

describe("gonogo key, on the engine that npm start runs", () => {
  let directory = "";
  let server: RunningServer;
  const gonogo = (who: string, ...args: string[]) =>
    runCli([...args, "--server", server.address, "--as", who]);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "gonogo-keys-"));
    server = await startServer({ directory, port: 0, sample: false, write: () => {} });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("makes a key that is on stdout alone and this once, lists it, and withdraws it", async () => {
    const made = await gonogo(
      "governance",
      ...["key", "create", "ci-orders", "--scope", "release:read", "--scope", "release:write"],
      ...["--role", "Release pipeline", "--expires", "30d", "--reason", "the pipeline"],
    );
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^gonogo_[\w-]{43}\n$/) });
    expect(made.stderr).toContain("the only time that it is shown");
    const token = made.stdout.trim();
    expect(made.stderr).not.toContain(token);
    const me = await runCli(["whoami", "--server", server.address, "--json"], {
      env: { GONOGO_TOKEN: token },
    });
    expect(JSON.parse(me.stdout)).toMatchObject({ id: "ci-orders", roles: ["Release pipeline"] });
    const listed = await gonogo("governance", "key", "list");
    expect(listed.stdout).toMatch(
      /^key_[0-9a-f]{12} +ci-orders +good +until .* used .* release:read release:write/,
    );
    expect(listed.stdout).not.toContain(token);
    const [id = ""] = listed.stdout.split(" ");
    const revoked = await gonogo("governance", "key", "revoke", id, "--reason", "it was in a log");
    expect(revoked).toMatchObject({ code: 0, stdout: expect.stringContaining("is withdrawn") });
    const after = await runCli(["whoami", "--server", server.address], { env: { GONOGO_TOKEN: token } });
    expect(after.code).not.toBe(0);
    expect(after.stderr).toContain("was withdrawn");
    expect(after.stderr).not.toContain(token);
    const refused = await gonogo("governance", "audit", "refusals");
    expect(refused.stdout).toMatch(/ 401 +identity.unknown +GET \/v1\/me +ci-orders +127.0.0.0\/24 +once/);
    expect((await gonogo("governance", "audit", "refusals", "--day", "soon")).code).toBe(2);
    expect((await gonogo("governance", "key", "list")).stdout).toContain("no key that is good");
    expect((await gonogo("governance", "key", "list", "--all")).stdout).toContain("revoked");
  });

  it("says what is wrong before it asks, and who may", async () => {
    const wrong = await gonogo("governance", "key", "create", "ci", "--scope", "everything", "--reason", "x");
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("release:write") });
    const args = ["key", "create", "ci", "--scope", "admin", "--reason", "x"];
    const other = await gonogo("pipeline", ...args);
    expect(other).toMatchObject({ code: 4, stderr: expect.stringContaining("Governance") });
    const long = await gonogo("governance", ...args, "--expires", "400d");
    expect(long).toMatchObject({ code: 1, stderr: expect.stringContaining("366 days at most") });
  });
});
