import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measured } from "./kit.ts";

/** From the command to the line that says it is ready: on an empty directory, and again on a used one. */
export async function ready(): Promise<Measured[]> {
  const directory = mkdtempSync(join(tmpdir(), "gonogo-bench-"));
  try {
    const first = await once(directory);
    const again = await once(directory);
    return [
      { what: "npm start until ready, first", value: `${(first / 1000).toFixed(2)} s`, beside: "aim: 3 s" },
      { what: "npm start until ready, again", value: `${(again / 1000).toFixed(2)} s` },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function once(directory: string): Promise<number> {
  const began = performance.now();
  const child = spawn("npm", ["start", "--", "--directory", directory, "--port", "0"], { detached: true });
  const took = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (text: Buffer) => {
      if (text.toString().includes("gonogo is ready")) resolve(performance.now() - began);
    });
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}`)));
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  await ended;
  return took;
}
