import type { Signer } from "@gonogo/core/audit/signature";
import type { Process } from "../runtime.ts";
import { deferred } from "./deferred.ts";

/** Whether the audit's key is named as one of KMS, and not by its public half. */
export function inKms(named: string): boolean {
  return named.startsWith("arn:");
}

/** The client is loaded where the key is in KMS, and not where the deployment does without. */
export function kmsKey({ aws }: Process, named: string): Signer {
  return deferred<Signer, keyof Signer>(async () => {
    const { KmsSigner } = await import("@gonogo/adapters/kms/index");
    return new KmsSigner(aws, named);
  }, ["sign", "publicKey"]);
}
