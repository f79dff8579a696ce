import { createHash } from "node:crypto";
import { AwsError, type AwsRequest, type Match } from "../kernel/wire.ts";
import { notServed, readMembers } from "./input.ts";
import { expectSigned, isPresigned, type SigningKeys } from "./presigned.ts";

/** `evidence.s3.eu-west-1.amazonaws.com`: the bucket in front of S3's own name. */
const HOST = /^(?:(?<bucket>[a-z0-9.-]+)\.)?s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?::\d+)?$/;

export function isHostOfS3(host: string): boolean {
  return HOST.test(host);
}

/**
 * Requests on S3 have no name of their operation, and paths that might be another service's: they are told by
 * the host, or by what they were signed for.
 */
export function isForS3({ headers, query }: AwsRequest): boolean {
  return (
    isHostOfS3(headers.host ?? "") ||
    /\/s3\/aws4_request/.test(headers.authorization ?? query["X-Amz-Credential"] ?? "") ||
    // The older signature, which is refused by its name.
    (query.AWSAccessKeyId !== undefined && query.Signature !== undefined)
  );
}

/**
 * What a request asks for. One that is presigned is checked first; of any other the signature is not looked at,
 * as everywhere in the engine. Throws AwsError.
 */
export function readRequest(request: AwsRequest, keys: SigningKeys, now: number): Match {
  const presigned = isPresigned(request);
  if (presigned) expectSigned(request, keys, now);
  const { Bucket, Key } = place(request);
  const operation = operationOf(request, Bucket, Key);
  const { members, metadata } = readMembers(operation, headersOf(request, presigned), request.query);
  expectContent(request);
  return { operation, input: { Bucket, Key, Body: request.body, members, metadata, presigned } };
}

function place({ path, headers }: AwsRequest): { Bucket: string; Key: string } {
  const [first = "", ...rest] = path.replace(/^\//, "").split("/").map(decodeURIComponent);
  const bucket = HOST.exec(headers.host ?? "")?.groups?.bucket;
  return bucket === undefined
    ? { Bucket: first, Key: rest.join("/") }
    : { Bucket: bucket, Key: [first, ...rest].join("/") };
}

/** Subresources such as `?acl` make another operation of the same path. */
const SUBRESOURCE = /^(?!x-id$|x-amz-|X-Amz-)[a-z-]+$/;

function operationOf(request: AwsRequest, bucket: string, key: string): string {
  const { method, query } = request;
  const what = key !== "" ? "object" : bucket !== "" ? "bucket" : "service";
  const list = query["list-type"];
  const sub = Object.entries(query).find(
    ([name, value]) => SUBRESOURCE.test(name) && value === "" && !["prefix", "delimiter"].includes(name),
  )?.[0];
  const asked = `${method} ${what}${sub === undefined ? "" : `?${sub}`}`;
  switch (asked) {
    case "PUT object":
      return request.headers["x-amz-copy-source"] === undefined ? "PutObject" : refuse("CopyObject");
    case "GET object":
      return "GetObject";
    case "HEAD object":
      return "HeadObject";
    case "DELETE object":
      return "DeleteObject";
    case "PUT bucket":
      return "CreateBucket";
    case "HEAD bucket":
      return "HeadBucket";
    case "GET bucket":
      return list === "2" ? "ListObjectsV2" : refuse("ListObjects; ask for list-type=2");
    case "GET bucket?versions":
      return "ListObjectVersions";
    case "GET bucket?object-lock":
      return "GetObjectLockConfiguration";
    case "GET bucket?versioning":
      return "GetBucketVersioning";
    case "GET service":
      return "ListBuckets";
    default:
      return refuse(`s3: ${asked}`);
  }
}

/** In a presigned request some headers stand in the query. */
function headersOf({ headers, query }: AwsRequest, presigned: boolean): Record<string, string> {
  const hoisted = Object.entries(query).filter(([name]) => presigned && name.startsWith("x-amz-"));
  return { ...Object.fromEntries(hoisted), ...headers };
}

/** The digest of the content that every signed request may carry; throws where it is another's. */
function expectContent({ headers, body }: AwsRequest): void {
  const claimed = headers["x-amz-content-sha256"];
  if (claimed?.startsWith("STREAMING-")) throw notServed("content in signed chunks");
  if (headers["content-encoding"]?.includes("aws-chunked")) throw notServed("content in signed chunks");
  if (
    claimed === undefined ||
    claimed === "UNSIGNED-PAYLOAD" ||
    claimed === createHash("sha256").update(body).digest("hex")
  )
    return;
  throw new AwsError(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

function refuse(what: string): never {
  throw notServed(what);
}
