import type { Digest } from "@gonogo/core/kit/digest";

/** A digest as S3 writes checksums. */
export function base64Of(digest: Digest): string {
  return Buffer.from(digest.slice("sha256:".length), "hex").toString("base64");
}

/** Undefined where S3 has none, or one of parts: then it is not the digest of the whole. */
export function digestIn(checksum: string | undefined): Digest | undefined {
  if (checksum === undefined || checksum.includes("-")) return undefined;
  return `sha256:${Buffer.from(checksum, "base64").toString("hex")}` as Digest;
}
