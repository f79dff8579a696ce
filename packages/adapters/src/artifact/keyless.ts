import { X509Certificate } from "node:crypto";
import { fromMillis, stamped } from "@gonogo/core/kit/instant";
import { messageOf, oneOf } from "@gonogo/core/kit/text";
import { type Bundle, bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { type Signer, toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";
import { dig } from "../http/call.ts";
import { isIdentity } from "./identity.ts";
import { IN_TOTO, subjectsOf } from "./statement.ts";
import type { TrustedRootFile } from "./trusted-root.ts";

/** Who must have signed: what the certificate is for, and who vouches for that. */
export interface Keyless {
  readonly identity: string;
  readonly issuer: string;
}

/**
 * Whether a Sigstore bundle holds a statement about this digest, signed with a short-lived certificate of that identity:
 * the certificate's chain to the trusted root, its entry in a certificate log (SCT), the signature's entry in a
 * transparency log with its proof, a time that is proved and at which the certificate was valid, the signature, who it
 * is by, and what it is about. Says what was found and what was expected; undefined when all of it holds.
 * https://docs.sigstore.dev/about/bundle/, https://github.com/sigstore/architecture-docs/blob/main/client-spec.md
 */
export function whyNotKeyless(
  bundleJson: unknown,
  root: TrustedRootFile,
  wanted: Keyless,
  sha256: string,
): string | undefined {
  const unproved = whyUnproved(bundleJson);
  if (unproved !== undefined) return unproved;
  let bundle: Bundle;
  try {
    bundle = bundleFromJSON(bundleJson);
  } catch {
    return "it is no Sigstore bundle";
  }
  if (bundle.content.$case !== "dsseEnvelope") return "the bundle holds no attestation (DSSE envelope)";
  const certificate = certificateOf(bundle);
  if (certificate === undefined) return "the bundle is signed with a key, and a certificate was expected";
  const stranger = whyUnknown(certificate, root);
  if (stranger !== undefined) return stranger;
  let signer: Signer;
  try {
    const trust = toTrustMaterial(TrustedRoot.fromJSON(root));
    signer = new Verifier(trust, { tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 }).verify(
      toSignedEntity(bundle),
    );
  } catch (error) {
    return whyRefused(error, { bundle, certificate, root });
  }
  const { subjectAlternativeName = "nobody", extensions } = signer.identity ?? {};
  if (!isIdentity(wanted.identity, subjectAlternativeName)) {
    return `it was signed by ${subjectAlternativeName}, and ${wanted.identity} was expected`;
  }
  if (extensions?.issuer !== wanted.issuer) {
    return `${extensions?.issuer ?? "nobody"} vouches for who signed it, and ${wanted.issuer} was expected`;
  }
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  if (payloadType !== IN_TOTO) return `the attestation is ${payloadType}, and ${IN_TOTO} was expected`;
  const subjects = subjectsOf(payload);
  if (subjects.includes(sha256)) return undefined;
  const found =
    subjects.length === 0 ? "nothing with a SHA-256" : oneOf(subjects.slice(0, 3).map(short), "and");
  return `the attestation is about another artefact: ${found}, and ${short(sha256)} was expected`;
}

/** The library takes a promise of the log for a proof, where the bundle is of the first version; here it is none. */
function whyUnproved(bundleJson: unknown): string | undefined {
  const entries = dig(bundleJson, "verificationMaterial", "tlogEntries");
  if (dig(bundleJson, "mediaType") === undefined) return "it is no Sigstore bundle";
  if (!Array.isArray(entries) || entries.length === 0) {
    return "it has no entry of a transparency log, and one with a proof of inclusion was expected";
  }
  const isProved = entries.every((entry) => dig(entry, "inclusionProof", "checkpoint") !== undefined);
  return isProved ? undefined : "its log entry has no proof of inclusion, and one was expected";
}

function certificateOf({ verificationMaterial: { content } }: Bundle): X509Certificate | undefined {
  switch (content.$case) {
    case "certificate":
      return new X509Certificate(content.certificate.rawBytes);
    case "x509CertificateChain": {
      const [first] = content.x509CertificateChain.certificates;
      return first === undefined ? undefined : new X509Certificate(first.rawBytes);
    }
    default:
      return undefined;
  }
}

/** Another instance's certificate: said first, for nothing else of it can hold either. */
function whyUnknown(certificate: X509Certificate, root: TrustedRootFile): string | undefined {
  const authorities = root.certificateAuthorities.flatMap(({ certChain, uri }) =>
    certChain.certificates.map(({ rawBytes }) => ({
      ca: new X509Certificate(Buffer.from(rawBytes, "base64")),
      uri,
    })),
  );
  if (authorities.some(({ ca }) => certificate.checkIssued(ca) && certificate.verify(ca.publicKey))) {
    return undefined;
  }
  const known = authorities.map(
    ({ ca, uri }) => `${named(ca.subject)}${uri === undefined ? "" : ` (${uri})`}`,
  );
  return `the certificate was issued by ${named(certificate.issuer)}, which is none of the trusted root's; expected ${list(known)}`;
}

/** `O=sigstore.dev, CN=sigstore`: a name as it stands in a certificate, on one line. */
function named(subject: string): string {
  return subject.replaceAll("\n", ", ");
}

interface Refused {
  readonly bundle: Bundle;
  readonly certificate: X509Certificate;
  readonly root: TrustedRootFile;
}

function whyRefused(error: unknown, { bundle, certificate, root }: Refused): string {
  if (!(error instanceof VerificationError))
    return `the bundle does not verify: ${messageOf(error).slice(0, 200)}`;
  const span = `the certificate was valid from ${day(certificate.validFromDate)} to ${day(certificate.validToDate)}`;
  switch (error.code) {
    case "TIMESTAMP_ERROR":
      return `no time is proved at which it was signed (${error.message}), and ${span}`;
    case "CERTIFICATE_ERROR": {
      if (/SCT/.test(error.message)) {
        return `no certificate log of the trusted root vouches for the certificate (${error.message}); expected ${list(root.ctlogs.map(({ baseUrl }) => baseUrl))}`;
      }
      const outside = timesOf(bundle).find(
        (time) => time < certificate.validFromDate || time > certificate.validToDate,
      );
      if (outside !== undefined) return `it was signed at ${day(outside)}, and ${span}`;
      return `the certificate leads to no authority of the trusted root that was valid then (${error.message}); ${span}`;
    }
    case "SIGNATURE_ERROR":
      return "the signature is not of this statement by the certificate's key";
    default:
      return `its log entry does not hold (${error.message}); expected one of ${list(root.tlogs.map(({ baseUrl }) => baseUrl))}`;
  }
}

/** The times that log and authorities tell, believed or not. */
function timesOf(bundle: Bundle): Date[] {
  return toSignedEntity(bundle).timestamps.map((one) =>
    one.$case === "timestamp-authority"
      ? one.timestamp.signingTime
      : new Date(Number(one.tlogEntry.integratedTime) * 1000),
  );
}

function list(names: readonly string[]): string {
  return oneOf([...new Set(names)]);
}

function day(at: Date): string {
  return stamped(fromMillis(at.getTime()));
}

function short(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
