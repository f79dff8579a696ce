import { createHash } from "node:crypto";
import jsonata from "jsonata";
import { type Random, seededRandom } from "../kernel/random.ts";

/** What an expression may ask of its surroundings. */
export interface Ambient {
  /** Milliseconds. */
  readonly now: number;
  readonly random: Random;
}

/**
 * The functions that Step Functions adds to JSONata, and those of JSONata's own that must ask the engine's
 * clock and chance. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function queryFunctions(ambient: Ambient): Record<string, unknown> {
  return {
    partition,
    range,
    hash,
    parse: (text: string | undefined) => (text === undefined ? undefined : JSON.parse(text)),
    uuid: () => ambient.random.uuid(),
    random: (seed?: number) => (seed === undefined ? ambient.random : seededRandom(seed)).number(),
    millis: () => ambient.now,
    now: (picture?: string, timezone?: string) =>
      formatTime.evaluate(undefined, { at: ambient.now, picture, timezone }),
  };
}

const formatTime = jsonata("$fromMillis($at, $picture, $timezone)");

function partition(items: unknown, size: number): unknown[][] | undefined {
  if (items === undefined) return undefined;
  if (!Number.isInteger(size) || size < 1) {
    throw new Error(`$partition needs a size of at least 1, got ${size}`);
  }
  const all = Array.isArray(items) ? items : [items];
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) =>
    all.slice(part * size, (part + 1) * size),
  );
}

const LONGEST_RANGE = 1000;

/** Like any JSONata sequence, one of a single value is that value. */
function range(first: number, last: number, step: number): unknown {
  if (![first, last, step].every(Number.isInteger) || step === 0) {
    throw new Error(`$range needs three integers and a step that is not 0, got ${first}, ${last}, ${step}`);
  }
  const length = Math.max(Math.floor((last - first) / step) + 1, 0);
  if (length > LONGEST_RANGE) throw new Error(`$range gives at most ${LONGEST_RANGE} values, got ${length}`);
  const values = Array.from({ length }, (_, index) => first + index * step);
  return values.length === 1 ? values[0] : values;
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

function hash(data: unknown, algorithm: string): string | undefined {
  if (data === undefined) return undefined;
  const name = ALGORITHMS[algorithm];
  if (name === undefined) {
    throw new Error(`$hash knows ${Object.keys(ALGORITHMS).join(", ")}, got ${algorithm}`);
  }
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return createHash(name).update(text, "utf8").digest("hex");
}
