import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { KeyScope } from "./schema.ts";

/** In the deployment's own audit log. A digest of 256 random bits is no secret: it says which key, and opens nothing. */
export type KeyEvent =
  | {
      readonly type: "KeyCreated";
      readonly key: string;
      readonly name: string;
      readonly digest: Digest;
      readonly scopes: readonly KeyScope[];
      readonly roles: readonly string[];
      readonly expiresAt: Instant;
    }
  | { readonly type: "KeyRevoked"; readonly key: string; readonly name: string };
