import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { Digest } from "@gonogo/core/kit/digest";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";
import { LONGEST_LOG, readTextFile } from "./text-file.ts";

/** Where the release stood when the log was written down. */
export interface Head {
  readonly seq: number;
  readonly digest: Digest;
}

export interface LogFile {
  readonly name: string;
  readonly release: string;
  readonly records: readonly AuditRecord[];
  readonly head?: Head;
}

/** Reads a log from a file: an export, what `audit log --json` prints, a bare list, or a record a line. */
export async function readLog(path: string): Promise<LogFile> {
  const { name, text } = await readTextFile(path, LONGEST_LOG);
  const value = parse(name, text);
  const records = recordsIn(name, value);
  const { release, verification } = (value ?? {}) as { release?: unknown; verification?: unknown };
  const head = headOf(verification);
  return {
    name,
    records,
    release: typeof release === "string" ? release : (records[0]?.release ?? ""),
    ...(head === undefined ? {} : { head }),
  };
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (whole) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length < 2 || !lines[0]?.trimEnd().endsWith("}")) throw notALog(name, (whole as Error).message);
    return lines.map((line, index) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (error) {
        throw notALog(`${name}:${index + 1}`, (error as Error).message);
      }
    });
  }
}

function recordsIn(name: string, value: unknown): readonly AuditRecord[] {
  const { records, items } = (value ?? {}) as { records?: unknown; items?: unknown };
  const list = Array.isArray(value) ? value : (records ?? items);
  if (!Array.isArray(list)) throw notALog(name, "there is no list of records in it");
  if (list.length === 0) throw notALog(name, "the list of records is empty");
  const odd = list.findIndex((one) => !isRecord(one));
  if (odd >= 0) throw notALog(name, `entry ${odd + 1} is no audit record`);
  return list as AuditRecord[];
}

function isRecord(value: unknown): boolean {
  const { release, seq, prev, digest } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return [release, prev, digest].every((one) => typeof one === "string") && typeof seq === "number";
}

function headOf(value: unknown): Head | undefined {
  const { records, head } = (value ?? {}) as { records?: unknown; head?: unknown };
  return typeof records === "number" && typeof head === "string"
    ? { seq: records, digest: head as Digest }
    : undefined;
}

function notALog(where: string, why: string): Failure {
  const hint = "Make one with `gonogo release export <release> --as json > release.json`.";
  return new Failure({ code: "audit.not-a-log", exit: EXIT.refused, message: `${where}: ${why}`, hint });
}
