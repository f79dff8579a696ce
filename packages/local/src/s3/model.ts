export type LockMode = "GOVERNANCE" | "COMPLIANCE";

/** Buckets here have versions and Object Lock, all of them: the product has no other. */
export interface BucketRecord {
  readonly name: string;
  readonly createdAt: number;
  /** What every object gets that brings no lock of its own. */
  readonly defaultLock?: { readonly mode: LockMode; readonly days: number };
}

/** All versions under one key, oldest first. */
export interface ObjectRecord {
  readonly versions: readonly Version[];
}

export type Version = ContentVersion | DeleteMarker;

export interface DeleteMarker {
  readonly kind: "delete-marker";
  readonly id: string;
  readonly at: number;
}

export interface ContentVersion {
  readonly kind: "content";
  readonly id: string;
  readonly at: number;
  readonly size: number;
  /** MD5, in quotes. */
  readonly etag: string;
  readonly contentType: string;
  /** By the names of AWS's members, base64. */
  readonly checksums: Readonly<Record<string, string>>;
  /** Content-Disposition and the like, as they were given. */
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lock?: { readonly mode: LockMode; readonly until: number };
}
