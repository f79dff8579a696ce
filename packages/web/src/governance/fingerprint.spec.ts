import { keyId, type PublicKey, toPem } from "@gonogo/core/audit/signature";
import fc from "fast-check";
import { test } from "vitest";
import { fingerprint } from "./fingerprint.ts";

test("a key has the same name here as in the checkpoints that it has signed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 120 }), async (bytes) => {
      const key = Uint8Array.from(bytes) as PublicKey;
      return (await fingerprint(toPem(key))) === keyId(key);
    }),
  );
});
