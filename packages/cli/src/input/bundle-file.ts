import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { type BundleLine, readLine } from "@gonogo/core/audit/bundle";
import { SignedCheckpoint } from "@gonogo/core/audit/checkpoint";
import { fromPem, type PublicKey } from "@gonogo/core/audit/signature";
import { SignedSuccession } from "@gonogo/core/audit/succession";
import type { Earlier } from "@gonogo/core/audit/verify-bundle";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";
import { readTextFile } from "./text-file.ts";

/** The lines of a file, one after the other: a bundle may be larger than memory. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  if (path !== "-" && !existsSync(path)) {
    throw refused("file.missing", `${path}: there is no such file`, "Check the path.");
  }
  const input = path === "-" ? process.stdin : createReadStream(path);
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== "") yield line;
  }
}

/** Writes a line a value; the file is there once it is whole. Answers with the lines written. */
export async function writeLines(
  path: string,
  lines: AsyncIterable<BundleLine>,
  force: boolean,
): Promise<number> {
  if (existsSync(path) && !force) {
    throw refused("file.exists", `${path}: there is such a file already`, "Choose another, or add --force.");
  }
  const draft = `${path}.part`;
  const out = createWriteStream(draft, { flags: "w" });
  let count = 0;
  try {
    for await (const line of lines) {
      count += 1;
      if (!out.write(`${JSON.stringify(line)}\n`))
        await new Promise<void>((resolve) => out.once("drain", () => resolve()));
    }
    out.end();
    await finished(out);
  } catch (error) {
    out.destroy();
    rmSync(draft, { force: true });
    if (error instanceof Error && "syscall" in error) {
      throw refused("file.unwritable", `${path}: ${error.message}`, "Choose a place that you may write to.");
    }
    throw error;
  }
  renameSync(draft, path);
  return count;
}

/** A public key in PEM. */
export async function readKey(path: string): Promise<PublicKey> {
  const { text, name } = await readTextFile(path);
  const key = fromPem(text);
  if (key !== undefined) return key;
  const hint = "It is a PEM file that begins with BEGIN PUBLIC KEY; `gonogo audit key` says how to get it.";
  throw refused("audit.no-key", `${name}: there is no public key on P-256 in it`, hint);
}

/** What was signed earlier: a checkpoint or succession as a bucket has it, or all of those of a bundle. */
export async function readEarlier(path: string): Promise<Earlier[]> {
  const found: Earlier[] = [];
  for await (const text of linesOf(path)) {
    const value = parsed(text);
    const checkpoint = SignedCheckpoint.safeParse(value);
    if (checkpoint.success) found.push(checkpoint.data);
    const succession = SignedSuccession.safeParse(value);
    if (succession.success) found.push(succession.data);
    const read = readLine(text);
    if (!("line" in read)) continue;
    const { line } = read;
    if (line.kind === "checkpoint") found.push({ checkpoint: line.checkpoint, signature: line.signature });
    if (line.kind === "succession") found.push({ succession: line.succession, signatures: line.signatures });
  }
  if (found.length > 0) return found;
  throw refused(
    "audit.no-checkpoint",
    `${path}: there is no checkpoint in it`,
    "Name a bundle or a checkpoint.",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(code: string, message: string, hint: string): Failure {
  return new Failure({ code, exit: EXIT.refused, message, hint });
}
