import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, emulatorBinary, startEmulator } from "./emulator.ts";
import { indexStream } from "./stream-index.ts";
import { createTables } from "./tables.ts";
import { productTable } from "./testing.ts";

const config = (endpoint: string) => ({
  region: "us-east-1",
  endpoint,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.skipIf(emulatorBinary() === undefined)("the emulator's supervisor", () => {
  let directory = "";
  const running: Emulator[] = [];
  const start = async (options: Parameters<typeof startEmulator>[0] = { directory }) => {
    const emulator = await startEmulator(options);
    running.push(emulator);
    return emulator;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "gonogo-dynamodb-"));
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("keeps its data from one start to the next, and leaves no process", async () => {
    const first = await start();
    const client = new DynamoDBClient(config(first.endpoint));
    await createTables(client, [productTable("kept")]);
    const Key = { pk: { S: "a" }, sk: { S: "1" } };
    await client.send(new PutItemCommand({ TableName: "kept", Item: Key }));
    const { pid } = first;
    expect(alive(pid)).toBe(true);
    await first.stop();
    expect(alive(pid)).toBe(false);
    expect(existsSync(join(directory, "dynamodb.pid"))).toBe(false);
    const second = await start();
    const again = new DynamoDBClient(config(second.endpoint));
    expect((await again.send(new GetItemCommand({ TableName: "kept", Key }))).Item).toEqual(Key);
  });

  it("finds the end of a long stream by an index", async () => {
    await start();
    const database = new DatabaseSync(join(directory, "dynamodb.sqlite"));
    const how = database
      .prepare(
        "EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?",
      )
      .all("any")
      .map(({ detail }) => String(detail));
    database.close();
    expect(how.join()).toContain("gonogo_stream_order");
    expect(indexStream(join(directory, "dynamodb.sqlite"))).toBe(true);
    expect(indexStream(join(directory, "of-another-layout.sqlite"))).toBe(false);
  });

  it("starts the child again, at the same address, with what was acknowledged", async () => {
    const restarts: string[] = [];
    const emulator = await start({ directory, onRestart: (why) => restarts.push(why) });
    const client = new DynamoDBClient(config(emulator.endpoint));
    await createTables(client, [productTable("kept")]);
    const Key = { pk: { S: "a" }, sk: { S: "1" } };
    await client.send(new PutItemCommand({ TableName: "kept", Item: Key }));
    const before = emulator.pid;
    process.kill(before, "SIGKILL");
    await expect.poll(() => emulator.pid, { timeout: 5_000 }).not.toBe(before);
    await expect
      .poll(
        () =>
          client.send(new GetItemCommand({ TableName: "kept", Key })).then(
            ({ Item }) => Item,
            () => undefined,
          ),
        {
          timeout: 5_000,
        },
      )
      .toEqual(Key);
    expect(restarts.length).toBe(1);
  });

  it("ends with its parent, however that ends", async () => {
    const module = new URL("./emulator.ts", import.meta.url).href;
    const parent = spawn(process.execPath, [
      "--input-type=module",
      "-e",
      `const { startEmulator } = await import(${JSON.stringify(module)});
       const emulator = await startEmulator({ directory: ${JSON.stringify(directory)} });
       console.log(emulator.pid); setInterval(() => {}, 1000);`,
    ]);
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (text) => resolve(Number(text))),
    );
    expect(alive(pid)).toBe(true);
    // A second one on the same data is refused while the first lives.
    await expect(startEmulator({ directory })).rejects.toThrow(`process ${parent.pid}`);
    parent.kill("SIGKILL");
    await expect.poll(() => alive(pid), { timeout: 5_000 }).toBe(false);
    const next = await start();
    expect(JSON.parse(readFileSync(join(directory, "dynamodb.pid"), "utf8"))).toEqual({
      pid: next.pid,
      parent: process.pid,
    });
  });

  it("ends a child that an earlier engine left behind, and no other process", async () => {
    const binary = emulatorBinary() ?? "";
    const orphan = spawn(binary, ["serve", "--port", "0", "--db-path", join(directory, "dynamodb.sqlite")], {
      stdio: "ignore",
    });
    const gone = new Promise((resolve) => orphan.once("exit", (_, signal) => resolve(signal)));
    await new Promise((resolve) => orphan.once("spawn", resolve));
    const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const dead = spawn("true");
    await new Promise((resolve) => dead.once("exit", resolve));
    const file = join(directory, "dynamodb.pid");
    writeFileSync(file, JSON.stringify({ pid: orphan.pid, parent: dead.pid }));
    await (await start()).stop();
    expect(await gone).toBe("SIGKILL");
    writeFileSync(file, JSON.stringify({ pid: bystander.pid, parent: dead.pid }));
    await start();
    expect(alive(bystander.pid ?? 0)).toBe(true);
    bystander.kill();
  });

  it("keeps nothing where no directory is given", async () => {
    const emulator = await start({});
    await createTables(new DynamoDBClient(config(emulator.endpoint)), [productTable("gone")]);
    expect(emulator.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
