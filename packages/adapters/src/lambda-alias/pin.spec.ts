import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LambdaAliasTarget } from "./index.ts";

const TARGET = { kind: "lambda-alias", function: "billing", alias: "live", version: "42" } as const;
const ROLE = "arn:aws:iam::123456789012:role/billing";

/** Lambda's answers about the two versions, each as it would answer over HTTP. */
let versions: Record<string, { status: number; type?: string; body: object }>;
let server: Server;
let adapter: LambdaAliasTarget;

beforeEach(async () => {
  versions = { "41": there({}), "42": there({}) };
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://lambda");
    response.setHeader("content-type", "application/json");
    const found = url.pathname.includes("/aliases/")
      ? { status: 200, body: { FunctionVersion: "41", RevisionId: "r1" } }
      : (versions[url.searchParams.get("Qualifier") ?? ""] ?? refused(404, "ResourceNotFoundException"));
    response.statusCode = found.status;
    if ("type" in found && found.type !== undefined) response.setHeader("x-amzn-errortype", found.type);
    response.end(JSON.stringify(found.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  adapter = new LambdaAliasTarget({
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "A", secretAccessKey: "s" },
    maxAttempts: 1,
  });
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function there(more: object) {
  return { status: 200, body: { FunctionName: "billing", Role: ROLE, State: "Active", ...more } };
}

function refused(status: number, type: string) {
  return { status, type, body: { message: "as AWS says it" } };
}

const queue = (name: string) => ({ DeadLetterConfig: { TargetArn: `arn:aws:sqs:eu-west-1:1:${name}` } });

describe("a version that a plan pins", () => {
  it("is taken when it is there and can share the alias with the one before", async () => {
    expect(await adapter.pin(TARGET)).toMatchObject({ ok: true, versions: { previous: "41", next: "42" } });
  });

  it("is taken whatever its state but Failed: one that has slept wakes when it is invoked", async () => {
    versions["42"] = there({ State: "Inactive" });
    expect(await adapter.pin(TARGET)).toMatchObject({ ok: true });
  });

  const cases: [string, Record<string, ReturnType<typeof there> | ReturnType<typeof refused>>, string][] = [
    ["was deleted", { "42": refused(404, "ResourceNotFoundException") }, "there is no version 42 of billing"],
    [
      "has failed",
      { "42": there({ State: "Failed", StateReason: "its image is gone" }) },
      "cannot be invoked: its image is gone",
    ],
    [
      "has another role than the one before",
      { "42": there({ Role: `${ROLE}-new` }) },
      `run as ${ROLE} and as ${ROLE}-new`,
    ],
    [
      "has another dead-letter queue",
      { "41": there(queue("a")), "42": there(queue("b")) },
      "different dead-letter queues",
    ],
    ["has lost its dead-letter queue", { "41": there(queue("a")) }, "sqs:eu-west-1:1:a and none"],
    [
      "may not be looked at any more",
      { "42": refused(403, "AccessDeniedException") },
      "lambda:GetFunctionConfiguration",
    ],
  ];
  it.each(cases)("that %s is refused, and it says why", async (_, given, said) => {
    Object.assign(versions, given);
    expect(await adapter.pin(TARGET)).toMatchObject({ ok: false, message: expect.stringContaining(said) });
  });

  it("that cannot be asked about just now is no reason to refuse it: it is asked again", async () => {
    versions["42"] = refused(500, "ServiceException");
    await expect(adapter.pin(TARGET)).rejects.toThrow();
  });
});
