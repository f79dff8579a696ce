import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";

const OWNER_ONLY = 0o600;

/** Sees to a file that its owner alone may read: made where there is none, closed to others where there is. */
export function keepPrivate(file: string, make: () => string): void {
  if (!existsSync(file)) write(file, make());
  chmodSync(file, OWNER_ONLY);
}

/** Whole or not at all: a process that dies here leaves no half of a file. */
function write(file: string, text: string): void {
  const draft = `${file}.new`;
  const handle = openSync(draft, "w", OWNER_ONLY);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}
