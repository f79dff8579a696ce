import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accountsByRole } from "../aws/accounts.ts";
import { LambdaAliasTarget } from "./index.ts";

const ROLE = {
  account: "222233334444",
  role: "arn:aws:iam::222233334444:role/gonogo-target",
  externalId: "kept-secret-1",
};
const target = (account?: string) => ({
  kind: "lambda-alias" as const,
  function: "billing",
  alias: "live",
  version: "2",
  ...(account === undefined ? {} : { account }),
});
const VERSIONS = { previous: "1", next: "2" };

/** STS and Lambda in one, that write down who asks. */
class Aws {
  readonly assumed: URLSearchParams[] = [];
  readonly askedBy: string[] = [];
  denied = false;
  sessionMs = 900_000;
  readonly #server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      if (request.url === "/") {
        const asked = new URLSearchParams(body);
        this.assumed.push(asked);
        response.setHeader("content-type", "text/xml");
        if (this.denied || asked.get("ExternalId") !== ROLE.externalId) {
          response.statusCode = 403;
          response.end(
            '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error><RequestId>r</RequestId></ErrorResponse>',
          );
          return;
        }
        response.end(
          `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA${this.assumed.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>token-${this.assumed.length}</SessionToken><Expiration>${new Date(Date.now() + this.sessionMs).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        );
        return;
      }
      const key = /Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1];
      this.askedBy.push(`${key} ${request.headers["x-amz-security-token"] ?? "-"}`);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ FunctionVersion: "1", RevisionId: "r1" }));
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe("a function in another account", () => {
  const aws = { current: new Aws() };
  let adapter: LambdaAliasTarget;

  beforeEach(async () => {
    aws.current = new Aws();
    const config = {
      region: "eu-west-1",
      endpoint: await aws.current.open(),
      credentials: { accessKeyId: "AKIAOWN", secretAccessKey: "s" },
      maxAttempts: 1,
    };
    adapter = new LambdaAliasTarget(config, accountsByRole(config, [ROLE]));
  });
  afterEach(() => aws.current.close());

  it("is reached by the role that is declared, with its external id, in a session that is kept", async () => {
    await adapter.read(target(ROLE.account), VERSIONS);
    await adapter.read(target(ROLE.account), VERSIONS);
    expect(aws.current.assumed.map((asked) => Object.fromEntries(asked))).toEqual([
      expect.objectContaining({
        Action: "AssumeRole",
        RoleArn: ROLE.role,
        ExternalId: ROLE.externalId,
        RoleSessionName: "gonogo",
        DurationSeconds: "900",
      }),
    ]);
    expect(aws.current.askedBy).toEqual(["ASIA1 token-1", "ASIA1 token-1"]);
  });

  it("is reached by a new session before the old one ends", async () => {
    aws.current.sessionMs = 60_000;
    await adapter.read(target(ROLE.account), VERSIONS);
    await adapter.read(target(ROLE.account), VERSIONS);
    const [first, second] = aws.current.askedBy;
    expect(first).toMatch(/^ASIA/);
    expect(second).not.toBe(first);
  });

  it("does not change who asks in the deployment's own account", async () => {
    await adapter.read(target(ROLE.account), VERSIONS);
    await adapter.read(target(), VERSIONS);
    expect(aws.current.askedBy).toEqual(["ASIA1 token-1", "AKIAOWN -"]);
  });

  it("is refused at submission when its account does not let us in, and asked anew the next time", async () => {
    aws.current.denied = true;
    expect(await adapter.pin(target(ROLE.account))).toMatchObject({
      ok: false,
      message: expect.stringContaining("sts:AssumeRole"),
    });
    aws.current.denied = false;
    expect(await adapter.pin(target(ROLE.account))).toMatchObject({ ok: true });
  });

  it("is refused, and says what to declare, where nothing is declared for its account", async () => {
    expect(await adapter.pin(target("999988887777"))).toMatchObject({
      ok: false,
      message: expect.stringContaining("gonogo.targets.json"),
    });
    expect(aws.current.assumed).toEqual([]);
    expect(adapter.revertCommand(target("999988887777"), VERSIONS)).toContain("account 999988887777");
  });
});
