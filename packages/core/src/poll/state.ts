import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { VoteWord } from "./schema.ts";

export interface VoteState {
  readonly vote: VoteWord;
  readonly by: string;
  readonly at: Instant;
  readonly reason?: string;
  /** Who delegated the role to the one who voted. */
  readonly for?: string;
}

/** One poll. A second one of a release is another, and the votes of the first do not count in it. */
export interface PollState {
  readonly n?: number;
  readonly plan?: Digest;
  readonly openedAt: Instant;
  readonly closes: Instant;
  readonly roles: readonly string[];
  readonly votes: Readonly<Record<string, VoteState>>;
  readonly closedAt?: Instant;
  readonly result?: "go" | "no-go";
}
