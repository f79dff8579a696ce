import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError } from "../kernel/wire.ts";
import type { S3Input } from "./input.ts";

const SUMS: Readonly<Record<string, (body: Uint8Array) => Buffer>> = {
  ChecksumSHA256: (body) => createHash("sha256").update(body).digest(),
  ChecksumSHA1: (body) => createHash("sha1").update(body).digest(),
  ChecksumCRC32: (body) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum;
  },
};

/**
 * The checksums that came with the content, each of which it has. Throws BadDigest, or InvalidDigest for what is
 * no checksum. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function verified({ Body, members }: S3Input): Record<string, string> {
  const md5 = members.ContentMD5;
  if (md5 !== undefined) {
    expectLength(md5, 16, "Content-MD5");
    if (createHash("md5").update(Body).digest("base64") !== md5) {
      throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
    }
  }
  const checksums: Record<string, string> = {};
  for (const [member, sum] of Object.entries(SUMS)) {
    const claimed = members[member];
    if (claimed === undefined) continue;
    const computed = sum(Body);
    expectLength(claimed, computed.length, `x-amz-${member.replace("Checksum", "checksum-").toLowerCase()}`);
    if (computed.toString("base64") !== claimed) {
      const name = member.replace("Checksum", "");
      throw new AwsError("BadDigest", `The ${name} you specified did not match the calculated checksum.`);
    }
    checksums[member] = claimed;
  }
  return checksums;
}

export function etagOf(body: Uint8Array): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

function expectLength(value: string, bytes: number, name: string): void {
  const read = Buffer.from(value, "base64");
  if (read.length === bytes && read.toString("base64") === value) return;
  if (name === "Content-MD5")
    throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.");
  throw new AwsError("InvalidRequest", `Value for ${name} header is invalid.`);
}
