import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../../../shared/vectors/", import.meta.url);

/** Recorded answers and samples lie beside the repository, or not at all: then tests of them are skipped. */
export const hasVectors = existsSync(folder);

export function vector(name: string): string {
  return readFileSync(new URL(name, folder), "utf8");
}

export function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
}
