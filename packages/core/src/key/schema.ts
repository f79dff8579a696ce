import { z } from "zod";
import type { Digest } from "../kit/digest.ts";
import { instant, line } from "../kit/schema.ts";
import { SCOPES } from "./scopes.ts";

export type KeyScope = keyof typeof SCOPES;
export const KeyScope = z.enum(Object.keys(SCOPES) as [KeyScope, ...KeyScope[]]);

/** SHA-256 of a whole key. With 256 random bits in it a plain hash is as good as a slow one. */
const KeyDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "is not sha256: and 64 hex digits")
  .transform((text) => text as Digest);

/** A key as it is asked for. The secret is made where it is asked for, shown there once, and never sent. */
export const NewKey = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{1,62}$/, "2 to 63 of a-z, 0-9, ., _ and -, such as ci-orders")
    .describe("What the logs call the tool."),
  digest: KeyDigest.describe("SHA-256 of the key, which is gonogo_ and 43 characters of base64url."),
  scopes: z.array(KeyScope).min(1).max(Object.keys(SCOPES).length).describe("What it may be used for."),
  roles: z.array(line).max(20).default([]).describe("What it may bring about, as the plans' roles say."),
  expiresAt: instant.describe("At most a year away."),
});
export type NewKey = z.infer<typeof NewKey>;
