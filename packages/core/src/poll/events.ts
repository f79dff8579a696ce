import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { VoteWord } from "./schema.ts";

export type PollEvent =
  | {
      readonly type: "PollOpened";
      readonly closes: Instant;
      readonly roles: readonly string[];
      /** Which poll of the release, from 1. */
      readonly n?: number;
      /** The plan that is voted on; what is said of it holds for no other. */
      readonly plan?: Digest;
    }
  | {
      readonly type: "VoteCast";
      readonly role: string;
      readonly vote: VoteWord;
      /** Who delegated the role to the one who voted. */
      readonly for?: string;
    }
  | {
      readonly type: "PollClosed";
      readonly result: "go" | "no-go";
      readonly noGo: readonly string[];
      readonly silent: readonly string[];
      readonly abstained?: readonly string[];
      readonly n?: number;
    };
