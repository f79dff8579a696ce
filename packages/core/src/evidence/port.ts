import type { Digest } from "../kit/digest.ts";
import type { Duration } from "../kit/duration.ts";
import type { Instant } from "../kit/instant.ts";
import type { Page } from "../release/ports.ts";

/** What is kept under a key. The digest is SHA-256 of the bytes themselves. */
export interface StoredObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  /** As the store verified it; undefined for what was put there without one. */
  readonly digest?: Digest;
}

export interface NewObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  /** What happens when there is something under the key: it is left as it is, or a newer version is added. */
  readonly ifPresent: "keep" | "replace";
  /** Beyond what the store holds everything for: until then no hand can delete it; not even an administrator's where it is `compliance`. */
  readonly lock?: { readonly mode: "governance" | "compliance"; readonly until: Instant };
}

/** A request that whoever holds it may make until it expires, and no other: never in a log or an event. */
export interface SignedRequest {
  readonly method: "PUT" | "GET";
  /** Absolute, or from the root of the API's own address. */
  readonly url: string;
  /** To be sent exactly so. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Instant;
}

/** One object and no other: its key, its size, its content and its type are all bound by the signature. */
export interface WantedUpload {
  readonly key: string;
  readonly size: number;
  readonly digest: Digest;
  readonly contentType: string;
  readonly expiresIn: Duration;
}

export interface WantedDownload {
  readonly key: string;
  readonly contentType: string;
  /** What it is saved as: it is always an attachment, never shown. */
  readonly fileName: string;
  readonly expiresIn: Duration;
}

/** Where files are kept that are evidence: what people attach, and the archive. Nothing in it is overwritten. */
export interface ObjectStore {
  /** What is there now: where it was kept as it was, that may be other than what was given. */
  put(object: NewObject): Promise<StoredObject>;
  get(key: string): Promise<{ readonly about: StoredObject; readonly body: Uint8Array } | undefined>;
  head(key: string): Promise<StoredObject | undefined>;
  uploadUrl(wanted: WantedUpload): Promise<SignedRequest>;
  downloadUrl(wanted: WantedDownload): Promise<SignedRequest>;
  /** Keys and sizes of what begins so, in the order of keys; `after` is a page's `next`. */
  list(
    prefix: string,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<Page<Pick<StoredObject, "key" | "size">>>;
}

/** Thrown by a store that cannot be reached, or refuses its caller. What must not depend on it goes on without. */
export class ObjectStoreUnavailable extends Error {
  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.name : "unknown";
    super(`the evidence cannot be reached (${why})`, { cause });
    this.name = "ObjectStoreUnavailable";
  }
}
