import { newApiToken } from "@gonogo/adapters/identity/api-token";
import { hasVectors, vector } from "@gonogo/adapters/signal/vectors.testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { handler } from "./api.ts";

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const { token, sha256 } = newApiToken();
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

const ENVIRONMENT = {
  AWS_REGION: "eu-west-1",
  GONOGO_TABLE: "releases",
  GONOGO_BUS: "gonogo",
  GONOGO_EVIDENCE_BUCKET: "gonogo-test-evidence",
  GONOGO_ROLLOUT_ARN: arn("states", "stateMachine:gonogo-rollout"),
  GONOGO_ROLLBACK_ARN: arn("states", "stateMachine:gonogo-rollback"),
  GONOGO_SCHEDULE_GROUP: "releases",
  GONOGO_SCHEDULER_ROLE_ARN: "arn:aws:iam::123456789012:role/gonogo-scheduler",
  GONOGO_VISIT_ARN: arn("lambda", "function:gonogo-visit"),
  GONOGO_STAND_BY_ARN: arn("lambda", "function:gonogo-stand-by"),
  GONOGO_DEAD_LETTER_ARN: arn("sqs", "gonogo-dead-letters"),
  GONOGO_ACCOUNTS: "[]",
  GONOGO_API_TOKENS: JSON.stringify([{ name: "ci", sha256, roles: ["Release Manager"] }]),
  POWERTOOLS_LOG_LEVEL: "SILENT",
};

/** As API Gateway writes an event of format 2.0, its cookies and repeated parameters included. */
function event(
  method: string,
  path: string,
  about: { headers?: Record<string, string>; body?: string } = {},
) {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "parameter1=value1&parameter1=value2&parameter2=value",
    cookies: ["cookie1", "cookie2"],
    headers: { accept: "*/*", "x-list": "value1,value2", ...about.headers },
    queryStringParameters: { parameter1: "value1,value2", parameter2: "value" },
    requestContext: {
      accountId: "123456789012",
      apiId: "api-id",
      domainName: "id.execute-api.eu-west-1.amazonaws.com",
      domainPrefix: "id",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "agent" },
      requestId: "id",
      routeKey: "$default",
      stage: "$default",
      time: "12/Mar/2026:19:03:58 +0000",
      timeEpoch: 1_773_342_238_390,
    },
    ...(about.body === undefined ? {} : { body: about.body }),
    isBase64Encoded: false,
  };
}

const ask = async (...about: Parameters<typeof event>) => (await handler(event(...about))) as Answer;
const authorization = `Bearer ${token}`;

describe("the API behind API Gateway", () => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  });

  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it("answers an event of format 2.0", async () => {
    const answer = await ask("GET", "/healthz");
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ ok: true });
  });

  it("answers every path, what it does not have as a problem", async () => {
    const answer = await ask("POST", "/my/path", { body: '{"message":"hello"}' });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(JSON.parse(answer.body)).toMatchObject({ status: 404, code: "route.unknown" });
  });

  it.skipIf(!hasVectors)("answers the event that API Gateway's documentation shows", async () => {
    const answer = (await handler(JSON.parse(vector("apigw-httpapi-v2-event.json")))) as Answer;
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.body).detail).toContain("POST /my/path");
  });

  it("knows tools by their tokens", async () => {
    const answer = await ask("GET", "/v1/me", { headers: { authorization } });
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ name: "ci" });
  });

  it.each([
    ["nobody", {}],
    [
      "a stand-in, even one that says it comes from this machine",
      { authorization: "Demo ada", host: "localhost" },
    ],
    ["a token of an issuer that it does not know", { authorization: "Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln" }],
  ])("lets in %s not", async (_, headers) => {
    const answer = await ask("GET", "/v1/releases", { headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
  });

  it("lets in no token that was never given out, nor says more while the keys cannot be read", async () => {
    const headers = { authorization: `Bearer ${newApiToken().token}` };
    const answer = await ask("GET", "/v1/releases", { headers });
    expect(answer.statusCode).toBe(503);
    expect(JSON.parse(answer.body)).toMatchObject({ code: "store.unavailable" });
  });

  it("is closed to pages of other origins", async () => {
    const headers = { origin: "https://elsewhere.example", "access-control-request-method": "POST" };
    for (const method of ["GET", "OPTIONS"]) {
      const answer = await ask(method, "/v1/me", { headers });
      const names = Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"));
      expect(names).toEqual([]);
    }
  });

  it("sends the headers that keep a browser in check", async () => {
    const { headers } = await ask("GET", "/docs");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["strict-transport-security"]).toContain("max-age=");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("has no simulator, and says where one is", async () => {
    const about = { headers: { authorization, "content-type": "application/json" }, body: '{"text":"x"}' };
    const answer = await ask("POST", "/v1/simulations", about);
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.body).code).toBe("simulate.not-here");
  });

  it("takes in no alarm without a secret for its system", async () => {
    const answer = await ask("POST", "/hooks/sentry", { body: "{}" });
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.body).code).toBe("hook.not-set-up");
  });

  it("reads a body that came as base64", async () => {
    const headers = { authorization, "content-type": "application/json" };
    const plain = event("POST", "/v1/plans/check", { headers, body: '{"text":"gonogo: 1"}' });
    const body = Buffer.from(plain.body ?? "").toString("base64");
    const answer = (await handler({ ...plain, body, isBase64Encoded: true })) as Answer;
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body).ok).toBe(false);
  });
});
