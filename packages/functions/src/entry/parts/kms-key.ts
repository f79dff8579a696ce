import type { Signer } from "@gonogo/core/audit/signature";
import type { Process } from "../runtime.ts";

/** Whether the audit's key is named as one of KMS, and not by its public half. */
export function inKms(named: string): boolean {
  return named.startsWith("arn:");
}

/** The client is loaded where the key is in KMS, and not where the deployment does without. */
export function kmsKey({ aws, settings }: Process): Signer {
  let made: Promise<Signer> | undefined;
  const signer = () => {
    made ??= import("@gonogo/adapters/kms/index").then(
      ({ KmsSigner }) => new KmsSigner(aws, settings.GONOGO_AUDIT_KEY),
    );
    return made;
  };
  return {
    sign: async (message) => await (await signer()).sign(message),
    publicKey: async () => await (await signer()).publicKey(),
  };
}
