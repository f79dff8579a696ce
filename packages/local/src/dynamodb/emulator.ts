import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { indexStream } from "./stream-index.ts";

/**
 * DynamoDB for the engine on the wall clock: dynoxide (Rust, SQLite), a child process on a loopback port.
 * What it has acknowledged survives `kill -9` of either process.
 */
export interface Emulator {
  readonly endpoint: string;
  /** The process that serves now; another one after it died. */
  readonly pid: number;
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** Where the data file lies; in memory where none is given. */
  readonly directory?: string;
  /** Told when the child has died and is started again. */
  readonly onRestart?: (why: string) => void;
}

/** Milliseconds until a child that does not answer is given up. */
const START_PATIENCE = 10_000;
const LONGEST_PAUSE = 5_000;

/**
 * The child ends with its parent, however that ends: a shell reads from a pipe that only the parent holds,
 * and kills the child when the pipe closes.
 */
const GUARD = `exec 3<&0
"$@" </dev/null 3<&- &
child=$!
( read -r _ <&3; kill -9 "$child" ) 2>/dev/null &
guard=$!
echo "$child"
wait "$child"; status=$?
kill "$guard" 2>/dev/null
exit "$status"`;

/** The path of the emulator's program, or undefined where there is none for this platform. */
export function emulatorBinary(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `@dynoxide/${process.platform}-${process.arch}/package.json`,
    );
    const binary = join(manifest, "..", "dynoxide");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** Throws where there is no build for the platform, where another engine uses the directory, or at a time-out. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const binary = emulatorBinary();
  if (binary === undefined) {
    throw new Error(
      `there is no DynamoDB emulator for ${process.platform}-${process.arch} (the package @dynoxide/${process.platform}-${process.arch} is not installed). ` +
        "Set GONOGO_DYNAMODB_ENDPOINT to the address of another one, such as http://127.0.0.1:8000 for DynamoDB Local",
    );
  }
  const emulator = new Supervisor(binary, options);
  await emulator.start();
  return emulator;
}

class Supervisor implements Emulator {
  readonly #binary: string;
  readonly #options: EmulatorOptions;
  #port = 0;
  #pid = 0;
  #shell: ChildProcess | undefined;
  #stopping = false;
  #pause = 50;

  constructor(binary: string, options: EmulatorOptions) {
    this.#binary = binary;
    this.#options = options;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number {
    return this.#pid;
  }

  async start(): Promise<void> {
    const { directory } = this.#options;
    if (directory !== undefined) {
      mkdirSync(directory, { recursive: true });
      await endStale(join(directory, PID_FILE), this.#binary);
    }
    for (let tries = 1; ; tries++) {
      this.#port = await freePort();
      try {
        await this.#run();
        if (directory !== undefined) indexStream(join(directory, DATA_FILE));
        return;
      } catch (error) {
        // Another process may have been faster on the port.
        if (tries === 3) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const shell = this.#shell;
    if (shell !== undefined && shell.exitCode === null && shell.signalCode === null) {
      const ended = new Promise((resolve) => shell.once("exit", resolve));
      if (this.#pid > 0) kill(this.#pid, "SIGTERM");
      const late = setTimeout(() => kill(this.#pid, "SIGKILL"), 2_000);
      await ended;
      clearTimeout(late);
    }
    if (this.#options.directory !== undefined)
      rmSync(join(this.#options.directory, PID_FILE), { force: true });
  }

  async #run(): Promise<void> {
    const { directory } = this.#options;
    const data = directory === undefined ? [] : ["--db-path", join(directory, DATA_FILE)];
    const command = [this.#binary, "serve", "--host", "127.0.0.1", "--port", String(this.#port), ...data];
    // A group of its own: Ctrl+C in a terminal is for the parent, which ends the child when it is done.
    const shell = spawn("sh", ["-c", GUARD, "sh", ...command], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#shell = shell;
    const said: string[] = [];
    shell.stderr.on("data", (text: Buffer) => said.push(text.toString()));
    const ended = new Promise<string>((resolve) =>
      shell.once("exit", (code, signal) => resolve(said.join("").trim() || `ended with ${signal ?? code}`)),
    );
    shell.stdin.on("error", () => {});
    this.#pid = await new Promise<number>((resolve, reject) => {
      shell.once("error", reject);
      shell.stdout.once("data", (line: Buffer) => resolve(Number(line.toString().split("\n")[0])));
      void ended.then((why) => reject(new Error(`the DynamoDB emulator did not start: ${why}`)));
    });
    shell.stdout.resume();
    if (directory !== undefined) writePid(join(directory, PID_FILE), this.#pid);
    await this.#answers(ended);
    // A supervised child keeps nobody awake.
    shell.unref();
    for (const pipe of [shell.stdin, shell.stdout, shell.stderr]) (pipe as { unref?: () => void }).unref?.();
    void ended.then((why) => this.#ended(why));
  }

  async #answers(ended: Promise<string>): Promise<void> {
    const since = Date.now();
    let why: string | undefined;
    void ended.then((text) => {
      why = text;
    });
    while (why === undefined && Date.now() - since < START_PATIENCE) {
      if (await healthy(this.endpoint)) {
        this.#pause = 50;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    kill(this.#pid, "SIGKILL");
    throw new Error(`the DynamoDB emulator does not answer at ${this.endpoint}: ${why ?? "it waits"}`);
  }

  async #ended(why: string): Promise<void> {
    while (!this.#stopping) {
      this.#options.onRestart?.(why);
      try {
        await this.#run();
        return;
      } catch (error) {
        this.#options.onRestart?.(String(error));
        await new Promise((resolve) => setTimeout(resolve, this.#pause));
        this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
      }
    }
  }
}

async function healthy(endpoint: string): Promise<boolean> {
  try {
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.ListTables",
        authorization:
          "AWS4-HMAC-SHA256 Credential=local/20250101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        "x-amz-date": "20250101T000000Z",
      },
      body: "{}",
      signal: AbortSignal.timeout(1_000),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

const PID_FILE = "dynamodb.pid";
const DATA_FILE = "dynamodb.sqlite";

function writePid(file: string, pid: number): void {
  writeFileSync(file, JSON.stringify({ pid, parent: process.pid }));
}

/** Ends the child of an engine that is no more, if it still holds the data file. */
async function endStale(file: string, binary: string): Promise<void> {
  if (!existsSync(file)) return;
  const { pid, parent } = readPid(file);
  if (pid === 0 || !isOurs(pid, binary)) return;
  if (parent !== process.pid && isAlive(parent)) {
    throw new Error(
      `another gonogo (process ${parent}) uses this data directory: stop it, or give this one another directory (${file})`,
    );
  }
  kill(pid, "SIGKILL");
  for (let turn = 0; turn < 200 && isOurs(pid, binary); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function readPid(file: string): { pid: number; parent: number } {
  try {
    const { pid, parent } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    return { pid: Number(pid) || 0, parent: Number(parent) || 0 };
  } catch {
    return { pid: 0, parent: 0 };
  }
}

/** A process number is used again: only one that runs the emulator's program is ours to end. */
function isOurs(pid: number, binary: string): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).startsWith(basename(binary));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
