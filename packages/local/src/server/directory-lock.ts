import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Holds a data directory for this process alone. The lock is the operating system's, on a file that SQLite
 * locks for us: it is gone with the process, however that ends, so that none is ever left behind. Throws
 * when the directory cannot be made, or another process holds it.
 */
export function lockDirectory(directory: string): { release(): void } {
  make(directory);
  const db = new DatabaseSync(join(directory, "lock.sqlite"));
  const owner = join(directory, "lock.pid");
  try {
    db.exec("PRAGMA busy_timeout=0; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if (!isLocked(error)) throw error;
    throw new Error(
      `another gonogo (process ${readOwner(owner)}) uses this data directory: stop it, or give this one another with --directory (${directory})`,
    );
  }
  writeFileSync(owner, String(process.pid));
  return { release: () => db.close() };
}

function make(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Error(`the directory ${directory} cannot be made (${code}): choose another with --directory`);
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /locked|busy/i.test(error.message);
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "unknown";
  }
}
