import { createReadStream, type ReadStream, statSync } from "node:fs";
import { EXIT } from "../exit.ts";
import { Failure, misuse } from "../failure.ts";

export interface TextFile {
  /** As problems name it. */
  readonly name: string;
  readonly text: string;
}

/** The longest plan or runbook we know of is a tenth of this. */
export const LONGEST_TEXT = 1_000_000;
/** A log of a year's release, several times over. */
export const LONGEST_LOG = 64_000_000;

export const STDIN_NAME = "<stdin>";

/**
 * Reads a text that was named on the command line, `-` for stdin. Throws a Failure that says what the file
 * is instead: missing, a folder, too large, empty, or no text.
 */
export async function readTextFile(path: string, longest = LONGEST_TEXT): Promise<TextFile> {
  const name = path === "-" ? STDIN_NAME : path;
  if (path === "") throw misuse("file", "the file's name is empty", "Give a path, or - for stdin.");
  if (path !== "-") refuseByLooks(path, longest);
  const bytes = await readBytes(name, path === "-" ? process.stdin : createReadStream(path), longest);
  return { name, text: textOf(name, bytes) };
}

/** Several texts; stdin can be only one of them. */
export async function readTextFiles(paths: readonly string[]): Promise<TextFile[]> {
  if (paths.filter((path) => path === "-").length > 1) {
    throw misuse("stdin-twice", "stdin (-) can be read once", "Put the other text in a file.");
  }
  const files: TextFile[] = [];
  for (const path of paths) files.push(await readTextFile(path));
  return files;
}

function refuseByLooks(path: string, longest: number): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw unreadable(path, "file.missing", "there is no such file", "Check the path.");
  if (stat.isDirectory()) {
    throw unreadable(path, "file.folder", "this is a folder", "Name the file in it that you mean.");
  }
  if (stat.isFile() && stat.size > longest) throw tooLarge(path, stat.size, longest);
}

async function readBytes(
  name: string,
  stream: ReadStream | typeof process.stdin,
  longest: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      // A pipe or a device says nothing of its size beforehand, and may never end.
      if (size > longest) throw tooLarge(name, size, longest);
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    const why = (error as { code?: unknown }).code === "EACCES" ? "you may not read it" : "it cannot be read";
    throw unreadable(name, "file.unreadable", why, error instanceof Error ? error.message : undefined);
  }
  return Buffer.concat(chunks);
}

function textOf(name: string, bytes: Buffer): string {
  if (bytes.length === 0) throw unreadable(name, "file.empty", "it is empty", undefined);
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const why = utf16 ? "it is UTF-16" : "a NUL byte: this is no text";
    throw unreadable(`${name}:${lineOf(bytes, nul)}`, "file.not-text", why, "Save it as UTF-8 text.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(name, "file.not-utf8", "it is not UTF-8", "Save it as UTF-8 text.");
  }
}

function lineOf(bytes: Buffer, position: number): number {
  return bytes.subarray(0, position).filter((byte) => byte === 10).length + 1;
}

function tooLarge(name: string, size: number, longest: number): Failure {
  const message = `it has ${megabytes(size)}; at most ${megabytes(longest)} are read`;
  return unreadable(name, "file.too-large", message, "Is this the file that you meant?");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function unreadable(name: string, code: string, why: string, hint: string | undefined): Failure {
  return new Failure({
    code,
    exit: EXIT.refused,
    message: `${name}: ${why}`,
    ...(hint === undefined ? {} : { hint }),
  });
}
