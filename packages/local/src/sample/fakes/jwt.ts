import { createPublicKey, verify } from "node:crypto";

/** The claims of a JWT, its signature verified by a public key in PEM; undefined when it does not verify. */
export function claimsOf(
  token: string,
  publicKey: string,
  algorithm: "ES256" | "RS256",
): { readonly header: Record<string, unknown>; readonly claims: Record<string, unknown> } | undefined {
  const [head = "", body = "", signature = ""] = token.split(".");
  const key = createPublicKey(publicKey);
  const signed = Buffer.from(`${head}.${body}`);
  const given = Buffer.from(signature, "base64url");
  const holds =
    algorithm === "ES256"
      ? verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, given)
      : verify("RSA-SHA256", signed, key, given);
  if (!holds) return undefined;
  const header = parse(head);
  return header.alg === algorithm ? { header, claims: parse(body) } : undefined;
}

function parse(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}
