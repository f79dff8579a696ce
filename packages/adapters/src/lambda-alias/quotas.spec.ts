import type { QuotaAnswer } from "@gonogo/core/quota/schema";
import { afterEach, describe, expect, it } from "vitest";
import { accountsByRole } from "../aws/accounts.ts";
import { serve } from "../http/serve.testing.ts";
import { LambdaQuotas } from "./quotas.ts";

const STAGING = {
  account: "222233334444",
  role: "arn:aws:iam::222233334444:role/gonogo-target",
  externalId: "kept-secret-1",
};

/** In the shapes of AWS's reference: STS gives a session, and Lambda tells whose account it was asked about. */
class Aws {
  readonly asked: string[] = [];
  /** An error in the answers of an operation, by a part of its path. */
  fails: { readonly path: string; readonly status: number; readonly type: string } | undefined;

  readonly answers = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === "/") {
      const until = new Date(Date.now() + 900_000).toISOString();
      return new Response(
        `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        { headers: { "content-type": "text/xml" } },
      );
    }
    const isOwn = request.headers.get("x-amz-security-token") === null;
    this.asked.push(`${isOwn ? "own" : "staging"} ${pathname}`);
    const { fails } = this;
    if (fails !== undefined && pathname.includes(fails.path)) {
      const headers = { "x-amzn-errortype": fails.type };
      return Response.json({ Message: `${fails.type} of the test` }, { status: fails.status, headers });
    }
    if (pathname === "/2016-08-19/account-settings") {
      return Response.json({
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          ConcurrentExecutions: isOwn ? 1_000 : 50,
          UnreservedConcurrentExecutions: isOwn ? 900 : 50,
        },
        AccountUsage: { TotalCodeSize: 1_000_000, FunctionCount: 3 },
      });
    }
    return Response.json(pathname.includes("/billing/") ? { ReservedConcurrentExecutions: 100 } : {});
  };
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function opened() {
  const aws = new Aws();
  const { url, close } = await serve(aws.answers);
  closing.push(close);
  const config = {
    region: "eu-west-1",
    endpoint: url,
    credentials: { accessKeyId: "AKIAOWN", secretAccessKey: "s" },
    maxAttempts: 1,
  };
  return { aws, quotas: new LambdaQuotas(config, accountsByRole(config, [STAGING])) };
}

const CODE = { codeBytes: 1_000_000, codeLimit: 80_530_636_800 };

describe("what Lambda lets functions use", () => {
  it("is asked once for an account and once for a function, and told in their order", async () => {
    const { aws, quotas } = await opened();
    const billing = { function: "billing" };
    const found = await quotas.of([
      billing,
      { function: "orders" },
      { ...billing, account: STAGING.account },
      { ...billing, region: "eu-west-1" },
    ]);
    const own: QuotaAnswer = {
      kind: "read",
      quota: { account: 1_000, unreserved: 900, reserved: 100, ...CODE },
    };
    expect(found).toEqual([
      own,
      { kind: "read", quota: { account: 1_000, unreserved: 900, ...CODE } },
      { kind: "read", quota: { account: 50, unreserved: 50, reserved: 100, ...CODE } },
      own,
    ]);
    expect(aws.asked.toSorted()).toEqual([
      "own /2016-08-19/account-settings",
      "own /2019-09-30/functions/billing/concurrency",
      "own /2019-09-30/functions/orders/concurrency",
      "staging /2016-08-19/account-settings",
      "staging /2019-09-30/functions/billing/concurrency",
    ]);
  });

  it.each([
    ["account-settings", 403, "AccessDeniedException", "denied"],
    ["concurrency", 404, "ResourceNotFoundException", "denied"],
    ["account-settings", 429, "TooManyRequestsException", "away"],
    ["concurrency", 500, "ServiceException", "away"],
  ])("%s that answers %i %s is %s, and throws nothing", async (path, status, type, kind) => {
    const { aws, quotas } = await opened();
    aws.fails = { path, status, type };
    expect(await quotas.of([{ function: "billing" }])).toEqual([
      { kind, why: expect.stringContaining(`${type} of the test`) },
    ]);
  });

  it("of an account that nobody declared is denied, with what to declare", async () => {
    const { quotas } = await opened();
    expect(await quotas.of([{ function: "billing", account: "999988887777" }])).toEqual([
      { kind: "denied", why: expect.stringContaining("gonogo.targets.json") },
    ]);
  });
});
