import { readFileSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aliasAt } from "../support/aws.ts";
import { clientOf } from "../support/people.ts";
import { type GonogoProcess, NotStarted, startProcess, temporaryDirectory } from "../support/process.ts";
import { Stage } from "../support/stage.ts";

const TIMEOUT = 60_000;
/** The long search takes every moment; an ordinary run some of them. */
const EVERY = process.env.GONOGO_KILLS === "all";

async function notStarted(work: Promise<GonogoProcess>): Promise<NotStarted> {
  try {
    const process = await work;
    await process.kill();
  } catch (error) {
    if (error instanceof NotStarted) return error;
    throw error;
  }
  throw new Error("it started, and should not have");
}

/**
 * Takes a port whose neighbour below is free. Below the range that systems give out for connections of their
 * own, or another test's connection could take the neighbour in the meantime.
 */
async function takeOneOfTwo(): Promise<{ taken: Server; port: number }> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const [below, taken] = [await listening(port - 1), await listening(port)];
    await new Promise((resolve) => (below === undefined ? resolve(undefined) : below.close(resolve)));
    if (below !== undefined && taken !== undefined) return { taken, port };
    taken?.close();
  }
  throw new Error("no two ports in a row are free");
}

function listening(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

/** One sentence for a person, without the traces of a crash. */
function expectPlain({ code, said }: NotStarted, words: RegExp): void {
  expect(said).toMatch(words);
  expect(said.trim().split("\n")).toHaveLength(1);
  expect(said).toMatch(/^gonogo: /);
  expect(said).not.toMatch(/\.ts:\d|at \w+ \(|node:internal/);
  expect(code).toBe(1);
}

describe("a start", { timeout: TIMEOUT }, () => {
  it("makes the hooks' secrets once, for its owner's eyes only, and does not tell them", async () => {
    using directory = temporaryDirectory();
    const first = await startProcess({ directory: directory.path, sample: false });
    const file = join(directory.path, "secrets.json");
    const text = readFileSync(file, "utf8");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const secrets = [...text.matchAll(/"([0-9a-f]{64})"/g)].map(([, secret = ""]) => secret);
    expect(new Set(secrets).size).toBeGreaterThanOrEqual(4);
    const token = (JSON.parse(text) as { generic: { tokens: string[] } }).generic.tokens[0];
    const body = JSON.stringify({ name: "x", state: "alarm", at: "2026-05-05T10:00:00Z" });
    const post = async (address: string, system: string, authorization: string) =>
      (await fetch(`${address}/hooks/${system}`, { method: "POST", headers: { authorization }, body }))
        .status;
    expect(await post(first.address, "generic", `Bearer ${token}`)).toBe(202);
    expect(await post(first.address, "generic", "Bearer guessed")).toBe(401);
    expect(await post(first.address, "cloudwatch-sns", `Bearer ${token}`)).toBe(404);
    await first.kill();
    const second = await startProcess({ directory: directory.path, sample: false });
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(await post(second.address, "generic", `Bearer ${token}`)).toBe(202);
    expect(await second.end()).toBe(0);
    for (const secret of secrets) expect(first.said() + second.said()).not.toContain(secret);
  });

  it("with a broken file of secrets says so, and not what is in it", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "secrets.json");
    for (const text of ['{"generic": {"tokens": ["hunter2"', '{"generic": {"tokens": "hunter2"}}']) {
      writeFileSync(file, text);
      const ended = await notStarted(startProcess({ directory: directory.path, sample: false }));
      expectPlain(ended, /secrets\.json cannot be used/);
      expect(ended.said).not.toContain("hunter2");
    }
  });

  it("on a directory that another uses is refused, and does the other no harm", async () => {
    using directory = temporaryDirectory();
    const first = await startProcess({ directory: directory.path, sample: false });
    const ended = await notStarted(startProcess({ directory: directory.path, sample: false }));
    expectPlain(ended, /another gonogo \(process \d+\) uses this data directory/);
    expect(ended.said).toContain(String(first.pid));
    expect((await fetch(`${first.address}/healthz`)).status).toBe(200);
    expect(await first.end()).toBe(0);
  });

  it("on a directory that another uses is refused with a DynamoDB of one's own too", async () => {
    using directory = temporaryDirectory();
    using elsewhere = temporaryDirectory();
    const lender = await startProcess({ directory: elsewhere.path, sample: false });
    const endpoint = dynamodbOf(lender.pid);
    const env = { GONOGO_DYNAMODB_ENDPOINT: endpoint };
    const first = await startProcess({ directory: directory.path, sample: false, env });
    const ended = await notStarted(startProcess({ directory: directory.path, sample: false, env }));
    expectPlain(ended, /another gonogo \(process \d+\) uses this data directory/);
    expect(await first.end()).toBe(0);
    const again = await startProcess({ directory: directory.path, sample: false, env });
    expect(await again.end()).toBe(0);
    expect(await lender.end()).toBe(0);
  });

  it.each([0, 1])("on a port that is taken is refused, that of the AWS APIs (+%i) as well", async (which) => {
    using directory = temporaryDirectory();
    const { taken, port } = await takeOneOfTwo();
    const ended = await notStarted(
      startProcess({ directory: directory.path, port: port - which, sample: false }),
    );
    expectPlain(ended, new RegExp(`port ${port} is taken.*--port`));
    await new Promise((resolve) => taken.close(resolve));
    // What was begun was ended: the directory is free.
    const next = await startProcess({ directory: directory.path, sample: false });
    expect(await next.end()).toBe(0);
  });

  it("with GONOGO_DYNAMODB_ENDPOINT where nothing answers says so", async () => {
    const tried = ["http://127.0.0.1:9", "nonsense", "http://"].map(async (endpoint) => {
      using directory = temporaryDirectory();
      const env = { GONOGO_DYNAMODB_ENDPOINT: endpoint };
      const ended = await notStarted(startProcess({ directory: directory.path, sample: false, env }));
      expectPlain(ended, /GONOGO_DYNAMODB_ENDPOINT/);
      expect(ended.said).toContain(endpoint);
    });
    await Promise.all(tried);
  });

  it("with an option that is none says what is allowed", async () => {
    const options = ["--bogus", "--port=x", "--port=70000", "--speed=0", "--speed=fast", "word"];
    const tried = options.map(async (option) => {
      using directory = temporaryDirectory();
      const ended = await notStarted(startProcess({ directory: directory.path, more: [option] }));
      expectPlain(ended, new RegExp(option.split("=")[0] ?? ""));
    });
    await Promise.all(tried);
  });

  it("that is killed before it is ready is made good by the next", async () => {
    using measured = temporaryDirectory();
    const whole = await startProcess({ directory: measured.path });
    await whole.kill();
    // The first part of a start only loads code; from then on each step leaves something on the disk.
    for (const part of EVERY ? [0.6, 0.75, 0.85, 0.95] : [0.7, 0.9]) {
      using directory = temporaryDirectory();
      const ms = Math.round(whole.readyMs * part);
      const about = `killed ${ms} ms after the start`;
      await startProcess({ directory: directory.path, killAfterMs: ms }).then(
        (running) => running.kill(),
        (error: unknown) => {
          if (!(error instanceof NotStarted)) throw error;
          expect(error.said, about).toBe("");
        },
      );
      const server = await startProcess({ directory: directory.path });
      const manager = clientOf(server.address, "release-manager");
      const { release = "" } = await manager.demo();
      expect((await manager.release(release)).status, about).toMatch(/^(gates|ready)$/);
      const listed = await manager.releases();
      expect(
        listed.items.map(({ id }) => id),
        about,
      ).toEqual([release]);
      expect(await aliasAt(server.awsAddress), about).toMatchObject({ version: "41", weights: {} });
      await server.kill();
    }
  });

  it("with a directory that cannot be one says so", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "file");
    writeFileSync(file, "");
    expectPlain(await notStarted(startProcess({ directory: join(file, "x"), sample: false })), /directory/);
  });
});

describe("an end", { timeout: TIMEOUT }, () => {
  it.each([
    ["SIGTERM", "server"],
    ["SIGINT", "group"],
  ] as const)("by %s to the %s is clean, in the middle of a release", async (name, which) => {
    using directory = temporaryDirectory();
    const stage = await Stage.open({ directory: directory.path, speed: 300 });
    await stage.submit({ id: "REL-END" });
    await stage.until("REL-END", (records) => records.some(({ event }) => event.type === "ShiftDone"));
    const child = stage.process.dynamodbPid();
    const began = performance.now();
    expect(await stage.process.end(name, which)).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(stage.process.said()).not.toMatch(/error|warn/i);
    while (isAlive(child)) {
      expect(performance.now() - began).toBeLessThan(5_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
});

describe("DynamoDB's process", { timeout: TIMEOUT }, () => {
  it("that is killed in mid-release is started again, and the release goes on", async () => {
    using directory = temporaryDirectory();
    const stage = await Stage.open({ directory: directory.path, speed: 300 });
    const id = "REL-CHILD";
    await stage.submit({ id });
    const shifted = (records: readonly { event: { type: string } }[]) =>
      records.some(({ event }) => event.type === "ShiftDone");
    await stage.until(id, shifted);
    for (let time = 0; time < 3; time++) {
      process.kill(stage.process.dynamodbPid(), "SIGKILL");
      await answersAgain(stage);
    }
    await stage.until(id, (records) => records.some(({ event }) => event.type === "ReleaseCompleted"));
    expect((await stage.as("qa").verify(id)).ok).toBe(true);
    expect(stage.process.said()).toContain("DynamoDB was started again");
    expect(await stage.process.end()).toBe(0);
  });
});

describe("the dials", { timeout: TIMEOUT }, () => {
  it("are turned by people of the demonstration, within their bounds", async () => {
    using directory = temporaryDirectory();
    const server = await startProcess({ directory: directory.path });
    const turn = async (body: string, headers: Record<string, string>) => {
      const { status } = await fetch(`${server.address}/v1/demo`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      });
      return status;
    };
    const qa = { authorization: "Demo qa" };
    expect(await turn('{"speed":120}', qa)).toBe(200);
    expect(await turn('{"speed":120}', {})).toBe(401);
    expect(await turn('{"speed":120}', { ...qa, "content-type": "text/plain" })).toBe(415);
    expect(await turn('{"restart":true}', qa)).toBe(409);
    for (const body of ['{"speed":0}', '{"speed":1e9}', '{"speed":"fast"}', '{"dial":1}', "[]", "null", "{"])
      expect([body, await turn(body, qa)]).toEqual([body, 422]);
    expect((await clientOf(server.address, "qa").demo()).speed).toBe(120);
    await server.kill();
  });
});

describe("the doors of the process", { timeout: TIMEOUT }, () => {
  it("are for this machine's own names, and no larger than they say", async () => {
    using directory = temporaryDirectory();
    const server = await startProcess({ directory: directory.path });
    const { port } = new URL(server.address);
    const { port: awsPort } = new URL(server.awsAddress);
    for (const host of ["evil.example", `127.0.0.1.evil.example:${port}`, "169.254.169.254", "0.0.0.0"]) {
      for (const path of ["/v1/me", "/", "/docs", "/healthz", "/hooks/generic"]) {
        const answer = await send(Number(port), path, { host, authorization: "Demo qa" });
        expect([host, path, answer.status, answer.type]).toEqual([
          host,
          path,
          421,
          "application/problem+json",
        ]);
      }
      expect((await send(Number(awsPort), "/", { host })).status).toBe(421);
    }
    expect((await send(Number(port), "/v1/me", { authorization: "Demo qa" })).status).toBe(200);
    const headers = { authorization: "Demo qa", "content-type": "application/json", "idempotency-key": "k" };
    for (const path of ["/v1/releases", "/hooks/generic", "/v1/demo"]) {
      expect((await send(Number(port), path, headers, 50)).status).toBe(413);
      const chunked = { ...headers, "transfer-encoding": "chunked" };
      expect((await send(Number(port), path, chunked, 50)).status).toBe(413);
    }
    expect((await send(Number(awsPort), "/", { "transfer-encoding": "chunked" }, 50)).status).toBe(413);
    expect(
      (await send(Number(port), "/v1/demo", { ...headers, "content-type": "text/plain" }, 0.001)).status,
    ).toBe(415);
    expect((await send(Number(port), "/healthz", {})).status).toBe(200);
    for (const path of ["/", "/v1/demo", "/v1/me", "/healthz", "/docs", "/nowhere"]) {
      const { headers: given } = await fetch(`${server.address}${path}`);
      expect([path, given.get("x-content-type-options")]).toEqual([path, "nosniff"]);
      expect([path, given.get("content-security-policy")]).toEqual([path, expect.stringContaining("'self'")]);
      expect([path, given.get("access-control-allow-origin")]).toEqual([path, null]);
    }
    await server.kill();
  });
});

/** A request as no browser would make it. `megabytes` of spaces are its body. Status 0: the line was cut. */
function send(
  port: number,
  path: string,
  headers: Record<string, string>,
  megabytes?: number,
): Promise<{ status: number; type: string | undefined }> {
  return new Promise((resolve) => {
    const method = megabytes === undefined ? "GET" : "POST";
    const outgoing = request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, type: answer.headers["content-type"] });
    });
    outgoing.on("error", () => resolve({ status: 0, type: undefined }));
    const body = Buffer.alloc((megabytes ?? 0) * 1_000_000, 0x20);
    if (headers["transfer-encoding"] === undefined) outgoing.setHeader("content-length", body.length);
    outgoing.end(megabytes === undefined ? undefined : body);
  });
}

async function answersAgain(stage: Stage): Promise<void> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    try {
      await stage.as("qa").releases();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`the store does not come back: ${stage.process.said()}`);
}

/** Whether a process lives. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The port is on the command line of the child alone. */
function dynamodbOf(parent: number): string {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ");
  for (const child of children) {
    const line = readFileSync(`/proc/${child}/cmdline`, "utf8").split("\0");
    const at = line.indexOf("--port");
    if (at >= 0) return `http://127.0.0.1:${line[at + 1]}`;
  }
  throw new Error(`process ${parent} has no DynamoDB`);
}
