import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../kit/digest.ts";

/** Sixteen random bytes in hex. Without it a short text could be guessed from its commitment. */
const SALT = /^[0-9a-f]{32}$/;
const COMMITMENT = /^erased:sha256:[0-9a-f]{64}$/;

/** Salts of a record, by the pointers (RFC 6901) of the texts that they belong to. */
export type Salts = Readonly<Record<string, string>>;

/**
 * What stands for a text in what a record's digest is taken over, and in its place once it is erased. Nobody
 * can find another text or salt with the same commitment, nor without the salt the text.
 */
export function commitmentTo(text: string, salt: string): string {
  return `erased:sha256:${bytesToHex(sha256(utf8ToBytes(salt + canonicalJson(text))))}`;
}

/** Whether a text has the form of a commitment. What people type and has it gets a salt, and so is told apart. */
export function isCommitment(text: string): boolean {
  return COMMITMENT.test(text);
}

/** The same value with each text in it replaced by what `change` makes of it. */
export function withTexts<T>(value: T, change: (text: string, pointer: string) => string, pointer = ""): T {
  if (typeof value === "string") return change(value, pointer) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((one, index) => withTexts(one, change, `${pointer}/${index}`)) as T;
  }
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => {
    return [key, withTexts(one, change, `${pointer}/${escaped(key)}`)];
  });
  return Object.fromEntries(entries) as T;
}

/** Every text in a value, with its pointer. */
export function eachText(value: unknown, look: (text: string, pointer: string) => void, pointer = ""): void {
  if (typeof value === "string") look(value, pointer);
  else if (typeof value === "object" && value !== null) {
    for (const [key, one] of Object.entries(value)) eachText(one, look, `${pointer}/${escaped(key)}`);
  }
}

/** A key as it stands in a pointer. */
export function escaped(key: string): string {
  return !key.includes("~") && !key.includes("/") ? key : key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * What the digest of a record is taken over: the body with the commitment in the place of each text that has a
 * salt. Undefined where the salts are not those of texts that are in it.
 */
export function committed<B extends object>(body: B, salts: Salts | undefined): B | undefined {
  if (salts === undefined) return body;
  if (typeof salts !== "object" || salts === null) return undefined;
  const wanted = new Map(Object.entries(salts));
  if ([...wanted.values()].some((salt) => typeof salt !== "string" || !SALT.test(salt))) return undefined;
  const masked = withTexts(body, (text, pointer) => {
    const salt = wanted.get(pointer);
    if (salt === undefined) return text;
    wanted.delete(pointer);
    return commitmentTo(text, salt);
  });
  return wanted.size === 0 ? masked : undefined;
}
