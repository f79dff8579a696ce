import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const LAUNCHER = fileURLToPath(new URL("../../bin/gonogo.js", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly node?: string;
  /** Sent once stdout has this in it. */
  readonly interruptAt?: string;
  /** So many milliseconds later. */
  readonly after?: number;
  /** stdout is closed after the first chunk. */
  readonly stopReading?: true;
  readonly cwd?: string;
}

/** Runs the real command through its launcher, with nothing of our own environment that it reads. */
export function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(GONOGO_|NO_COLOR|FORCE_COLOR|VITEST)/.test(name),
  );
  const child = spawn(options.node ?? process.execPath, [LAUNCHER, ...args], {
    env: { ...Object.fromEntries(kept), ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let stdout = "";
  let stderr = "";
  let interrupted = false;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    if (options.stopReading) child.stdout.destroy();
    if (!interrupted && options.interruptAt !== undefined && stdout.includes(options.interruptAt)) {
      interrupted = true;
      setTimeout(() => child.kill("SIGINT"), options.after ?? 0);
    }
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  // A command that refuses its line has ended before it reads what is piped into it.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
