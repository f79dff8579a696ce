import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LAUNCHER } from "./testing/run-cli.ts";
import { Stage } from "./testing/stage.ts";

const ESC = String.fromCharCode(27);
const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

/** A Node on the path that cannot run TypeScript, where there is one. */
const olderNode = (process.env.PATH ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "node"))
  .filter((file) => existsSync(file))
  .find((file) => /^v2[0-3]\./.test(execFileSync(file, ["--version"], { encoding: "utf8" })));

describe("the launcher", () => {
  it.skipIf(olderNode === undefined)("starts on an older Node, and hands on the exit code", async () => {
    const node = { node: olderNode ?? "" };
    expect(await stage.gonogo(["--version"], node)).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
    expect((await stage.gonogo(["nonsense"], node)).code).toBe(2);
    const { stdout } = await stage.gonogo(["plan", "lint", "--json", "-"], { ...node, stdin: "gonogo: 1" });
    expect(JSON.parse(stdout).ok).toBe(false);
  });

  it("is quiet on stderr", async () => {
    expect(await stage.gonogo(["--version"])).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
  });
});

describe("help", () => {
  it("documents the exit codes and has examples", async () => {
    const { code, stdout } = await stage.gonogo(["--help"]);
    expect(code).toBe(0);
    for (const exit of [0, 1, 2, 3, 4, 5, 130])
      expect(stdout).toMatch(new RegExp(`^ {2}${exit} {2,}\\S`, "m"));
    expect(stdout).toContain("gonogo simulate plan.yaml --alarm API5xxAlarm@T+17m");
  });

  it("has an example for every command, and the global options", async () => {
    const { buildProgram } = await import("./program.ts");
    const leaves = (command: ReturnType<typeof buildProgram>): (typeof command)[] =>
      command.commands.length === 0
        ? [command as never]
        : command.commands.flatMap((one) => leaves(one as never));
    for (const leaf of leaves(buildProgram(() => {}))) {
      let text = "";
      leaf.configureOutput({ writeOut: (part) => (text += part) });
      leaf.outputHelp();
      expect(text, leaf.name()).toMatch(/Examples?:\n {2}gonogo /);
      for (const option of ["--server", "--token", "--as", "--json", "--no-color"]) {
        expect(text, leaf.name()).toContain(option);
      }
    }
  });
});

describe("a line that is not understood", () => {
  it.each([
    [["plna"], "unknown command 'plna' (Did you mean plan?)", "See gonogo --help."],
    [["release", "strat"], "(Did you mean start?)", "See gonogo release --help."],
    [["release", "show"], "missing required argument 'release'", "See gonogo release show --help."],
    [["plan", "lint", "a", "b"], "too many arguments", "See gonogo plan lint --help."],
    [
      ["plan", "lint", "--jsn", "a"],
      "unknown option '--jsn' (Did you mean --json?)",
      "See gonogo plan lint --help.",
    ],
    [["whoami", "--server", "localhost"], '"localhost" is no address of a server', "Such as"],
    [["whoami", "--server", "ftp://x"], "is no address of a server", "Such as"],
    [["whoami", "--server", "http://me:pw@x"], "has a name or password in it", "GONOGO_TOKEN"],
    [["whoami", "--token", "a", "--as", "b"], "both say who you are", "one of them"],
    [
      ["whoami", "--as", "maya", "--server", "https://gonogo.example.com"],
      "on this machine only",
      "GONOGO_TOKEN",
    ],
    [["whoami", "--token", "abc", "--server", "http://gonogo.example.com"], "in clear text", "https"],
  ])("%j is answered with 2", async (args, what, next) => {
    const { code, stdout, stderr } = await stage.gonogo(args, { env: { GONOGO_SERVER: stage.server } });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(what);
    expect(stderr).toContain(next);
  });

  it("is a JSON value too where that is wished for", async () => {
    const { code, stdout } = await stage.gonogo(["plan", "lnt", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ code: "usage.unknownCommand", exit: 2 });
  });

  it("shows help for a group without a command, with 2", async () => {
    const { code, stdout, stderr } = await stage.gonogo(["plan"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("lint [options] <plan>");
  });
});

describe("a file that is no plan", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["too large", "x".repeat(50_000_000), "it has 50.0 MB; at most 1.0 MB are read"],
    ["with a NUL byte", "id: 1\n\u0000", "plan.bin:2: a NUL byte: this is no text"],
    ["in UTF-16", Buffer.from("\ufeffid: 1", "utf16le"), "it is UTF-16"],
    ["not UTF-8", Buffer.from([0x69, 0xff, 0xfe]), "it is not UTF-8"],
    ["empty", "", "it is empty"],
  ])("%s is refused before anything is sent", async (_, content, why) => {
    const asked = stage.api.requests.length;
    const { code, stderr } = await stage.gonogo(["plan", "lint", stage.file("plan.bin", content)]);
    expect(code).toBe(1);
    expect(stderr).toContain(why);
    expect(stage.api.requests).toHaveLength(asked);
  });

  it("too large is refused from stdin as well", async () => {
    const { code, stderr } = await stage.gonogo(["plan", "lint", "-"], { stdin: "x".repeat(3_000_000) });
    expect(code).toBe(1);
    expect(stderr).toContain("<stdin>: it has");
  });

  it("is missing, or a folder", async () => {
    mkdirSync(join(stage.folder, "folder"));
    expect((await stage.gonogo(["simulate", "none.yaml"])).stderr).toContain(
      "none.yaml: there is no such file",
    );
    expect((await stage.gonogo(["release", "start", "folder"])).stderr).toContain("folder: this is a folder");
  });
});

describe("who one is", () => {
  it("is told by whoami", async () => {
    const { code, stdout } = await stage.gonogo(["whoami"]);
    expect(code).toBe(0);
    expect(stdout).toContain("roles: Release Manager");
  });

  it.each([
    [["whoami"], { GONOGO_TOKEN: "otto" }, "Bearer otto"],
    [["whoami"], { GONOGO_TOKEN: " otto\n", GONOGO_AS: "cleo" }, "Bearer otto"],
    [["whoami", "--as", "cleo"], { GONOGO_TOKEN: "otto" }, "Demo cleo"],
    [["--as", "cleo", "whoami"], {}, "Demo cleo"],
    [["--as", "cleo", "whoami", "--as", "sven"], {}, "Demo sven"],
    [["whoami", "--token", "sven"], { GONOGO_TOKEN: "otto" }, "Bearer sven"],
  ])("%j with %j sends %s", async (args, env, header) => {
    const { code } = await stage.gonogo(args, {
      env: { GONOGO_SERVER: stage.server, GONOGO_AS: "", ...env },
    });
    expect(code).toBe(0);
    expect(stage.api.requests.at(-1)?.headers.authorization).toBe(header);
  });

  it("is answered with 4 where nobody is known by that name", async () => {
    const { code, stderr } = await stage.gonogo(["release", "list", "--as", "stranger"]);
    expect(code).toBe(4);
    expect(stderr).toContain("GONOGO_TOKEN");
  });

  it.each([
    ["an answer that repeats it", "tok-5ecret-value"],
    ["a header that could not be sent", "tok-5ecret\u00e9value"],
  ])("never shows the token: %s", async (_, token) => {
    for (const args of [["whoami"], ["whoami", "--json"], ["whoami", `--tokn=${token}`]]) {
      const { code, stdout, stderr } = await stage.gonogo(args, {
        env: { GONOGO_SERVER: stage.server, GONOGO_TOKEN: token },
      });
      expect([2, 4]).toContain(code);
      expect(stdout + stderr).not.toContain("5ecret");
    }
  });
});

describe("a server that is not there", () => {
  async function against(listener: RequestListener, args = ["whoami"]) {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      return await stage.gonogo(args, { env: { GONOGO_SERVER: address } });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const answer = (status: number, type: string, body: string): RequestListener => {
    return (_, response) => response.writeHead(status, { "content-type": type }).end(body);
  };

  it("is answered with 3, where it was looked for, and how to start one", async () => {
    const gone = new Stage();
    await gone.open();
    await gone.close();
    const { code, stderr } = await stage.gonogo(["whoami"], { env: { GONOGO_SERVER: gone.server } });
    expect(code).toBe(3);
    expect(stderr).toContain(`no gonogo answers at ${gone.server}: nothing listens there`);
    expect(stderr).toContain("npm start");
  });

  it.each<[string, RequestListener, string]>([
    ["another web server", answer(200, "text/html", "<h1>hello</h1>"), "a web page"],
    ["a proxy's error page", answer(502, "text/html", "<h1>bad</h1>"), "HTTP 502"],
    ["half an answer", answer(200, "application/json", '{"id":'), "ends too early"],
    ["an error that is none of ours", answer(400, "application/json", "[]"), "without a reason"],
    ["a connection that breaks off", (request) => request.socket.destroy(), "broke off"],
  ])("%s counts as none", async (_, listener, why) => {
    const { code, stderr } = await against(listener);
    expect(code).toBe(3);
    expect(stderr).toContain(why);
  });

  it("fails with 3 where gonogo itself fails", async () => {
    const body = JSON.stringify({
      type: "x",
      title: "x",
      status: 503,
      detail: "the store is away",
      code: "store.away",
    });
    const { code, stderr } = await against(answer(503, "application/problem+json", body));
    expect(code).toBe(3);
    expect(stderr).toContain("the store is away");
  });

  it("leaves open whether something was done, and gives the key to ask again with", async () => {
    const { code, stderr } = await against(
      (request) => request.socket.destroy(),
      ["release", "pause", "REL-1", "--reason", "x", "--key", "k-1"],
    );
    expect(code).toBe(3);
    expect(stderr).toContain("whether it was done is not known");
    expect(stderr).toContain("--key k-1");
  });
});

describe("a pipe", () => {
  it("that is closed early is no failure", async () => {
    const drive = stage.release(30);
    for (let turn = 0; turn < 200; turn++) {
      drive.person({ type: "Pause" });
      drive.person({ type: "Resume" });
    }
    const { code, stdout, stderr } = await stage.gonogo(["audit", "log", "REL-1", "--json"], {
      stopReading: true,
    });
    expect([code, stderr]).toEqual([0, ""]);
    expect(() => JSON.parse(stdout), "the whole log went through, and so nothing was tried").toThrow();
  });
});

const script = ["/usr/bin/script", "/bin/script"].find((file) => existsSync(file));

describe.skipIf(script === undefined)("a terminal", () => {
  /** Runs the command on a terminal of 90 columns that `script` makes. */
  function onTerminal(args: string): Promise<string> {
    const line = `stty cols 90 rows 24; ${process.execPath} ${LAUNCHER} ${args}; echo exit=$?`;
    const env = { ...process.env, GONOGO_SERVER: stage.server, GONOGO_AS: "maya", TERM: "xterm" };
    const child = spawn(script ?? "", ["-qec", line, "/dev/null"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    return new Promise((resolve) => {
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      child.on("close", () => resolve(text));
    });
  }

  it("is drawn over while a release is watched", async () => {
    const drive = stage.release(5);
    let looks = 0;
    stage.api.onLook = () => {
      looks += 1;
      if (looks === 7) drive.person({ type: "Rollback" });
      if (looks > 7) stage.pass(drive, Date.parse(drive.now) + 12 * 60_000);
    };
    const text = await onTerminal("release watch REL-1 --every 100ms");
    expect(text).toContain(`${ESC}[1mREL-1${ESC}[22m`);
    expect(text).toMatch(new RegExp(`${ESC}\\[\\d+A\\r${ESC}\\[1mREL-1`));
    expect(text).toContain("REL-1 has ended: rolled-back, not completed");
    expect(text).toContain("exit=5");
  });

  it("gets plain text where that is wished for", async () => {
    stage.release(5);
    stage.api.onLook = () => {};
    expect(await onTerminal("release show REL-1")).toContain(`${ESC}[36mrunning${ESC}[39m`);
    expect(await onTerminal("release show REL-1 --no-color")).not.toContain(ESC);
  });

  it("gets no line longer than it is wide", async () => {
    const text = await onTerminal("release show REL-1 --no-color");
    const table = text.split("\r\n").filter((line) => /^ {2}T/.test(line));
    expect(table.length).toBeGreaterThan(3);
    for (const line of table) expect(line.length).toBeLessThanOrEqual(90);
  });
});
