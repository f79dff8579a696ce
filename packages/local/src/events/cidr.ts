import { isIPv4, isIPv6 } from "node:net";
import { PatternProblem } from "./pattern-problem.ts";

/** An IP address as a number, with the width that tells the two families apart. */
export interface Address {
  readonly bits: 32 | 128;
  readonly number: bigint;
}

/** The address that `text` is, or undefined. Mixed notation (`::ffff:1.2.3.4`) is none, as on AWS. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) {
    return {
      bits: 32,
      number: text.split(".").reduce((number, part) => (number << 8n) | BigInt(part), 0n),
    };
  }
  if (!isIPv6(text) || /[.%]/.test(text)) return undefined;
  const [head = "", tail] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill("0");
  const groups = [...left, ...zeros, ...right];
  return {
    bits: 128,
    number: groups.reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n),
  };
}

export interface Block {
  readonly bits: 32 | 128;
  readonly shift: bigint;
  readonly network: bigint;
}

/** The messages are event-ruler's, which EventBridge hands through. */
export function parseBlock(text: string): Block {
  const [address = "", mask, ...more] = text.split("/");
  if (mask === undefined || more.length > 0) throw new PatternProblem("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(mask)) throw new PatternProblem("Malformed CIDR, mask bits must be an integer");
  const maskBits = Number(mask);
  if (maskBits < 0) throw new PatternProblem("Malformed CIDR, mask bits must not be negative");
  const parsed = parseAddress(address);
  if (parsed === undefined) {
    const numbered = /^\d+(\.\d+){3}$|^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(address);
    throw new PatternProblem(`${numbered ? "Invalid" : "Nonstandard"} IP address: ${address}`);
  }
  if (maskBits >= parsed.bits) {
    throw new PatternProblem(`IPv${parsed.bits === 32 ? 4 : 6} mask bits must be < ${parsed.bits}`);
  }
  const shift = BigInt(parsed.bits - maskBits);
  return { bits: parsed.bits, shift, network: parsed.number >> shift };
}

export function blockContains(block: Block, address: Address): boolean {
  return address.bits === block.bits && address.number >> block.shift === block.network;
}
