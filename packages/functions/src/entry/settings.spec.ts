import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { LocalSigner, newPrivateKey } from "@gonogo/adapters/kms/local";
import { toBase64 } from "@gonogo/core/audit/signature";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FUNCTIONS, type FunctionName } from "../deployment.ts";
import type { LambdaHandler } from "../lambda.ts";
import { secretsOf, variablesOf } from "./needs.ts";
import { readSecret, SECRETS, type Secret } from "./secrets.ts";
import { readSettings, VARIABLES, type Variable, WrongEnvironment } from "./settings.ts";

const RIGHT: Record<Variable, string> = {
  AWS_REGION: "eu-west-1",
  GONOGO_TABLE: "gonogo-production-releases",
  GONOGO_BUS: "gonogo-production",
  GONOGO_EVIDENCE_BUCKET: "gonogo-production-evidence-123456789012-eu-west-1",
  GONOGO_ROLLOUT_ARN: "arn:aws:states:eu-west-1:123456789012:stateMachine:gonogo-rollout",
  GONOGO_ROLLBACK_ARN: "arn:aws:states:eu-west-1:123456789012:stateMachine:gonogo-rollback",
  GONOGO_SCHEDULE_GROUP: "gonogo-releases",
  GONOGO_SCHEDULER_ROLE_ARN: "arn:aws:iam::123456789012:role/gonogo-scheduler",
  GONOGO_VISIT_ARN: "arn:aws:lambda:eu-west-1:123456789012:function:gonogo-visit",
  GONOGO_STAND_BY_ARN: "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:gonogo-stand-by",
  GONOGO_DEAD_LETTER_ARN: "arn:aws:sqs:eu-west-1:123456789012:gonogo-dead-letters",
  GONOGO_ACCOUNTS:
    '[{"account":"222233334444","role":"arn:aws:iam::222233334444:role/gonogo","externalId":"12345678"}]',
  GONOGO_AUDIT_KEY: "arn:aws:kms:eu-west-1:123456789012:alias/gonogo-production-audit",
  GONOGO_AUDIT_KEY_BEFORE: "none",
  GONOGO_SIGSTORE_ROOT: "trusted_root.json",
  GONOGO_AUDIT_COPIES: "none",
  GONOGO_TEST_ALARM: "gonogo-production-integration-test",
};
const ALL = Object.keys(VARIABLES) as Variable[];
const pem = (characters: number) =>
  `-----BEGIN PRIVATE KEY-----\n${"A".repeat(characters)}\n-----END PRIVATE KEY-----\n`;

describe("variables", () => {
  beforeEach(() => {
    for (const name of ALL) vi.stubEnv(name, "");
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("are read as they are", () => {
    expect(readSettings(ALL, RIGHT)).toEqual(RIGHT);
  });

  it("are all named in one message when they are missing or wrong", () => {
    const wrong = { ...RIGHT, GONOGO_TABLE: "", GONOGO_BUS: "default", GONOGO_VISIT_ARN: "visit" };
    expect(() => readSettings(ALL, wrong)).toThrow(
      'GONOGO_TABLE is not set; GONOGO_BUS is "default", which is the default bus; gonogo has one of its own; ' +
        'GONOGO_VISIT_ARN is "visit", which is not an ARN such as ' +
        "arn:aws:lambda:eu-west-1:123456789012:function:gonogo-visit; docs/operations.md lists",
    );
  });

  it("name the audit's key by its ARN, or by its public half and by no other kind of key", async () => {
    const own = toBase64(await LocalSigner.generate().publicKey());
    const read = (GONOGO_AUDIT_KEY: string) => () => readSettings(["GONOGO_AUDIT_KEY"], { GONOGO_AUDIT_KEY });
    expect(read(own)).not.toThrow();
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    for (const other of [own.slice(1), publicKey.export({ type: "spki", format: "der" }).toString("base64")])
      expect(read(other)).toThrow("nor a public key on P-256");
  });

  it("do not stand in for one another", () => {
    const swapped = {
      ...RIGHT,
      GONOGO_VISIT_ARN: RIGHT.GONOGO_STAND_BY_ARN,
      GONOGO_ROLLOUT_ARN: RIGHT.GONOGO_ROLLBACK_ARN,
    };
    expect(() => readSettings(["GONOGO_VISIT_ARN"], swapped)).toThrow("GONOGO_VISIT_ARN is");
    expect(() => readSettings(["GONOGO_ROLLOUT_ARN"], swapped)).toThrow("stateMachine:gonogo-rollout");
    expect(() => readSettings(["GONOGO_TABLE"], swapped)).not.toThrow();
  });

  for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
    it(`that ${name} has not been given are named by its entry`, async () => {
      const { handler } = (await import(`../entry/${name}.ts`)) as { handler: LambdaHandler };
      const error = await handler({}).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).name).toBe(WrongEnvironment.name);
      for (const variable of ["AWS_REGION", ...variablesOf(name)]) {
        expect((error as Error).message).toContain(`${variable} is not set`);
      }
    });
  }
});

it("docs/operations.md has every variable and every secret", () => {
  const text = readFileSync(new URL("../../../../docs/operations.md", import.meta.url), "utf8");
  for (const name of [...ALL, ...Object.keys(SECRETS)]) expect(text).toContain(`| \`${name}\` |`);
});

describe("secrets", () => {
  it("are not set up when they are absent or empty", () => {
    for (const name of Object.keys(SECRETS) as Secret[]) {
      expect(readSecret(name, {})).toBeUndefined();
      expect(readSecret(name, { [name]: " " })).toBeUndefined();
    }
  });

  it("are read from JSON", () => {
    const given = JSON.stringify({ issuerId: "i", keyId: "k", privateKey: pem(200) });
    expect(readSecret("GONOGO_APP_STORE", { GONOGO_APP_STORE: given })).toMatchObject({ keyId: "k" });
    const hooks = JSON.stringify({ sentry: { clientSecrets: ["s"] } });
    expect(readSecret("GONOGO_HOOKS", { GONOGO_HOOKS: hooks })?.grafana.tokens).toEqual([]);
  });

  it.each<[Secret, string, string]>([
    ["GONOGO_SENTRY", "{ 'organization': hunter2 }", "GONOGO_SENTRY is not JSON"],
    ["GONOGO_SENTRY", '{"organization":"hunter2"}', "GONOGO_SENTRY: token is not of the type string"],
    ["GONOGO_SENTRY", '["hunter2"]', "GONOGO_SENTRY: the top is not an object"],
    ["GONOGO_HOOKS", '{"hunter2":[]}', "GONOGO_HOOKS: the top has a key that nothing reads"],
    [
      "GONOGO_CHANNELS",
      '{"#ops":{"kind":"hunter2"}}',
      "GONOGO_CHANNELS: #ops.kind is of no kind that is known",
    ],
    ["GONOGO_CHANNELS", '{"#ops":{"kind":"webhook","url":"http://hunter2"}}', "is not an https URL"],
    ["GONOGO_API_TOKENS", '[{"name":"ci","sha256":"hunter2","roles":[]}]', "0.sha256 is not 64 hex digits"],
    ["GONOGO_AUDIT_SIGNING_KEY", '{"privateKey":"hunter2"}', "privateKey is not a private key on P-256"],
    [
      "GONOGO_ISSUERS",
      '[{"issuer":"http://hunter2","speaksFor":{"kind":"person"}}]',
      "0.issuer is not an https URL",
    ],
    [
      "GONOGO_ISSUERS",
      '[{"issuer":"https://hunter2.example","speaksFor":{"kind":"person"}}]',
      "0 is without an audience",
    ],
    [
      "GONOGO_ISSUERS",
      '[{"issuer":"https://hunter2.example","speaksFor":{"kind":"tool","name":"ci"},"signIn":{"clientId":"c"}}]',
      "0 is a tool's",
    ],
    ["GONOGO_GOOGLE_PLAY", '{"clientEmail":"hunter2","privateKey":"p","packages":[]}', "packages is empty"],
  ])("%s that is wrong is said to be, without a word of what stands there", (name, given, message) => {
    let said = "";
    try {
      readSecret(name, { [name]: given });
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toContain(message);
    expect(said).not.toContain("hunter2");
  });

  it("fit with the variables in the 4 KB that Lambda has for an environment, where each is set up once", () => {
    const hex = "0".repeat(64);
    const sizes: Record<Secret, unknown> = {
      GONOGO_APP_STORE: { issuerId: crypto.randomUUID(), keyId: "ABCDEFGHIJ", privateKey: pem(200) },
      GONOGO_GOOGLE_PLAY: {
        clientEmail: "a".repeat(70),
        privateKey: pem(1_625),
        packages: ["com.example.app"],
      },
      GONOGO_SENTRY: { organization: "example", token: "s".repeat(90) },
      GONOGO_CHANNELS: { "*": { kind: "slack", token: `xoxb-${"0".repeat(60)}` } },
      GONOGO_CALENDARS: { hosts: ["calendar.example.com", "calendar.google.com"] },
      GONOGO_HOOKS: {
        sentry: { clientSecrets: [hex] },
        alertmanager: { tokens: [hex] },
        generic: { hmac: [hex] },
      },
      GONOGO_ISSUERS: [
        {
          issuer: "https://login.example.com/abc",
          speaksFor: { kind: "person" },
          rolesClaim: "roles",
          signIn: { clientId: "0".repeat(36), clientSecret: "0".repeat(40), name: "Example" },
        },
      ],
      GONOGO_API_TOKENS: [{ name: "ci", sha256: hex, roles: ["Release Manager"] }],
      GONOGO_AUDIT_SIGNING_KEY: { privateKey: newPrivateKey() },
      GONOGO_AUDIT_SIGNING_KEY_BEFORE: { privateKey: newPrivateKey() },
      GONOGO_ARCHIVES: {
        github: { token: `github_pat_${"0".repeat(82)}`, repo: "example/releases" },
        confluence: {
          site: "https://example.atlassian.net",
          email: "gonogo@example.com",
          token: "0".repeat(192),
          spaceId: "1".repeat(12),
          parentId: "1".repeat(12),
        },
      },
      GONOGO_PROBES: {
        hosts: ["*.example.com", "status.example.org"],
        headers: { "api.example.com": { authorization: `Bearer ${"0".repeat(60)}` } },
        github: { token: `github_pat_${"0".repeat(82)}` },
        pagerduty: { token: "0".repeat(20) },
      },
    };
    const over = (Object.keys(FUNCTIONS) as FunctionName[]).filter((name) => {
      const variables = variablesOf(name).map((one) => one.length + RIGHT[one].length);
      const secrets = secretsOf(name).map((one) => one.length + JSON.stringify(sizes[one]).length);
      return [...variables, ...secrets].reduce((sum, bytes) => sum + bytes, 0) > 4_096;
    });
    expect(over).toEqual([]);
  });
});
