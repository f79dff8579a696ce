import { AwsError } from "../kernel/wire.ts";
import type { Version } from "./model.ts";
import type { Objects } from "./objects.ts";

const MOST_KEYS = 1_000;

export interface VersionListing {
  readonly bucket: string;
  readonly prefix: string;
  readonly maxKeys: number;
  readonly versions: readonly ListedVersion[];
  /** The last that was listed, where there are more. */
  readonly next?: { readonly key: string; readonly id: string };
}

interface ListedVersion {
  readonly key: string;
  readonly version: Version;
  readonly isLatest: boolean;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export function listVersions(
  objects: Objects,
  bucket: string,
  members: Readonly<Record<string, string>>,
): VersionListing {
  const { Prefix: prefix = "", KeyMarker: marker = "", VersionIdMarker: versionMarker } = members;
  const asked = Number(members.MaxKeys ?? MOST_KEYS);
  if (!Number.isInteger(asked) || asked < 1) {
    throw new AwsError("InvalidArgument", "Argument maxKeys must be an integer between 1 and 2147483647");
  }
  if (versionMarker !== undefined && marker === "") {
    throw new AwsError("InvalidArgument", "A version-id marker cannot be specified without a key marker.");
  }
  const maxKeys = Math.min(asked, MOST_KEYS);
  const listed: ListedVersion[] = [];
  // With a version's marker the rest of that key comes first; an archive has keys behind what it is told.
  const after = versionMarker === undefined ? marker : marker.slice(0, -1);
  for (const [key, all] of objects.versions(bucket, prefix, after)) {
    if (versionMarker !== undefined && key < marker) continue;
    const isMarked = versionMarker !== undefined && key === marker;
    const from = isMarked ? all.findIndex(({ id }) => id === versionMarker) + 1 : 0;
    for (const [at, version] of all.entries()) {
      if (at < from) continue;
      if (listed.length === maxKeys) {
        const last = listed.at(-1);
        const next = last === undefined ? {} : { next: { key: last.key, id: last.version.id } };
        return { bucket, prefix, maxKeys, versions: listed, ...next };
      }
      listed.push({ key, version, isLatest: at === 0 });
    }
  }
  return { bucket, prefix, maxKeys, versions: listed };
}
