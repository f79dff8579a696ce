import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const START = new URL("../../packages/local/src/start.ts", import.meta.url).pathname;
/** Milliseconds in which a server must be ready, on a machine that is busy. */
const PATIENCE = 25_000;

/** gonogo as `npm start` starts it, in a process of its own. */
export interface GonogoProcess {
  readonly pid: number;
  readonly address: string;
  readonly awsAddress: string;
  /** From the start of the process to the line that says so. */
  readonly readyMs: number;
  /** All that it has written, on both. */
  readonly said: () => string;
  /** `kill -9`, of the server alone or of DynamoDB's process with it, and waits until it is gone. */
  kill(which?: "server" | "both"): Promise<void>;
  /** DynamoDB's process; another one after it has been started again. */
  readonly dynamodbPid: () => number;
  /** Sends a signal, to the group as a terminal does with Ctrl+C, and returns the exit code. */
  end(signal?: NodeJS.Signals, which?: "server" | "group"): Promise<number | null>;
}

export interface StartOptions {
  readonly directory: string;
  readonly port?: number;
  readonly speed?: number;
  readonly sample?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Options besides these. */
  readonly more?: readonly string[];
  /** Kills it so long after it was begun, ready or not. */
  readonly killAfterMs?: number;
}

/** A process that ended instead of getting ready. */
export class NotStarted extends Error {
  readonly code: number | null;
  readonly said: string;
  constructor(code: number | null, said: string) {
    super(`gonogo ended with ${code}: ${said}`);
    this.code = code;
    this.said = said;
  }
}

/** A test that fails half-way leaves no server behind. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Throws NotStarted when it ends before it is ready. */
export async function startProcess(options: StartOptions): Promise<GonogoProcess> {
  const { directory, port = 0, speed, sample = true, env = {}, more = [], killAfterMs } = options;
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [
      START,
      "--directory",
      directory,
      "--port",
      String(port),
      ...(speed === undefined ? [] : ["--speed", String(speed)]),
      ...(sample ? [] : ["--no-sample"]),
      ...more,
    ],
    { stdio: ["ignore", "pipe", "pipe"], detached: true, env: { ...process.env, ...env } },
  );
  running.add(child);
  child.once("close", () => running.delete(child));
  if (killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  let said = "";
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`gonogo is not ready after ${PATIENCE} ms: ${said}`));
    }, PATIENCE);
    const hear = (text: Buffer) => {
      said += text.toString();
      if (!said.includes("it goes on where it was.")) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void ended.then((code) => {
      clearTimeout(late);
      reject(new NotStarted(code, said));
    });
  });
  const readyMs = performance.now() - began;
  const dynamodbPid = () =>
    (JSON.parse(readFileSync(join(directory, "dynamodb/dynamodb.pid"), "utf8")) as { pid: number }).pid;
  return {
    dynamodbPid,
    pid: child.pid ?? 0,
    address: /gonogo is ready .*?(http:\S+)/.exec(said)?.[1] ?? "",
    awsAddress: /AWS APIs of the engine: +(http:\S+)/.exec(said)?.[1] ?? "",
    readyMs,
    said: () => said,
    kill: async (which = "server") => {
      if (which === "both") process.kill(dynamodbPid(), "SIGKILL");
      signal(child, child.pid ?? 0, "SIGKILL");
      await ended;
    },
    end: async (name = "SIGTERM", which = "server") => {
      signal(child, which === "group" ? -(child.pid ?? 0) : (child.pid ?? 0), name);
      return await ended;
    },
  };
}

function signal(child: ChildProcess, pid: number, name: NodeJS.Signals): void {
  if (child.exitCode === null && child.signalCode === null && pid !== 0) process.kill(pid, name);
}

/** A directory that is gone afterwards. */
export function temporaryDirectory(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "gonogo-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
