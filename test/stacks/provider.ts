/** Where the graph is deployed to, as far as it is told. */
export const PLACE = {
  stage: "production",
  region: "eu-west-1",
  account: "123456789012",
  partition: "aws",
} as const;

type Inputs = Readonly<Record<string, unknown>>;

/** What AWS would add to a resource: its ARN, and the names and addresses that it draws. */
export function drawn(type: string, name: string, inputs: Inputs): Record<string, unknown> {
  const { region, account } = PLACE;
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const text = (field: string) => String(inputs[field] ?? name);
  switch (type) {
    case "aws:dynamodb/table:Table": {
      const table = arn("dynamodb", `table/${text("name")}`);
      return { arn: table, streamArn: `${table}/stream/2026-01-01T00:00:00.000` };
    }
    case "aws:lambda/function:Function":
      return { arn: arn("lambda", `function:${text("name")}`) };
    case "aws:sqs/queue:Queue":
      return {
        arn: arn("sqs", text("name")),
        url: `https://sqs.${region}.amazonaws.com/${account}/${text("name")}`,
      };
    case "aws:cloudwatch/eventBus:EventBus":
      return { arn: arn("events", `event-bus/${text("name")}`) };
    case "aws:cloudwatch/eventRule:EventRule": {
      const bus = inputs.eventBusName === undefined ? "" : `${inputs.eventBusName}/`;
      return { arn: arn("events", `rule/${bus}${text("name")}`) };
    }
    case "aws:cloudwatch/logGroup:LogGroup":
      return { arn: arn("logs", `log-group:${text("name")}`) };
    case "aws:sfn/stateMachine:StateMachine":
      return { arn: arn("states", `stateMachine:${text("name")}`) };
    case "aws:scheduler/scheduleGroup:ScheduleGroup":
      return { arn: arn("scheduler", `schedule-group/${text("name")}`) };
    case "aws:iam/role:Role":
      return { arn: `arn:aws:iam::${account}:role/${text("name")}` };
    case "aws:s3/bucket:Bucket": {
      const bucket = inputs.bucket === undefined ? `${text("bucketPrefix")}drawn` : text("bucket");
      const address = `${bucket}.s3.${region}.amazonaws.com`;
      return { bucket, arn: `arn:aws:s3:::${bucket}`, bucketRegionalDomainName: address };
    }
    case "aws:apigatewayv2/api:Api":
      return {
        apiEndpoint: `https://abc123.execute-api.${region}.amazonaws.com`,
        executionArn: arn("execute-api", "abc123"),
      };
    case "aws:cloudfront/distribution:Distribution":
      return { arn: `arn:aws:cloudfront::${account}:distribution/E1`, domainName: "d1.cloudfront.net" };
    case "aws:kms/key:Key":
      return { arn: arn("kms", `key/${name}`), keyId: name };
    case "random:index/randomBytes:RandomBytes":
      return { base64: Buffer.alloc(32, 1).toString("base64") };
    default:
      return { arn: arn("test", `${type}/${name}`) };
  }
}

/** What AWS and its provider answer to questions. Throws for one that no stack is known to ask. */
export function answer(token: string, inputs: Inputs): Record<string, unknown> {
  const { account, region, partition } = PLACE;
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: account, arn: `arn:aws:iam::${account}:user/test`, userId: "test", id: account };
    case "aws:index/getRegion:getRegion":
      return { region, name: region, id: region };
    case "aws:index/getPartition:getPartition":
      return { partition, id: partition };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      return { ...inputs, json: policyDocument(inputs) };
    default:
      throw new Error(`the test's AWS does not answer ${token}`);
  }
}

interface AskedStatement {
  readonly effect?: string;
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
  readonly conditions?: unknown;
}

function policyDocument({ statements }: Inputs): string {
  const asked = (statements ?? []) as readonly AskedStatement[];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: asked.map(({ effect = "Allow", actions, resources, conditions }) => ({
      Effect: effect,
      Action: actions,
      Resource: resources,
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  });
}
