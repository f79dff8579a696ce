import { AwsError } from "../kernel/wire.ts";

/** A request of an operation on an object, by the names of AWS's members. */
export interface S3Input {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: Uint8Array;
  readonly members: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The headers that an operation takes, by member. */
const LOCK = {
  ObjectLockMode: "x-amz-object-lock-mode",
  ObjectLockRetainUntilDate: "x-amz-object-lock-retain-until-date",
} as const;
const CHECKSUMS = {
  ChecksumSHA256: "x-amz-checksum-sha256",
  ChecksumSHA1: "x-amz-checksum-sha1",
  ChecksumCRC32: "x-amz-checksum-crc32",
} as const;

export const HEADERS = {
  PutObject: {
    ...LOCK,
    ...CHECKSUMS,
    ChecksumAlgorithm: "x-amz-sdk-checksum-algorithm",
    ServerSideEncryption: "x-amz-server-side-encryption",
    StorageClass: "x-amz-storage-class",
    ContentType: "content-type",
    ContentMD5: "content-md5",
    ContentLength: "content-length",
    ContentDisposition: "content-disposition",
    ContentEncoding: "content-encoding",
    ContentLanguage: "content-language",
    CacheControl: "cache-control",
    IfNoneMatch: "if-none-match",
    IfMatch: "if-match",
    // The engine is one account, and stands for every other.
    ExpectedBucketOwner: "x-amz-expected-bucket-owner",
  },
  GetObject: {
    ChecksumMode: "x-amz-checksum-mode",
    Range: "range",
    IfMatch: "if-match",
    IfNoneMatch: "if-none-match",
    IfModifiedSince: "if-modified-since",
    IfUnmodifiedSince: "if-unmodified-since",
  },
  DeleteObject: { BypassGovernanceRetention: "x-amz-bypass-governance-retention", IfMatch: "if-match" },
  CreateBucket: { ObjectLockEnabledForBucket: "x-amz-bucket-object-lock-enabled" },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export const QUERY = {
  GetObject: {
    VersionId: "versionId",
    ResponseContentType: "response-content-type",
    ResponseContentDisposition: "response-content-disposition",
    ResponseCacheControl: "response-cache-control",
  },
  ListObjectsV2: {
    Prefix: "prefix",
    Delimiter: "delimiter",
    MaxKeys: "max-keys",
    ContinuationToken: "continuation-token",
    StartAfter: "start-after",
    EncodingType: "encoding-type",
    ListType: "list-type",
  },
  ListObjectVersions: {
    Versions: "versions",
    Prefix: "prefix",
    MaxKeys: "max-keys",
    KeyMarker: "key-marker",
    VersionIdMarker: "version-id-marker",
  },
  DeleteObject: { VersionId: "versionId" },
  GetObjectLockConfiguration: { ObjectLock: "object-lock" },
  GetBucketVersioning: { Versioning: "versioning" },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** Headers of every request, that say how it was signed and who asks. */
const SIGNING = /^x-amz-(?:date|content-sha256|security-token|user-agent|meta-.*)$/;

/** Members that the engine knows by name and does not act on: it says so. */
const REFUSED: readonly string[] = ["Range", "IfMatch", "IfModifiedSince", "IfUnmodifiedSince"];

export function notServed(what: string): AwsError {
  return new AwsError("NotImplemented", `the embedded engine does not serve ${what}`, 501);
}

/** Throws NotImplemented, with its name, for whatever the operation is asked that is not served. */
export function readMembers(
  operation: string,
  headers: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>>,
): { members: Record<string, string>; metadata: Record<string, string> } {
  const knownHeaders = known(HEADERS, operation === "HeadObject" ? "GetObject" : operation);
  const knownQuery = known(QUERY, operation === "HeadObject" ? "GetObject" : operation);
  const members: Record<string, string> = {};
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const member = knownHeaders.get(name);
    if (name.startsWith("x-amz-meta-")) metadata[name.slice("x-amz-meta-".length)] = value;
    else if (member !== undefined) members[member] = value;
    else if (name.startsWith("x-amz-") && !SIGNING.test(name)) throw notServed(`${operation} with ${name}`);
  }
  for (const [name, value] of Object.entries(query)) {
    const member = knownQuery.get(name);
    if (member !== undefined) members[member] = value;
    else if (name !== "x-id" && !/^x-amz-/i.test(name)) throw notServed(`${operation} with ?${name}`);
  }
  for (const member of REFUSED) {
    if (members[member] !== undefined) throw notServed(`${operation} with ${member}`);
  }
  return { members, metadata };
}

function known(
  all: Readonly<Record<string, Readonly<Record<string, string>>>>,
  operation: string,
): Map<string, string> {
  return new Map(Object.entries(all[operation] ?? {}).map(([member, name]) => [name, member]));
}
