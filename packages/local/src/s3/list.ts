import { AwsError } from "../kernel/wire.ts";
import type { ContentVersion } from "./model.ts";
import type { Objects } from "./objects.ts";

const MOST_KEYS = 1_000;

export interface Listing {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter?: string;
  readonly maxKeys: number;
  readonly contents: readonly { readonly key: string; readonly version: ContentVersion }[];
  readonly commonPrefixes: readonly string[];
  readonly token?: string;
  readonly next?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(
  objects: Objects,
  bucket: string,
  members: Readonly<Record<string, string>>,
): Listing {
  const { Prefix: prefix = "", Delimiter: delimiter, ContinuationToken: token } = members;
  const asked = Number(members.MaxKeys ?? MOST_KEYS);
  if (!Number.isInteger(asked) || asked < 0) {
    throw new AwsError("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647");
  }
  const maxKeys = Math.min(asked, MOST_KEYS);
  const after = token === undefined ? (members.StartAfter ?? "") : readToken(token);
  const contents: { key: string; version: ContentVersion }[] = [];
  const common = new Set<string>();
  let last = after;
  let isTruncated = false;
  for (const [key, version] of objects.newest(bucket, prefix, after)) {
    const end = delimiter === undefined || delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const group = end === -1 ? undefined : key.slice(0, end + (delimiter?.length ?? 0));
    const isNew = group === undefined || (!common.has(group) && !(after !== "" && after.startsWith(group)));
    if (isNew && contents.length + common.size >= maxKeys) {
      isTruncated = maxKeys > 0;
      break;
    }
    if (group === undefined) contents.push({ key, version });
    else if (isNew) common.add(group);
    last = key;
  }
  return {
    bucket,
    prefix,
    maxKeys,
    contents,
    commonPrefixes: [...common],
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(token === undefined ? {} : { token }),
    ...(isTruncated ? { next: Buffer.from(last).toString("base64url") } : {}),
  };
}

function readToken(token: string): string {
  const key = Buffer.from(token, "base64url").toString();
  if (key !== "" && Buffer.from(key).toString("base64url") === token) return key;
  throw new AwsError("InvalidArgument", "The continuation token provided is incorrect");
}
