import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import type { Inspector } from "@gonogo/core/doctor/port";
import type { Seen } from "@gonogo/core/doctor/schema";
import { messageOf } from "@gonogo/core/kit/text";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";
import { standByRule } from "../eventbridge/stand-by.ts";

/** Where the things of a deployment are. Rules, schedules and functions have one beginning of their names. */
export interface Whereabouts {
  readonly table: string;
  readonly bus: string;
  readonly scheduleGroup: string;
  readonly machines: Readonly<Record<string, string>>;
  /** `gonogo-production-`: the function `visit` is `gonogo-production-visit`. */
  readonly prefix: string;
  readonly deadLetters: string;
}

const HOUR_MS = 3_600_000;
const MISSING = ["ResourceNotFoundException", "StateMachineDoesNotExist", "TableNotFoundException"];

/** A deployment on AWS's own APIs; each call reads and none changes anything. */
export class AwsInspector implements Inspector {
  readonly #at: Whereabouts;
  readonly #now: () => number;
  readonly #dynamodb: DynamoDBClient;
  readonly #lambda: LambdaClient;
  readonly #events: EventBridgeClient;
  readonly #states: SFNClient;
  readonly #scheduler: SchedulerClient;
  readonly #cloudwatch: CloudWatchClient;

  /** `now` is the deployment's clock in milliseconds, which on the embedded engine has a pace of its own. */
  constructor(config: AwsConfig, dynamodb: AwsConfig, at: Whereabouts, now: () => number) {
    this.#at = at;
    this.#now = now;
    this.#dynamodb = new DynamoDBClient(dynamodb);
    this.#lambda = new LambdaClient(config);
    this.#events = new EventBridgeClient(config);
    this.#states = new SFNClient(config);
    this.#scheduler = new SchedulerClient(config);
    this.#cloudwatch = new CloudWatchClient(config);
  }

  table: Inspector["table"] = () =>
    seen(async () => {
      let told: string | undefined;
      const command = new DescribeTableCommand({ TableName: this.#at.table });
      command.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          told = (result.response as { headers?: Record<string, string> }).headers?.date;
          return result;
        },
        { step: "deserialize", name: "clockOfTheStore", priority: "low" },
      );
      const { Table: table } = await this.#dynamodb.send(command);
      const ahead = told === undefined ? Number.NaN : Date.now() - Date.parse(told);
      return {
        status: table?.TableStatus ?? "",
        stream: table?.StreamSpecification?.StreamEnabled === true,
        indexes: (table?.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName ?? ""),
        ...(Number.isFinite(ahead) ? { clockAheadMs: ahead } : {}),
      };
    });

  backups: Inspector["backups"] = () =>
    seen(async () => {
      const answer = await this.#dynamodb.send(
        new DescribeContinuousBackupsCommand({ TableName: this.#at.table }),
      );
      const { PointInTimeRecoveryDescription: backups } = answer.ContinuousBackupsDescription ?? {};
      return { on: backups?.PointInTimeRecoveryStatus === "ENABLED" };
    });

  lambda: Inspector["lambda"] = (name) =>
    seen(async () => {
      const FunctionName = `${this.#at.prefix}${name}`;
      const about = await this.#lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const variables = about.Environment?.Variables;
      return {
        state: about.State ?? "",
        lastUpdate: about.LastUpdateStatus ?? "",
        ...(variables === undefined ? {} : { variables }),
      };
    });

  streamReader: Inspector["streamReader"] = async (name) => {
    const reader = await seen(async () => {
      const FunctionName = `${this.#at.prefix}${name}`;
      const answer = await this.#lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
      return { mapping: answer.EventSourceMappings?.[0] };
    });
    if (reader.kind !== "there") return reader;
    const { mapping } = reader;
    if (mapping === undefined) return { kind: "missing" };
    return { kind: "there", state: mapping.State ?? "", lastResult: mapping.LastProcessingResult ?? "" };
  };

  rule: Inspector["rule"] = (name, bus) =>
    seen(async () => {
      const EventBusName = bus === "own" ? this.#at.bus : "default";
      const Name = `${this.#at.prefix}${name}`;
      const { State } = await this.#events.send(new DescribeRuleCommand({ Name, EventBusName }));
      const { Targets } = await this.#events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName }));
      return { enabled: State === "ENABLED", targets: Targets?.length ?? 0 };
    });

  standBy: Inspector["standBy"] = async (release) => {
    const Name = standByRule(this.#at.bus, release);
    const found = await Promise.all(
      ["default", this.#at.bus].map((EventBusName) =>
        seen(async () => {
          const { State } = await this.#events.send(new DescribeRuleCommand({ Name, EventBusName }));
          return { enabled: State === "ENABLED" };
        }),
      ),
    );
    return (
      found.find(({ kind }) => kind === "unknown") ??
      found.find((one) => one.kind === "there" && !one.enabled) ??
      found.find(({ kind }) => kind === "there") ?? { kind: "missing" }
    );
  };

  machine: Inspector["machine"] = (name) =>
    seen(async () => {
      const stateMachineArn = this.#at.machines[name];
      const { status } = await this.#states.send(new DescribeStateMachineCommand({ stateMachineArn }));
      return { status: status ?? "" };
    });

  schedule: Inspector["schedule"] = (name) =>
    seen(async () => {
      const { State } = await this.#scheduler.send(
        new GetScheduleCommand({ Name: `${this.#at.prefix}${name}`, GroupName: this.#at.scheduleGroup }),
      );
      return { enabled: State !== "DISABLED" };
    });

  lastHour: Inspector["lastHour"] = (functions) =>
    seen(async () => {
      const until = this.#now();
      const queries = [
        query("letters", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", {
          QueueName: this.#at.deadLetters,
        }),
        ...functions.map((name, index) =>
          query(`f${index}`, "AWS/Lambda", "Errors", "Sum", { FunctionName: `${this.#at.prefix}${name}` }),
        ),
      ];
      const { MetricDataResults: results = [] } = await this.#cloudwatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(until - HOUR_MS),
          EndTime: new Date(until),
          MetricDataQueries: queries,
        }),
      );
      const valuesOf = (id: string) => results.find(({ Id }) => Id === id)?.Values ?? [];
      const failures = functions.map((name, index): [string, number] => [
        name,
        valuesOf(`f${index}`).reduce((sum, one) => sum + one, 0),
      ]);
      return { deadLetters: Math.max(0, ...valuesOf("letters")), failures: Object.fromEntries(failures) };
    });
}

function query(
  Id: string,
  Namespace: string,
  MetricName: string,
  Stat: string,
  dimensions: Readonly<Record<string, string>>,
): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 300, Stat } };
}

async function seen<T extends object>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: "there", ...(await look()) };
  } catch (error) {
    if (MISSING.includes(awsErrorName(error) ?? "")) return { kind: "missing" };
    // So the SDK calls an answer without a word, as an emulator gives to what it does not serve.
    const isSilent = [awsErrorName(error), messageOf(error)].includes("UnknownError");
    return { kind: "unknown", why: isSilent ? "this is not told here" : messageOf(error) };
  }
}
