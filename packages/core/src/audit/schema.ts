import type { Actor } from "../actor/schema.ts";
import type { Salts } from "../erasure/commitment.ts";
import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { ReleaseEvent } from "../release/events.ts";

/**
 * One link of the audit log of a release, or of the deployment. The log is the history: there is no second place where it is kept.
 */
export interface AuditRecord<E extends { readonly type: string } = ReleaseEvent> {
  /** The release, or `deployment` in the deployment's own log. */
  readonly release: string;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly at: Instant;
  readonly actor: Actor;
  /** Why, in the words of whoever asked. */
  readonly reason?: string;
  /** The command that brought it about; the records of one command share it. */
  readonly command: string;
  readonly event: E;
  /** The digest of the record before; of the release's id for the first. */
  readonly prev: Digest;
  /** What the texts that can be erased are committed to with, see erasure/commitment.ts; not part of what is sealed. */
  readonly salts?: Salts;
  /** Over all of this, with a commitment in the place of each text that has a salt. */
  readonly digest: Digest;
}
