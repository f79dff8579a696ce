import type { ProbeOf } from "@gonogo/core/check/schema";
import { hours } from "@gonogo/core/kit/duration";
import { type Instant, plus } from "@gonogo/core/kit/instant";
import type { Loaded } from "@gonogo/core/release/ports";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { afterEach, describe, expect, it } from "vitest";
import { accountsByRole } from "../aws/accounts.ts";
import { serve } from "../http/serve.testing.ts";
import { LambdaCode } from "../lambda-alias/code.ts";
import { StagingCheck } from "./index.ts";

const EVE = "2025-06-03T01:00:00.000Z" as Instant;
const LATER = "2025-07-30T00:00:00.000Z" as Instant;
const STAGING = {
  account: "222233334444",
  role: "arn:aws:iam::222233334444:role/gonogo-target",
  externalId: "kept-secret-1",
};
const BUILT = Buffer.from("a".repeat(64), "hex").toString("base64");
const ANOTHER = Buffer.from("b".repeat(64), "hex").toString("base64");

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Lambda of both accounts: whoever comes with a session of STS sees staging's. Absent: there is no such version. */
async function lambdas(code: {
  readonly own: Record<string, string>;
  readonly staging: Record<string, string>;
}) {
  const asked: string[] = [];
  const { url, close } = await serve(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/") {
      const wanted = new URLSearchParams(await request.text());
      if (wanted.get("ExternalId") !== STAGING.externalId) return new Response("", { status: 403 });
      const until = new Date(Date.now() + 900_000).toISOString();
      return new Response(
        `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        { headers: { "content-type": "text/xml" } },
      );
    }
    const place = request.headers.get("x-amz-security-token") === null ? "own" : "staging";
    const version = searchParams.get("Qualifier") ?? "";
    asked.push(`${place} ${version}`);
    const CodeSha256 = code[place][version];
    const headers = { "x-amzn-errortype": "ResourceNotFoundException" };
    return CodeSha256 === undefined
      ? Response.json({ Message: "Function not found" }, { status: 404, headers })
      : Response.json({ FunctionName: "api", Version: version, CodeSha256 });
  });
  closing.push(close);
  const config = {
    region: "eu-west-1",
    endpoint: url,
    credentials: { accessKeyId: "AKIAOWN", secretAccessKey: "s" },
    maxAttempts: 1,
  };
  return { asked, code: new LambdaCode(config, accountsByRole(config, [STAGING])) };
}

const api = (version: string, account?: string) => [
  {
    id: "api",
    name: "API",
    target: {
      kind: "lambda-alias" as const,
      function: "api",
      alias: "prod",
      version,
      region: "eu-west-1",
      ...(account === undefined ? {} : { account }),
    },
  },
  { id: "app", name: "App", target: { kind: "google-play" as const } },
];

/** A release that brought version 3 to all traffic, in staging's own account. */
function staged(): Loaded {
  const plan = samplePlan({ id: "REL-S", environment: "staging", components: api("3", STAGING.account) });
  const drive = new Drive(plan, EVE);
  drive.openGates();
  expect(drive.runUntil(({ status }) => status === "reviewing", LATER)).toBe(true);
  const last = drive.log.at(-1);
  if (last === undefined) throw new Error("nothing happened");
  return { plan: drive.plan, state: drive.state, seq: drive.log.length, head: last.digest };
}

async function look(code: LambdaCode, version: string, soakedFor = hours(30)) {
  const past = staged();
  const from = past.state.steps.p2?.shiftedAt;
  if (from === undefined) throw new Error("it was not shifted");
  const check = new StagingCheck({
    store: {
      list: async (which) => ({
        items: which === "ended" ? [{ id: "REL-S", environment: "staging" } as never] : [],
      }),
      load: async () => past,
    },
    // The world of the test numbers versions by itself: staging's is the third.
    codeOf: (target, asked) =>
      code.digestOf(target, "account" in target && target.account !== undefined ? "3" : asked),
  });
  const plan = samplePlan({ id: "REL-P", components: api(version) });
  const probe = { kind: "staging", environment: "staging", component: "api" } as ProbeOf<"staging">;
  const state = new Drive(plan, EVE).state;
  return await check.look({ probe, plan, state, now: plus(from, soakedFor) } as never);
}

describe("the time in staging, where that is another account", () => {
  it("counts for the same code, whatever its version is called there", async () => {
    const { code, asked } = await lambdas({ own: { "8": BUILT }, staging: { "3": BUILT } });
    expect(await look(code, "8")).toMatchObject({ answer: "yes", saw: { value: "REL-S: api 8" } });
    expect(asked.toSorted()).toEqual(["own 8", "staging 3"]);
  });

  it("is too short before a day is over", async () => {
    const { code } = await lambdas({ own: { "8": BUILT }, staging: { "3": BUILT } });
    expect(await look(code, "8", hours(23))).toMatchObject({ answer: "no" });
  });

  it("does not count for other code that has the same version's number", async () => {
    const { code, asked } = await lambdas({ own: { "3": ANOTHER }, staging: { "3": BUILT } });
    expect(await look(code, "3")).toMatchObject({ answer: "no" });
    expect(asked.toSorted()).toEqual(["own 3", "staging 3"]);
  });

  it("does not count where staging's version is gone", async () => {
    const { code } = await lambdas({ own: { "8": BUILT }, staging: {} });
    expect(await look(code, "8")).toMatchObject({ answer: "no" });
  });
});
