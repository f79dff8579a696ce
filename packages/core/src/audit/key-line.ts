import { isCheckpointOf, type SignedCheckpoint } from "./checkpoint.ts";
import { keyId, type PublicKey } from "./signature.ts";
import { type Handover, openSuccession, type SignedSuccession } from "./succession.ts";
import type { TamperingClass } from "./tampering.ts";

/** What is signed of a log, in the order in which it was. */
export type Signed =
  | { readonly kind: "checkpoint"; readonly signed: SignedCheckpoint }
  | { readonly kind: "succession"; readonly signed: SignedSuccession };

/** A key, and the sizes that the log had while it signed. */
export interface KeySpan {
  /** See keyId. */
  readonly key: string;
  /** It signs what has more leaves than that. */
  readonly after: number;
  /** The last size that it signs; absent of the key that signs now. */
  readonly upTo?: number;
}

/** What does not hold of one of the signed things: `at` is its place among them. */
export interface LineFinding {
  readonly at: number;
  readonly class: TamperingClass;
  readonly detail: string;
  readonly checkpoint: number;
}

export interface LineVerdict {
  readonly found: readonly LineFinding[];
  /** The keys in the order in which they signed; none where nothing that is trusted did. */
  readonly keys: readonly KeySpan[];
  /** Every key that can be trusted for being of the line, by its id. */
  readonly known: ReadonlyMap<string, PublicKey>;
}

type Opened = Signed & { readonly handover?: Handover | undefined };

/**
 * Follows the keys of a log from one to the next. `trusted` are those that whoever verifies has from elsewhere; one
 * of the line is enough, wherever it stands in it: a succession that both keys have signed hands trust on in both
 * directions. Whoever has taken an old key can lead nobody astray who trusts a newer one.
 */
export async function verifyKeyLine(
  trusted: readonly PublicKey[],
  all: readonly Signed[],
): Promise<LineVerdict> {
  const opened: Opened[] = [];
  for (const one of all) {
    opened.push(one.kind === "succession" ? { ...one, handover: await openSuccession(one.signed) } : one);
  }
  const known = spread(trusted, opened);
  const walk = new Walk(known, opened);
  const found: LineFinding[] = [];
  for (const [at, one] of opened.entries()) {
    const wrong = one.kind === "checkpoint" ? await walk.checkpoint(one.signed) : walk.succession(one);
    const size = one.kind === "checkpoint" ? one.signed.checkpoint.size : one.signed.succession.size;
    if (wrong !== undefined) found.push({ at, checkpoint: size, ...wrong });
  }
  return { found, keys: walk.keys, known };
}

/** The key that signs a log of this size. */
export function keyAt(keys: readonly KeySpan[], size: number): string | undefined {
  return keys.find(({ after, upTo }) => size > after && (upTo === undefined || size <= upTo))?.key;
}

/** All keys that the trusted ones lead to, forwards and backwards. */
function spread(trusted: readonly PublicKey[], all: readonly Opened[]): Map<string, PublicKey> {
  const known = new Map(trusted.map((key) => [keyId(key), key]));
  const links = all.flatMap(({ handover }) => (handover?.signedBy === "both" ? [handover] : []));
  for (let before = -1; before !== known.size; ) {
    before = known.size;
    for (const { from, to } of links) {
      if (known.has(keyId(from))) known.set(keyId(to), to);
      else if (known.has(keyId(to))) known.set(keyId(from), from);
    }
  }
  return known;
}

type Wrong = { readonly class: TamperingClass; readonly detail: string } | undefined;

class Walk {
  readonly keys: KeySpan[] = [];
  readonly #known: ReadonlyMap<string, PublicKey>;
  /** Where keys have handed over, whatever stands in which order. */
  readonly #ends = new Map<string, number>();
  #last: SignedCheckpoint["checkpoint"] | undefined;

  constructor(known: ReadonlyMap<string, PublicKey>, all: readonly Opened[]) {
    this.#known = known;
    for (const one of all) {
      if (one.kind !== "succession" || one.handover?.signedBy !== "both") continue;
      const from = keyId(one.handover.from);
      if (known.has(from) && !this.#ends.has(from)) this.#ends.set(from, one.signed.succession.size);
    }
  }

  async checkpoint(signed: SignedCheckpoint): Promise<Wrong> {
    const { size, key: id } = signed.checkpoint;
    const what = `the checkpoint of ${size} leaves is signed with ${id}`;
    const key = this.#known.get(id);
    if (key === undefined) return changed(`${what}, which is not the trusted key, and none leads to it`);
    const end = this.#ends.get(id);
    if (end !== undefined && size > end) return changed(`${what}, which handed over at ${end} leaves`);
    const now = this.keys.at(-1)?.key ?? this.#begin(id);
    if (id !== now) return changed(`${what}, and the log's key was ${now} then`);
    if (!(await isCheckpointOf(key, signed))) {
      return { class: "forged", detail: `the checkpoint of ${size} leaves is not signed by its key` };
    }
    if (this.#last === undefined || this.#last.size < size) this.#last = signed.checkpoint;
    return undefined;
  }

  succession({ signed, handover }: Extract<Opened, { kind: "succession" }>): Wrong {
    const { size, root, origin } = signed.succession;
    const what = `the succession at ${size} leaves`;
    if (handover === undefined) return changed(`${what} names a key that is none`);
    const { signedBy } = handover;
    const [from, to] = [keyId(handover.from), keyId(handover.to)];
    if (signedBy !== "both") return changed(`${what}, of ${from} by ${to}, is signed by ${signedBy}`);
    if (!this.#known.has(from)) return changed(`${what} is of ${from}, which is not of the line`);
    const now = this.keys.at(-1);
    if (now === undefined || this.#last === undefined) {
      return { class: "unproved", detail: `${what} stands before the first checkpoint` };
    }
    const isOver = this.keys.some(({ key, upTo }) => key === from && upTo !== undefined);
    if (isOver) return changed(`${what} is a fork: ${from} had handed over already, and does so twice`);
    if (from !== now.key) return changed(`${what} is of ${from}, and the log's key was ${now.key} then`);
    if (this.keys.some(({ key }) => key === to)) return changed(`${what} goes back to ${to}`);
    if (origin !== this.#last.origin) {
      return { class: "spliced", detail: `${what} is of another log, ${origin}` };
    }
    if (size !== this.#last.size) {
      const detail = `${what} does not stand behind the checkpoint that it goes on from`;
      return { class: "unproved", detail };
    }
    if (root !== this.#last.root) {
      return { class: "forked", detail: `${what} and the checkpoint there have different roots` };
    }
    this.keys.splice(-1, 1, { ...now, upTo: size });
    this.keys.push({ key: to, after: size });
    return undefined;
  }

  #begin(key: string): string {
    this.keys.push({ key, after: 0 });
    return key;
  }
}

function changed(detail: string): Wrong {
  return { class: "key-changed", detail };
}
