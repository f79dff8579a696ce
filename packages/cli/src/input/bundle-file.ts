import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { type BundleLine, readLine } from "@gonogo/core/audit/bundle";
import { SignedCheckpoint } from "@gonogo/core/audit/checkpoint";
import { fromPem, type PublicKey } from "@gonogo/core/audit/signature";
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

/** What was signed earlier: a checkpoint as the bucket for evidence has it, or the checkpoints of a bundle. */
export async function readEarlier(path: string): Promise<SignedCheckpoint[]> {
  const found: SignedCheckpoint[] = [];
  for await (const text of linesOf(path)) {
    const single = SignedCheckpoint.safeParse(parsed(text));
    if (single.success) found.push(single.data);
    const read = readLine(text);
    if ("line" in read && read.line.kind === "checkpoint") {
      const { checkpoint, signature } = read.line;
      found.push({ checkpoint, signature });
    }
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
