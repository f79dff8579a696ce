import { randomBytes } from "node:crypto";

/** Where chance comes from: a seed in tests and simulations, the operating system otherwise. */
export interface Random {
  /** At least 0, below 1. */
  number(): number;
  /** A version-4 UUID in form; with a seed, the same one every run. */
  uuid(): string;
}

/** mulberry32: small, fast, and good enough to choose which of two versions answers a request. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    number: () => next() / 2 ** 32,
    uuid: () => formatUuid(Array.from({ length: 4 }, () => next().toString(16).padStart(8, "0")).join("")),
  };
}

export function systemRandom(): Random {
  return {
    number: () => randomBytes(4).readUInt32BE() / 2 ** 32,
    uuid: () => formatUuid(randomBytes(16).toString("hex")),
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
