import { secured } from "@gonogo/functions/api/app";
import { FUNCTIONS, type FunctionName } from "@gonogo/functions/deployment";
import { Hono } from "hono";
import { beforeAll, describe, expect, it } from "vitest";
import { ON_EVERYTHING } from "../../stacks/abilities.ts";
import { addresses } from "../../stacks/names.ts";
import { callsOf, KEY_OWNERS, serviceOf } from "../../stacks/permissions.ts";
import { standingOf } from "../../stacks/standing.ts";
import { Declared } from "../../stacks/targets.ts";
import { collect } from "./collect.ts";
import {
  DECLARED,
  type Graph,
  isLike,
  listed,
  ON_ALIASES,
  ofType,
  only,
  type PolicyStatement,
  type Resource,
  standingIn,
  statementsIn,
  statementsOf,
  text,
} from "./graph.ts";
import { HOW_TO_UNPACK, isUnpacked } from "./platform.ts";
import { PLACE } from "./provider.ts";

const ROLE = "aws:iam/role:Role";
const names = Object.keys(FUNCTIONS) as FunctionName[];
const at = addresses(PLACE);
/** Called by its alias, and named in policies by the ARN that AWS draws. */
const AUDIT_KEY = "arn:aws:kms:eu-west-1:123456789012:key/AuditKey";

/** Who may do what, who is let in, what is encrypted, and what is kept for how long. */
describe.skipIf(!isUnpacked)(`what is closed${HOW_TO_UNPACK}`, () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await collect(DECLARED);
  }, 120_000);

  const roleOf = (name: string): Resource => {
    const role = ofType(graph, ROLE).find(
      (one) => text(one, "name") === `gonogo-production-${name}-eu-west-1`,
    );
    if (role === undefined) throw new Error(`no role of ${name}`);
    return role;
  };
  const allowed = (statements: readonly PolicyStatement[]) =>
    new Set(
      statements.flatMap((one) =>
        listed(one.Action).flatMap((action) => listed(one.Resource).map((on) => `${action} ${on}`)),
      ),
    );

  describe("roles", () => {
    it.each(names)("%s may do what its code and Lambda do in its name, and nothing else", (name) => {
      const how = {
        isLater: [
          "alarm",
          "service",
          "signal",
          "stand-by",
          "effects",
          "visit",
          "sweep",
          "checkpoint",
          "audit",
          "revive",
        ].includes(name),
        readsStream: name === "publish",
      };
      const wanted = [...callsOf(name, at, Declared.parse(DECLARED)), ...serviceOf(name, at, how)].map(
        ({ actions, resources }) => ({
          Effect: "Allow" as const,
          Action: actions,
          Resource: resources.map((one) => (one === at.auditKey ? AUDIT_KEY : one)),
        }),
      );
      const role = roleOf(name);
      expect(allowed(statementsOf(role))).toEqual(allowed(wanted));
      expect(role.inputs.managedPolicyArns).toEqual([]);
      const fn = ofType(graph, "aws:lambda/function:Function").find(
        (one) => text(one, "name") === `gonogo-production-${name}`,
      );
      expect(fn?.inputs.role).toBe(role.state.arn);
    });

    it("of the machines and schedules may call their own functions, and be taken on for their own sake only", () => {
      for (const [name, source] of [
        ["rollout", at.machine("rollout")],
        ["rollback", at.machine("rollback")],
        ["timers", at.scheduleGroup],
        ["schedule-sweep", at.scheduleGroup],
        ["schedule-checkpoint", at.scheduleGroup],
        ["schedule-audit", at.scheduleGroup],
      ] as const) {
        const role = roleOf(name);
        expect(statementsIn(role.inputs.assumeRolePolicy)).toMatchObject([
          {
            Condition: {
              StringEquals: { "aws:SourceAccount": PLACE.account },
              ArnLike: { "aws:SourceArn": [source] },
            },
          },
        ]);
        const called = statementsOf(role)
          .filter(({ Action }) => listed(Action).includes("lambda:InvokeFunction"))
          .flatMap(({ Resource }) => listed(Resource));
        expect(called.length, name).toBeGreaterThan(0);
        for (const one of called) expect(at.functions()).toContain(one);
      }
      const ofVisits = statementsOf(roleOf("timers")).flatMap(({ Resource }) => listed(Resource));
      expect(ofVisits.sort()).toEqual([at.function("visit"), at.deadLetters].sort());
    });

    it("are those of the functions, machines and schedules, and no others", () => {
      const wanted = [
        ...names,
        "rollout",
        "rollback",
        "timers",
        "schedule-sweep",
        "schedule-checkpoint",
        "schedule-audit",
      ];
      expect(
        ofType(graph, ROLE)
          .map((one) => text(one, "name"))
          .sort(),
      ).toEqual(wanted.map((name) => `gonogo-production-${name}-eu-west-1`).sort());
    });

    it("have no action with a wildcard, and none on everything but those that are named with a reason", () => {
      const used = new Set<string>();
      for (const role of ofType(graph, ROLE)) {
        for (const { Effect, Action, Resource } of statementsOf(role)) {
          expect(Effect).toBe("Allow");
          for (const action of listed(Action)) {
            expect(action, role.name).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
            if (!listed(Resource).includes("*")) continue;
            used.add(action);
            expect(Object.keys(ON_EVERYTHING), `${role.name}: ${action}`).toContain(action);
          }
          for (const resource of listed(Resource)) {
            if (resource !== "*")
              expect(resource, role.name).toMatch(/^arn:aws:(s3::|[a-z]+:[a-z0-9-]*:\d{12}):.+/);
          }
        }
      }
      expect([...used].sort()).toEqual(Object.keys(ON_EVERYTHING).sort());
    });

    it("reach no further than a stage: patterns in resources begin with a name of its own", () => {
      const patterns = new Set(
        ofType(graph, ROLE)
          .flatMap(statementsOf)
          .flatMap(({ Resource }) => listed(Resource))
          .filter((one) => one.includes("*") && one !== "*"),
      );
      for (const pattern of patterns) {
        const beforeStar = pattern.slice(0, pattern.indexOf("*"));
        expect(beforeStar, pattern).toMatch(/gonogo-production/);
      }
    });

    it("move the declared targets and nothing else, and nothing at all where none is declared", () => {
      const declared = [
        "arn:aws:lambda:eu-west-1:123456789012:function:checkout-api",
        "arn:aws:lambda:us-east-1:123456789012:function:orders-api",
      ];
      for (const name of names) {
        const moving = statementsOf(roleOf(name)).filter(({ Action }) =>
          listed(Action).some((action) => ON_ALIASES.test(action)),
        );
        for (const { Resource } of moving) expect(listed(Resource), name).toEqual(declared);
        const undeclared = callsOf(name, at, { targets: [], auditKey: "kms", backups: false }).flatMap(
          ({ actions }) => actions,
        );
        expect(
          undeclared.filter((action) => ON_ALIASES.test(action)),
          name,
        ).toEqual([]);
      }
    });
  });

  it("lets nobody in but to the API and the page", () => {
    for (const { name, inputs } of ofType(graph, "aws:lambda/permission:Permission")) {
      expect(["events.amazonaws.com", "apigateway.amazonaws.com"], name).toContain(inputs.principal);
      expect(String(inputs.sourceArn), name).toMatch(/^arn:aws:(events|execute-api):eu-west-1:123456789012:/);
    }
    expect(ofType(graph, "aws:lambda/functionUrl:FunctionUrl")).toEqual([]);
    const openings = [
      "aws:sqs/queuePolicy:QueuePolicy",
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:sns/topicPolicy:TopicPolicy",
    ]
      .flatMap((type) => ofType(graph, type))
      .flatMap(({ inputs }) => statementsIn(inputs.policy))
      .filter(({ Effect }) => Effect === "Allow");
    expect(openings.length).toBeGreaterThan(2);
    for (const { Principal, Condition, Action } of openings) {
      expect(Principal).toMatchObject({
        Service: expect.stringMatching(/^(events|cloudfront|cloudwatch)\.amazonaws\.com$/),
      });
      expect(Object.keys(Condition ?? {}).length, String(Action)).toBeGreaterThan(0);
      for (const action of listed(Action)) expect(action).not.toContain("*");
    }
    for (const bucket of ofType(graph, "aws:s3/bucket:Bucket")) {
      const on = ofType(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").filter(
        ({ inputs }) => inputs.bucket === `${bucket.name}-id`,
      );
      expect(
        on.map(({ inputs }) => inputs),
        bucket.name,
      ).toMatchObject([
        {
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
      ]);
    }
    expect(ofType(graph, "aws:apigatewayv2/api:Api")).toHaveLength(1);
    expect(ofType(graph, "aws:cloudfront/distribution:Distribution")).toHaveLength(1);
  });

  it("encrypts everything, at rest and on the way", () => {
    expect(only(graph, "aws:dynamodb/table:Table").inputs.serverSideEncryption).toEqual({ enabled: true });
    expect(only(graph, "aws:sqs/queue:Queue").inputs.sqsManagedSseEnabled).toBe(true);
    expect(only(graph, "aws:sns/topic:Topic").inputs.kmsMasterKeyId).toBe(
      only(graph, "aws:kms/key:Key", "TellersKey").state.arn,
    );
    expect(only(graph, "aws:kms/key:Key", "TellersKey").inputs.enableKeyRotation).toBe(true);
    for (const bucket of ofType(graph, "aws:s3/bucket:Bucket")) {
      const encryption = ofType(
        graph,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      ).filter(({ inputs }) => inputs.bucket === `${bucket.name}-id`);
      expect(encryption, bucket.name).toHaveLength(1);
    }
    const denied = ["aws:sqs/queuePolicy:QueuePolicy", "aws:s3/bucketPolicy:BucketPolicy"]
      .flatMap((type) => ofType(graph, type))
      .map(({ inputs }) => statementsIn(inputs.policy).filter(({ Effect }) => Effect === "Deny"));
    expect(denied).toHaveLength(3);
    for (const statements of denied) {
      expect(statements).toMatchObject([{ Condition: { Bool: { "aws:SecureTransport": "false" } } }]);
    }
    // All that keeps data is in the list above, or encrypted by AWS with a key of its own without being asked.
    const keeps = new Set(
      graph.resources
        .map(({ type }) => type)
        .filter((type) =>
          /^aws:(dynamodb|sqs|sns|s3|kinesis|efs|rds|secretsmanager|ssm|elasticache)\//.test(type),
        )
        .map((type) => type.split(":")[1]?.split("/")[0]),
    );
    expect([...keeps].sort()).toEqual(["dynamodb", "s3", "sns", "sqs"]);
  });

  it("gives the account's owners, and nobody else, every right to the keys", () => {
    expect(ofType(graph, "aws:kms/key:Key")).toHaveLength(2);
    for (const { inputs } of ofType(graph, "aws:kms/key:Key")) {
      const statements = statementsIn(inputs.policy);
      const wild = statements.filter(({ Action }) => listed(Action).some((action) => action.includes("*")));
      expect(wild).toEqual([{ ...KEY_OWNERS, Principal: { AWS: "arn:aws:iam::123456789012:root" } }]);
    }
  });

  it("has as much that costs by the month for being there as `npm run cost` tells", () => {
    expect(standingIn(graph)).toEqual(standingOf(Declared.parse(DECLARED)));
  });

  it("gives no function a key to sign with: it is in KMS", () => {
    for (const fn of ofType(graph, "aws:lambda/function:Function"))
      expect(JSON.stringify(fn.inputs.environment), fn.name).not.toContain("GONOGO_AUDIT_SIGNING_KEY");
  });

  it("lets one function sign the audit log, and no other hand, and keeps its key", () => {
    const key = only(graph, "aws:kms/key:Key", "AuditKey");
    expect(key.inputs).toMatchObject({ customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" });
    expect(only(graph, "aws:kms/alias:Alias").inputs).toMatchObject({
      name: "alias/gonogo-production-audit",
      targetKeyId: "AuditKey",
    });
    const denied = statementsIn(key.inputs.policy).filter(({ Effect }) => Effect === "Deny");
    expect(denied).toMatchObject([
      {
        Action: "kms:Sign",
        Condition: { ArnNotEquals: { "aws:PrincipalArn": text(roleOf("checkpoint"), "arn") } },
      },
    ]);
    const signers = ofType(graph, ROLE).filter((role) =>
      statementsOf(role).some(({ Action }) => listed(Action).includes("kms:Sign")),
    );
    expect(signers.map((one) => text(one, "name"))).toEqual(["gonogo-production-checkpoint-eu-west-1"]);
  });

  it("keeps every log for a time, and writes one for everything that runs", () => {
    const groups = ofType(graph, "aws:cloudwatch/logGroup:LogGroup");
    for (const { name, inputs } of groups) expect(inputs.retentionInDays, name).toBe(90);
    const logs = groups.map((one) => text(one, "name"));
    for (const name of names) expect(logs).toContain(`/aws/lambda/gonogo-production-${name}`);
    for (const fn of ofType(graph, "aws:lambda/function:Function")) {
      expect(logs, fn.name).toContain((fn.inputs.loggingConfig as { logGroup: string }).logGroup);
    }
    for (const machine of ofType(graph, "aws:sfn/stateMachine:StateMachine")) {
      const { logDestination } = machine.inputs.loggingConfiguration as { logDestination: string };
      expect(groups.map((one) => `${text(one, "arn")}:*`)).toContain(logDestination);
    }
    expect(groups).toHaveLength(names.length + 2 + 1);
  });

  it("holds evidence against every hand, for more than a year", () => {
    const bucket = only(graph, "aws:s3/bucket:Bucket", "Evidence");
    expect(bucket.inputs).toMatchObject({ objectLockEnabled: true, forceDestroy: false });
    expect(only(graph, "aws:s3/bucketVersioning:BucketVersioning").inputs).toMatchObject({
      bucket: "Evidence-id",
      versioningConfiguration: { status: "Enabled" },
    });
    expect(
      only(graph, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").inputs,
    ).toMatchObject({
      bucket: "Evidence-id",
      rule: { defaultRetention: { mode: "GOVERNANCE", days: 400 } },
    });
  });

  it("takes files from the page's own origin, and from no other page", () => {
    const { inputs } = only(graph, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration");
    expect(inputs).toMatchObject({
      bucket: "Evidence-id",
      corsRules: [
        {
          allowedMethods: ["PUT"],
          allowedOrigins: ["https://d1.cloudfront.net"],
          allowedHeaders: ["content-type", "x-amz-checksum-sha256"],
        },
      ],
    });
  });

  describe("the API", () => {
    it("is throttled, logged, and closed to pages of elsewhere", () => {
      const api = only(graph, "aws:apigatewayv2/api:Api");
      expect(Object.keys((api.inputs.corsConfiguration ?? {}) as object)).toEqual([]);
      expect(only(graph, "aws:apigatewayv2/stage:Stage").inputs).toMatchObject({
        defaultRouteSettings: { throttlingRateLimit: 50, throttlingBurstLimit: 100 },
        accessLogSettings: { destinationArn: expect.stringContaining("log-group:/aws/vendedlogs/apis/") },
      });
      expect(only(graph, "aws:apigatewayv2/integration:Integration").inputs).toMatchObject({
        integrationUri: at.function("api"),
        payloadFormatVersion: "2.0",
      });
      const lets = ofType(graph, "aws:lambda/permission:Permission").filter(
        ({ inputs }) => inputs.principal === "apigateway.amazonaws.com",
      );
      expect(lets.map(({ inputs }) => inputs.function)).toEqual([at.function("api")]);
    });
  });

  describe("the page", () => {
    it("comes from a private bucket, which only this distribution reads", () => {
      const distribution = only(graph, "aws:cloudfront/distribution:Distribution");
      const statements = ofType(graph, "aws:s3/bucketPolicy:BucketPolicy")
        .filter(({ inputs }) => inputs.bucket === "Page-id")
        .flatMap(({ inputs }) => statementsIn(inputs.policy))
        .filter(({ Effect }) => Effect === "Allow");
      expect(statements).toMatchObject([
        {
          Action: "s3:GetObject",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceArn": distribution.state.arn } },
        },
      ]);
      const origins = distribution.inputs.origins as Record<string, unknown>[];
      expect(origins).toMatchObject([
        { originId: "page", originAccessControlId: "PageAccess-id" },
        {
          originId: "api",
          customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
        },
      ]);
      const files = ofType(graph, "aws:s3/bucketObjectv2:BucketObjectv2").filter(
        ({ inputs }) => inputs.bucket === "Page-id",
      );
      expect(files.map((one) => text(one, "key"))).toContain("index.html");
    });

    it("has the headers that the API gives its own answers, and more", async () => {
      const app = new Hono();
      app.use(secured);
      app.get("/", (c) => c.text(""));
      const { headers } = await app.request("/");
      const policy = only(graph, "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy");
      expect(policy.inputs.securityHeadersConfig).toMatchObject({
        contentSecurityPolicy: {
          contentSecurityPolicy: `${headers.get("content-security-policy")}; connect-src 'self' https://${at.evidenceHost}`,
          override: true,
        },
        strictTransportSecurity: {
          accessControlMaxAgeSec: 63_072_000,
          includeSubdomains: true,
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY" },
        referrerPolicy: { referrerPolicy: "no-referrer" },
      });
      const { defaultCacheBehavior } = only(graph, "aws:cloudfront/distribution:Distribution").inputs;
      expect(defaultCacheBehavior).toMatchObject({
        responseHeadersPolicyId: `${policy.name}-id`,
        viewerProtocolPolicy: "redirect-to-https",
      });
    });

    it("leads every way of the API to the API, and none of its own", async () => {
      const { orderedCacheBehaviors } = only(graph, "aws:cloudfront/distribution:Distribution").inputs as {
        orderedCacheBehaviors: {
          pathPattern: string;
          targetOriginId: string;
          viewerProtocolPolicy: string;
        }[];
      };
      const { createApi } = await import("@gonogo/functions/api/app");
      const app = createApi({ clock: { now: () => "" } } as never, {
        identify: async () => ({}) as never,
        hooks: {},
      });
      const ways = new Set(app.routes.filter(({ method }) => method !== "ALL").map(({ path }) => path));
      expect(ways.size).toBeGreaterThan(10);
      const leads = (path: string) =>
        orderedCacheBehaviors.some(({ pathPattern }) => isLike(pathPattern, path));
      for (const way of ways) expect(leads(way.replaceAll(/[:{][^/]+/g, "x")), way).toBe(true);
      for (const file of ["/", "/index.html", "/favicon.svg", "/assets/index.js"])
        expect(leads(file), file).toBe(false);
      for (const one of orderedCacheBehaviors) {
        expect(one).toMatchObject({ targetOriginId: "api", viewerProtocolPolicy: "https-only" });
      }
    });
  });
});
