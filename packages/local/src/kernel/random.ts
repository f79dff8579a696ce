import { randomBytes } from "node:crypto";

/** Where chance comes from: a seed in tests and simulations, the operating system otherwise. */
export interface Random {
  /** At least 0, below 1. */
  number(): number;
  /** A version-4 UUID in form; with a seed, the same one every run. */
  uuid(): string;
  /** Sixteen bytes in hex. With a seed from a row of its own: how many are taken moves nothing else. */
  salt(): string;
}

/** mulberry32: small, fast, and good enough to choose which of two versions answers a request. */
export function seededRandom(seed: number): Random {
  const next = row(seed);
  const nextOfSalts = row(~seed);
  return {
    number: () => next() / 2 ** 32,
    uuid: () => formatUuid(bytes(next)),
    salt: () => bytes(nextOfSalts),
  };
}

function row(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Sixteen of them, in hex. */
function bytes(next: () => number): string {
  return Array.from({ length: 4 }, () => next().toString(16).padStart(8, "0")).join("");
}

export function systemRandom(): Random {
  return {
    number: () => randomBytes(4).readUInt32BE() / 2 ** 32,
    uuid: () => formatUuid(randomBytes(16).toString("hex")),
    salt: () => randomBytes(16).toString("hex"),
  };
}

function formatUuid(hex: string): string {
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
