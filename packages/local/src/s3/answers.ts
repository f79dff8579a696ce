import type { AwsError, AwsResponse } from "../kernel/wire.ts";
import type { Listing } from "./list.ts";
import type { VersionListing } from "./list-versions.ts";
import type { BucketRecord, ContentVersion } from "./model.ts";
import type { Found } from "./objects.ts";

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const encoder = new TextEncoder();

/** XML as S3 writes it: elements of elements, of text, and of nothing. */
type Node = readonly [name: string, content: string | number | boolean | readonly Node[]];

export function xml(root: string, children: readonly Node[], status = 200): AwsResponse {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} ${NAMESPACE}>${children.map(element).join("")}</${root}>`;
  return { status, headers: { "content-type": "application/xml" }, body: encoder.encode(text) };
}

function element([name, content]: Node): string {
  const inner = Array.isArray(content) ? content.map(element).join("") : escaped(String(content));
  return `<${name}>${inner}</${name}>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll(/[\p{Cc}]/gu, (letter) => `&#${letter.codePointAt(0)};`);
}

export function errorAnswer(error: AwsError): AwsResponse {
  const members = Object.entries(error.members).map(([name, value]): Node => [name, String(value)]);
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${[
    ["Code", error.code] as Node,
    ["Message", error.message] as Node,
    ...members,
  ]
    .map(element)
    .join("")}</Error>`;
  return {
    status: error.status,
    headers: { "content-type": "application/xml" },
    body: encoder.encode(text),
  };
}

export function putAnswer(version: ContentVersion): AwsResponse {
  return {
    status: 200,
    headers: {
      etag: version.etag,
      "x-amz-version-id": version.id,
      ...ENCRYPTED,
      ...checksumHeaders(version),
    },
    body: new Uint8Array(),
  };
}

const ENCRYPTED = { "x-amz-server-side-encryption": "AES256" };

/** Of GetObject, with its content, and of HeadObject, without. */
export function objectAnswer({ version, input }: Found, body: Uint8Array): AwsResponse {
  const { members } = input;
  const kept = version.headers;
  const disposition = members.ResponseContentDisposition ?? kept.ContentDisposition;
  const cache = members.ResponseCacheControl ?? kept.CacheControl;
  return {
    status: 200,
    headers: {
      "accept-ranges": "bytes",
      "content-type": members.ResponseContentType ?? version.contentType,
      "content-length": String(version.size),
      etag: version.etag,
      "last-modified": new Date(version.at).toUTCString(),
      "x-amz-version-id": version.id,
      ...ENCRYPTED,
      ...(disposition === undefined ? {} : { "content-disposition": disposition }),
      ...(cache === undefined ? {} : { "cache-control": cache }),
      ...(kept.ContentLanguage === undefined ? {} : { "content-language": kept.ContentLanguage }),
      ...(kept.ContentEncoding === undefined ? {} : { "content-encoding": kept.ContentEncoding }),
      ...(members.ChecksumMode === "ENABLED" ? checksumHeaders(version) : {}),
      ...(version.lock === undefined
        ? {}
        : {
            "x-amz-object-lock-mode": version.lock.mode,
            "x-amz-object-lock-retain-until-date": new Date(version.lock.until).toISOString(),
          }),
      ...Object.fromEntries(
        Object.entries(version.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
      ),
    },
    body,
  };
}

function checksumHeaders({ checksums }: ContentVersion): Record<string, string> {
  const headers = Object.entries(checksums).map(([member, value]) => [
    `x-amz-${member.replace("Checksum", "checksum-").toLowerCase()}`,
    value,
  ]);
  return headers.length === 0 ? {} : { ...Object.fromEntries(headers), "x-amz-checksum-type": "FULL_OBJECT" };
}

export function listAnswer(listing: Listing): AwsResponse {
  const { contents, commonPrefixes, delimiter, token, next } = listing;
  return xml("ListBucketResult", [
    ["Name", listing.bucket],
    ["Prefix", listing.prefix],
    ["KeyCount", contents.length + commonPrefixes.length],
    ["MaxKeys", listing.maxKeys],
    ["IsTruncated", next !== undefined],
    ...(delimiter === undefined ? [] : [["Delimiter", delimiter] as Node]),
    ...(token === undefined ? [] : [["ContinuationToken", token] as Node]),
    ...(next === undefined ? [] : [["NextContinuationToken", next] as Node]),
    ...contents.map(
      ({ key, version }): Node => [
        "Contents",
        [
          ["Key", key],
          ["LastModified", new Date(version.at).toISOString()],
          ["ETag", version.etag],
          ["Size", version.size],
          ["StorageClass", "STANDARD"],
        ],
      ],
    ),
    ...commonPrefixes.map((prefix): Node => ["CommonPrefixes", [["Prefix", prefix]]]),
  ]);
}

export function versionsAnswer(listing: VersionListing): AwsResponse {
  const { bucket, prefix, maxKeys, versions, next } = listing;
  return xml("ListVersionsResult", [
    ["Name", bucket],
    ["Prefix", prefix],
    ["MaxKeys", maxKeys],
    ["IsTruncated", next !== undefined],
    ...(next === undefined
      ? []
      : ([
          ["NextKeyMarker", next.key],
          ["NextVersionIdMarker", next.id],
        ] as Node[])),
    ...versions.map(({ key, version, isLatest }): Node => {
      const about: Node[] = [
        ["Key", key],
        ["VersionId", version.id],
        ["IsLatest", isLatest],
        ["LastModified", new Date(version.at).toISOString()],
      ];
      if (version.kind === "delete-marker") return ["DeleteMarker", about];
      const content: Node[] = [
        ["ETag", version.etag],
        ["Size", version.size],
        ["StorageClass", "STANDARD"],
      ];
      return ["Version", [...about, ...content]];
    }),
  ]);
}

export function bucketsAnswer(buckets: readonly BucketRecord[]): AwsResponse {
  const all = buckets.map(
    ({ name, createdAt }): Node => [
      "Bucket",
      [
        ["Name", name],
        ["CreationDate", new Date(createdAt).toISOString()],
      ],
    ],
  );
  return xml("ListAllMyBucketsResult", [["Buckets", all]]);
}

export function lockAnswer({ defaultLock }: BucketRecord): AwsResponse {
  const rule: Node[] =
    defaultLock === undefined
      ? []
      : [
          [
            "Rule",
            [
              [
                "DefaultRetention",
                [
                  ["Mode", defaultLock.mode],
                  ["Days", defaultLock.days],
                ],
              ],
            ],
          ],
        ];
  return xml("ObjectLockConfiguration", [["ObjectLockEnabled", "Enabled"], ...rule]);
}
