import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import type { Copies, CopyVersion } from "@gonogo/core/audit/ports";
import { ObjectStoreUnavailable } from "@gonogo/core/evidence/port";
import type { AwsConfig } from "../aws/config.ts";

/**
 * The versions of what lies under a prefix, those included that a later one or a delete marker hides: with Object Lock
 * nobody can take one away. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export class S3Copies implements Copies {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(config: AwsConfig, { bucket, prefix }: { readonly bucket: string; readonly prefix: string }) {
    this.#client = new S3Client(config);
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async versions(after?: string): Promise<readonly CopyVersion[]> {
    const found: CopyVersion[] = [];
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {
      ...(after === undefined ? {} : { KeyMarker: after }),
    };
    while (next !== undefined) {
      const page = await this.#page(next);
      for (const { Key: key = "", ETag: etag = "" } of page.Versions ?? []) {
        // Of what was put in one piece and is encrypted by S3's own keys it is the MD5 of the content.
        found.push({ key, md5: etag.replaceAll('"', "") });
      }
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
      next = page.IsTruncated === true ? { KeyMarker, VersionIdMarker } : undefined;
    }
    return found;
  }

  async #page(from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined }) {
    try {
      const command = new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: this.#prefix, ...from });
      return await this.#client.send(command);
    } catch (error) {
      throw new ObjectStoreUnavailable(error);
    }
  }
}
