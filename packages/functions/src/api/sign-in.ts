import type { Page, SignedIn, SignInWay } from "@gonogo/client/contract";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Api, Serving } from "./context.ts";
import { type Guarding, sourceOfRequest } from "./guarding.ts";
import { jsonOnly } from "./json-only.ts";
import type { ApiOptions } from "./options.ts";
import { answers } from "./plans.ts";
import { REFUSALS, Refusal } from "./problem.ts";
import { json, meOf } from "./releases.ts";

const tags = ["Identity"];
const secret = z.string().regex(/^[\w-]{22,128}$/, "is not 22 to 128 characters of base64url");
const Answer = z
  .strictObject({
    issuer: z.string().max(500),
    response: z
      .string()
      .max(8_000)
      .describe("The query of the address that the provider sent the browser back to."),
    redirectUri: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .describe("That address, without the query."),
    state: secret.describe("As the request to the provider had it."),
    nonce: secret,
    verifier: z
      .string()
      .regex(/^[\w.~-]{43,128}$/, "is not a code verifier of RFC 7636")
      .describe("Of which the request had the SHA-256 as its challenge."),
  })
  .openapi("SignInRequest");

const routes = {
  ways: createRoute({
    method: "get",
    path: "/v1/sign-in",
    tags,
    summary: "How people sign in here",
    description:
      "For everybody. The page sends the browser there with a state, a nonce and a PKCE challenge (S256).",
    responses: {
      200: answers<Page<SignInWay>>("One for each provider, none where tokens are brought along."),
      ...REFUSALS,
    },
  }),
  exchange: createRoute({
    method: "post",
    path: "/v1/sign-in",
    tags,
    summary: "Trade what a provider answered for a token",
    description:
      "For everybody. State, issuer (RFC 9207), code, nonce and the ID token itself are checked; the token is then what every other request is made with, until it expires.",
    request: { body: json(Answer) },
    responses: { 200: answers<SignedIn>("The token, and whose it is."), ...REFUSALS },
  }),
};

/** Signing in comes before anybody is known: these two routes ask for nothing. */
export function addSignIn(
  app: OpenAPIHono<Api>,
  runtime: Serving,
  { signIn, identify }: ApiOptions,
  guarding: Guarding,
): void {
  app.openapi(routes.ways, async (c) => {
    c.header("cache-control", "no-store");
    return c.json({ items: (await signIn?.ways()) ?? [] }, 200);
  });
  app.use("/v1/sign-in", jsonOnly);
  app.openapi(routes.exchange, async (c) => {
    const answer = c.req.valid("json");
    if (signIn === undefined) {
      throw new Refusal(404, "sign-in.not-set-up", "nobody signs in to this deployment on the page");
    }
    const now = runtime.clock.now();
    const source = sourceOfRequest(c);
    await guarding.refuseIfOver("sign-in", source);
    const traded = await signIn.exchange(answer, now);
    if (!traded.ok && traded.status === 401) await guarding.failed("sign-in", source);
    if (!traded.ok) throw new Refusal(traded.status, traded.code, traded.message);
    const who = await identify(new Headers({ authorization: `Bearer ${traded.token}` }), now);
    if (!who.ok) c.set("who", who.who);
    if (!who.ok)
      throw new Refusal(who.status, who.status === 401 ? "sign-in.forged" : "identity.refused", who.message);
    c.header("cache-control", "no-store");
    return c.json({ token: traded.token, me: meOf(who.actor, who.name) }, 200);
  });
}
