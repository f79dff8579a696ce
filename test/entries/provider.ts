import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export const ISSUER = "https://id.example.test";
export const AUDIENCE = "gonogo";
export const JWKS_URL = `${ISSUER}/keys`;

/** An OpenID Connect provider: its public keys over `fetch`, and the tokens that it gives to people. */
export interface Provider {
  readonly fetch: typeof fetch;
  token(person: { readonly id: string; readonly roles: readonly string[] }, now: number): Promise<string>;
}

export async function openProvider(): Promise<Provider> {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const key: JWK = { ...(await exportJWK(publicKey)), kid: "one", alg: "ES256", use: "sig" };
  return {
    fetch: async (input) => {
      const url = String(input instanceof Request ? input.url : input);
      if (url !== JWKS_URL) throw new Error(`nothing else is asked for, but ${url} was`);
      return Response.json({ keys: [key] });
    },
    token: ({ id, roles }, now) =>
      new SignJWT({ roles: [...roles], name: id })
        .setProtectedHeader({ alg: "ES256", kid: "one" })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(id)
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(Math.floor(now / 1000) + 300)
        .sign(privateKey),
  };
}
