import { isPrivateKey } from "@gonogo/adapters/kms/local";
import { KeyScope } from "@gonogo/core/key/schema";
import { instant } from "@gonogo/core/kit/schema";
import { z } from "zod";
import { HookSecrets } from "../api/hook-secrets.ts";
import { type Environment, WrongEnvironment } from "./settings.ts";

const text = z.string().trim().min(1, "is empty");
const https = z.url({ protocol: /^https$/, error: "is not an https URL" });
/** Over https, or in clear text to this machine itself. */
const issuerUrl = z
  .url({ protocol: /^https?$/, error: "is not a URL" })
  .refine((url) => url.startsWith("https:") || isLoopback(URL.parse(url)), "is not an https URL");
const roles = z.array(text).max(50);

/** A key of the App Store Connect API. */
const AppStore = z.strictObject({
  issuerId: text,
  keyId: text,
  privateKey: text.describe("The .p8 file's text."),
  platform: z.enum(["IOS", "MAC_OS", "TV_OS", "VISION_OS"]).optional(),
  atFull: z.enum(["wait", "complete"]).optional(),
});

/** What is needed of a Google service account, and the apps that are released with it. */
const GooglePlay = z.strictObject({
  clientEmail: text,
  privateKey: text,
  packages: z.array(text).min(1).max(50),
});

/** Where crash-free rates are read. The secret that Sentry's alarms are signed with is among the hooks. */
const Sentry = z.strictObject({
  organization: text,
  token: text.describe("With the scope org:read."),
  baseUrl: https.optional(),
  release: text.optional(),
  environment: text.optional(),
});

/** Where a channel of a plan leads, by the name that the plan gives it; `*` takes all others. */
const Channels = z.record(
  text,
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("slack"),
      token: text,
      channel: text.optional().describe("Unset: the #name in the plan's name for it."),
    }),
    z.strictObject({ kind: z.literal("slack-webhook"), url: https }),
    z.strictObject({ kind: z.literal("webhook"), url: https, secret: text.optional() }),
  ]),
);

/** Hosts from which calendars may be fetched. */
const Calendars = z.strictObject({ hosts: z.array(text).max(50) });

/** What gonogo is registered as at a provider by which people sign in on the page. */
const SignIn = z.strictObject({
  clientId: text,
  clientSecret: text.optional().describe("Of a confidential client. A public one has none."),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "is not a scope"))
    .max(20)
    .optional(),
  name: text.optional().describe("What the page calls the provider."),
});

/** What claims give: repository, branch or environment of a job, for instance. */
const pattern = z.string().regex(/^[^*]+\*?$/, "is no value, and no beginning with * at its end");
const Grant = z.strictObject({
  when: z
    .record(text, z.union([pattern, z.array(pattern).min(1).max(50)]))
    .refine((when) => Object.keys(when).length > 0, "is without a claim: it would let everybody in"),
  name: text.optional(),
  roles: roles.optional(),
  scopes: z.array(KeyScope).optional(),
});

/** OpenID Connect providers whose tokens the API believes: see Issuer. */
const Issuers = z
  .array(
    z
      .strictObject({
        issuer: issuerUrl,
        audience: text.optional(),
        jwksUrl: issuerUrl.optional(),
        speaksFor: z.discriminatedUnion("kind", [
          z.strictObject({ kind: z.literal("person") }),
          z.strictObject({ kind: z.literal("tool"), name: text }),
        ]),
        rolesClaim: text.optional(),
        roleMap: z.record(z.string(), roles).optional(),
        roles: roles.optional(),
        require: z.record(z.string(), z.string()).optional(),
        grants: z.array(Grant).min(1).max(50).optional(),
        scopes: z.array(KeyScope).optional(),
        signIn: SignIn.optional(),
      })
      .refine(
        ({ audience, signIn }) => audience !== undefined || signIn !== undefined,
        "is without an audience",
      )
      .refine(
        ({ speaksFor, signIn }) => speaksFor.kind === "person" || signIn === undefined,
        "is a tool's, and tools do not sign in",
      ),
  )
  .max(20);

/** Tools' tokens, as hashes: what `newApiToken` gives. */
const ApiTokens = z
  .array(
    z.strictObject({
      name: text,
      sha256: z.string().regex(/^[0-9a-f]{64}$/i, "is not 64 hex digits"),
      roles,
      scopes: z.array(KeyScope).optional(),
      expiresAt: instant.optional(),
    }),
  )
  .max(100);

const system = z.strictObject({ token: text, baseUrl: https.optional() });

/** Where the probes of checklists may go, and with what. */
const Probes = z.strictObject({
  hosts: z
    .array(z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i, "is not a host such as api.example.org"))
    .max(100)
    .default([])
    .describe("What http, tls, age and the like may ask: names, or *.example.org."),
  headers: z
    .record(text, z.record(text, text))
    .optional()
    .describe("By host, sent over https: { authorization: Bearer … }."),
  github: system.optional().describe("For ci and change-log."),
  gitlab: system.optional().describe("For ci."),
  pagerduty: system.optional().describe("For on-call."),
  ca: z.array(text).max(10).optional().describe("Certificates in PEM that tls trusts besides."),
});

/** Where copies of closed releases' archives go besides the evidence bucket. */
const Archives = z.strictObject({
  github: z
    .strictObject({
      token: text.describe("May read and write contents of this repository."),
      repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "is not owner/name"),
      branch: text.optional().describe("Unset: the default branch."),
      folder: z
        .string()
        .regex(/^[\w.-]+(\/[\w.-]+)*$/, "is not a folder such as releases")
        .optional()
        .describe("Unset: releases."),
      baseUrl: https.optional(),
    })
    .optional(),
  confluence: z
    .strictObject({
      site: https.refine(isSite, "is not a site such as https://example.atlassian.net"),
      email: text,
      token: text,
      spaceId: z.string().regex(/^\d+$/, "is not the number of a space"),
      parentId: z.string().regex(/^\d+$/, "is not the number of a page").optional(),
    })
    .optional(),
});

function isSite(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.pathname === "/" && parsed.search === "" && parsed.username === "";
}

/** What the audit log is signed with, where its key is not in KMS. */
const AuditSigningKey = z.strictObject({
  privateKey: z.string().refine(isPrivateKey, "is not a private key on P-256 in PEM (PKCS #8)"),
});

function isLoopback(url: URL | null): boolean {
  return url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}

/** What a deployment may be given besides: each a JSON document in its own variable, absent when not set up. */
export const SECRETS = {
  GONOGO_APP_STORE: AppStore,
  GONOGO_GOOGLE_PLAY: GooglePlay,
  GONOGO_SENTRY: Sentry,
  GONOGO_CHANNELS: Channels,
  GONOGO_CALENDARS: Calendars,
  GONOGO_HOOKS: HookSecrets,
  GONOGO_ISSUERS: Issuers,
  GONOGO_API_TOKENS: ApiTokens,
  GONOGO_PROBES: Probes,
  GONOGO_ARCHIVES: Archives,
  GONOGO_AUDIT_SIGNING_KEY: AuditSigningKey,
  GONOGO_AUDIT_SIGNING_KEY_BEFORE: AuditSigningKey,
} as const;

export type Secret = keyof typeof SECRETS;
export type SecretOf<S extends Secret> = Present<z.infer<(typeof SECRETS)[S]>>;

/** JSON holds no `undefined`: what is optional is there or it is not. */
type Present<T> = T extends string
  ? T
  : T extends readonly (infer One)[]
    ? Present<One>[]
    : T extends object
      ? { [K in keyof T]: Present<Exclude<T[K], undefined>> }
      : T;

/**
 * Reads a secret; undefined when it is not set up. Throws WrongEnvironment, which says where in the document
 * the mistake is and never what stands there (S16).
 */
export function readSecret<S extends Secret>(name: S, environment: Environment): SecretOf<S> | undefined {
  const given = environment[name]?.trim();
  if (given === undefined || given === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    // What JSON.parse says quotes the text.
    throw new WrongEnvironment([`${name} is not JSON`]);
  }
  const result = SECRETS[name].safeParse(value);
  if (result.success) return result.data as unknown as SecretOf<S>;
  throw new WrongEnvironment(
    result.error.issues.map(
      (issue) => `${name}: ${issue.path.map(String).join(".") || "the top"} ${wrong(issue)}`,
    ),
  );
}

/** In words of our own: zod's may quote a key of the document, which can be a secret put in the wrong place. */
function wrong(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `is not ${issue.expected === "object" ? "an object" : `of the type ${issue.expected}`}`;
    case "unrecognized_keys":
      return `has ${issue.keys.length === 1 ? "a key" : `${issue.keys.length} keys`} that nothing reads`;
    case "invalid_union":
      return "is of no kind that is known";
    case "too_big":
      return `has more than ${issue.maximum} entries`;
    case "too_small":
      return "is empty";
    case "custom":
    case "invalid_format":
      return issue.message.startsWith("is ") ? issue.message : "is not well formed";
    default:
      return "is not as it should be";
  }
}
