import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { GetAliasCommand, LambdaClient } from "@aws-sdk/client-lambda";

/** How any SDK client reaches the engine: an endpoint, and credentials that nobody looks at. */
export function awsAt(endpoint: string) {
  return {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "anybody", secretAccessKey: "anything" },
    maxAttempts: 1,
  };
}

/** What the sample service's alias says, as Lambda says it. */
export async function aliasAt(endpoint: string) {
  const client = new LambdaClient(awsAt(endpoint));
  try {
    const { FunctionVersion, RoutingConfig, RevisionId } = await client.send(
      new GetAliasCommand({ FunctionName: "orders-api", Name: "live" }),
    );
    return {
      version: FunctionVersion,
      weights: RoutingConfig?.AdditionalVersionWeights ?? {},
      revision: RevisionId,
    };
  } finally {
    client.destroy();
  }
}

/** An alarm on the sample service's failed requests: red when over 3 % in one minute. */
export async function putErrorAlarm(endpoint: string, AlarmName: string): Promise<void> {
  const client = new CloudWatchClient(awsAt(endpoint));
  const Dimensions = [
    { Name: "FunctionName", Value: "orders-api" },
    { Name: "Resource", Value: "orders-api:live" },
  ];
  const sum = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: { Metric: { Namespace: "AWS/Lambda", MetricName, Dimensions }, Period: 60, Stat: "Sum" },
    ReturnData: false,
  });
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Metrics: [
        sum("errors", "Errors"),
        sum("requests", "Invocations"),
        { Id: "rate", Expression: "100 * errors / requests", ReturnData: true },
      ],
      EvaluationPeriods: 1,
      Threshold: 3,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "missing",
    }),
  );
  client.destroy();
}
