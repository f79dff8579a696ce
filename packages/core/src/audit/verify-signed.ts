import type { BundleCheckpoint, BundleHeader, BundleSuccession } from "./bundle.ts";
import { type KeySpan, type LineVerdict, type Signed, verifyKeyLine } from "./key-line.ts";
import { fromHex, type Hash } from "./merkle.ts";
import { verifyConsistency } from "./merkle-proof.ts";
import { fromPem, keyId, type PublicKey, toPem } from "./signature.ts";
import type { Finding } from "./tampering.ts";

/** A line of a bundle on which something is signed. */
export interface SignedLine {
  readonly line: number;
  readonly of: BundleCheckpoint | BundleSuccession;
}

export interface SignedVerdict {
  readonly found: readonly Finding[];
  readonly keys: readonly KeySpan[];
}

/** What does not hold of all that is signed in a bundle: whose keys they are, and whether one goes on from the other. */
export async function verifySigned(
  trusted: readonly PublicKey[],
  header: BundleHeader | undefined,
  lines: readonly SignedLine[],
): Promise<SignedVerdict> {
  const line = await verifyKeyLine(
    trusted,
    lines.map(({ of }) => signedOf(of)),
  );
  const found: Finding[] = [];
  const named = header === undefined ? undefined : wrongHeader(header, line);
  if (named !== undefined) found.push({ class: "key-changed", line: 1, detail: named });
  let before: BundleCheckpoint | undefined;
  for (const [at, { of, line: number }] of lines.entries()) {
    const ofKey = line.found.find((one) => one.at === at);
    const wrong = ofKey ?? (of.kind === "checkpoint" ? wrongAfter(before, of) : undefined);
    if (wrong !== undefined) {
      const { class: kind, detail, checkpoint } = wrong;
      found.push({ class: kind, line: number, detail, checkpoint });
    }
    if (of.kind === "checkpoint") before = of;
  }
  return { found, keys: line.keys };
}

function signedOf(of: SignedLine["of"]): Signed {
  if (of.kind === "succession") {
    return { kind: "succession", signed: { succession: of.succession, signatures: of.signatures } };
  }
  return { kind: "checkpoint", signed: { checkpoint: of.checkpoint, signature: of.signature } };
}

/** The header has to name the key that the log has come to, in the one form that there is. */
function wrongHeader(header: BundleHeader, { keys, known, found }: LineVerdict): string | undefined {
  const key = fromPem(header.key);
  const id = key === undefined ? "a key that is none" : keyId(key);
  if (key === undefined || !known.has(id) || toPem(key) !== header.key) {
    return `the server names ${id} as its key, which is not the trusted one`;
  }
  const last = keys.at(-1)?.key ?? id;
  // Where the keys do not lead on, that is what is wrong, and not the header.
  if (last === id || found.length > 0) return undefined;
  return `the server names ${id} as its key, and the log's is ${last} in the end`;
}

type Wrong = Omit<Finding, "line" | "checkpoint"> & { readonly checkpoint: number };

function wrongAfter(before: BundleCheckpoint | undefined, now: BundleCheckpoint): Wrong | undefined {
  const { consistency } = now;
  const { size, root, origin } = now.checkpoint;
  const wrong = (kind: Finding["class"], detail: string): Wrong => ({
    class: kind,
    checkpoint: size,
    detail,
  });
  if (before === undefined) {
    return consistency.length > 0 ? wrong("unproved", "the first checkpoint needs no proof") : undefined;
  }
  const { size: sizeBefore, root: rootBefore } = before.checkpoint;
  if (before.checkpoint.origin !== origin) return wrong("spliced", `it is of another log, ${origin}`);
  if (sizeBefore === size && rootBefore !== root) {
    return wrong("forked", `two checkpoints of ${size} leaves were signed, and differ`);
  }
  if (sizeBefore >= size) return wrong("reordered", `it stands behind the one of ${sizeBefore} leaves`);
  const claim = { before: sizeBefore, size, rootBefore: bytesOf(rootBefore), root: bytesOf(root) };
  if (verifyConsistency(claim, consistency.map(bytesOf))) return undefined;
  const detail = `nothing proves that ${size} leaves go on from the ${sizeBefore} of the checkpoint before`;
  return wrong("unproved", detail);
}

/** Forms were checked when the line was read. */
function bytesOf(hex: string): Hash {
  return fromHex(hex) ?? new Uint8Array();
}
