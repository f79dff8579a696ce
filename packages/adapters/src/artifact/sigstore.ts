import { createPublicKey } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { type TrustMaterial, toSignedEntity, Verifier } from "@sigstore/verify";
import { IN_TOTO, subjectsOf } from "./statement.ts";

const NONE = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };

/**
 * Whether a Sigstore bundle holds a statement about this digest that the key has signed. What stands in a public
 * log besides is not looked at: the key alone is trusted. Returns why it does not hold; undefined when it does.
 * https://docs.sigstore.dev/about/bundle/, https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export function whyNotAttested(bundleJson: unknown, publicKey: string, sha256: string): string | undefined {
  let bundle: ReturnType<typeof bundleFromJSON>;
  try {
    bundle = bundleFromJSON(bundleJson);
  } catch {
    return "it is no Sigstore bundle";
  }
  if (bundle.content.$case !== "dsseEnvelope") return "the bundle holds no attestation (DSSE envelope)";
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  const trust: TrustMaterial = {
    ...NONE,
    publicKey: () => ({ publicKey: createPublicKey(publicKey), validFor: () => true }),
  };
  try {
    const entity = { ...toSignedEntity(bundle), tlogEntries: [], timestamps: [] };
    if (entity.key.$case !== "public-key") return "the bundle is signed with a certificate, not with a key";
    new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }).verify(entity);
  } catch {
    return "the signature is not by that key";
  }
  if (payloadType !== IN_TOTO) return `the attestation is ${payloadType}, not ${IN_TOTO}`;
  return subjectsOf(payload).includes(sha256) ? undefined : "the attestation is about another artefact";
}
