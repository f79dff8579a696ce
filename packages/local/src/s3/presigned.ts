import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { AwsError, type AwsRequest } from "../kernel/wire.ts";

/** The keys that addresses are signed with on this machine, as on the engine's clients. */
export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a caller's clock may be ahead. */
const AHEAD_MS = 15 * 60_000;
const LONGEST_SECONDS = 604_800;

export function isPresigned({ query }: Pick<AwsRequest, "query">): boolean {
  return query["X-Amz-Signature"] !== undefined || query.Signature !== undefined;
}

/**
 * Whether a presigned request is one that was signed with these keys, unchanged, and not expired. Throws as S3
 * does. https://docs.aws.amazon.com/AmazonS3/latest/developerguide/sigv4-query-string-auth.html
 */
export function expectSigned(request: AwsRequest, keys: SigningKeys, now: number): void {
  const { query, headers } = request;
  const { "X-Amz-Date": date = "", "X-Amz-Expires": expires = "", "X-Amz-Signature": signature = "" } = query;
  if (query["X-Amz-Algorithm"] !== "AWS4-HMAC-SHA256" || query["X-Amz-Security-Token"] !== undefined) {
    throw refused("the embedded engine knows signatures of AWS4-HMAC-SHA256 with its own keys only");
  }
  const [id, day, region, service, end] = (query["X-Amz-Credential"] ?? "").split("/");
  const signedAt = Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  const seconds = Number(expires);
  if (end !== "aws4_request" || service !== "s3" || day !== date.slice(0, 8) || !Number.isFinite(signedAt)) {
    throw refused("Error parsing the X-Amz-Credential parameter");
  }
  if (!/^\d+$/.test(expires) || seconds < 1 || seconds > LONGEST_SECONDS) {
    throw refused("X-Amz-Expires must be a number of seconds from 1 to 604800");
  }
  if (id !== keys.accessKeyId) {
    throw new AwsError(
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
      403,
    );
  }
  if (signedAt > now + AHEAD_MS) throw denied("Request is not yet valid");
  if (signedAt + seconds * 1_000 <= now) throw denied("Request has expired");
  const signed = (query["X-Amz-SignedHeaders"] ?? "").split(";");
  const isUncovered = Object.keys(headers).some((one) => one.startsWith("x-amz-") && !signed.includes(one));
  if (isUncovered || !signed.includes("host")) {
    throw denied("There were headers present in the request which were not signed");
  }
  const key = [day ?? "", region ?? "", service, end].reduce<Buffer | string>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${keys.secretAccessKey}`,
  );
  const text = [
    "AWS4-HMAC-SHA256",
    date,
    [day, region, service, end].join("/"),
    createHash("sha256").update(canonical(request, signed)).digest("hex"),
  ].join("\n");
  const expected = createHmac("sha256", key).update(text).digest();
  const given = Buffer.from(signature, "hex");
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new AwsError(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    403,
  );
}

function canonical({ method, path, query, headers }: AwsRequest, signed: readonly string[]): string {
  const uri = path
    .split("/")
    .map((part) => encoded(decodeURIComponent(part)))
    .join("/");
  const parameters = Object.entries(query)
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
  const lines = signed.map((name) => `${name}:${(headers[name] ?? "").trim().replaceAll(/ +/g, " ")}\n`);
  return [method, uri, parameters, lines.join(""), signed.join(";"), "UNSIGNED-PAYLOAD"].join("\n");
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function refused(message: string): AwsError {
  return new AwsError("AuthorizationQueryParametersError", message);
}

function denied(message: string): AwsError {
  return new AwsError("AccessDenied", message, 403);
}
