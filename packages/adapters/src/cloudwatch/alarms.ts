import {
  CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { type Digest, digestOf } from "@gonogo/core/kit/digest";
import { fromMillis, type Instant } from "@gonogo/core/kit/instant";
import type { SeenAlarm } from "@gonogo/core/release/commands";
import type { AlarmReader } from "@gonogo/core/signal/port";
import type { Tags } from "@gonogo/core/trigger/schema";
import type { AwsConfig } from "../aws/config.ts";
import type { TaggedAlarms } from "./tagged.ts";

/** Names in one question. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const MOST_NAMES = 100;

/** The level of CloudWatch's alarms (S13). */
export class CloudWatchAlarms implements AlarmReader {
  readonly #client: CloudWatchClient;
  readonly #config: AwsConfig;
  readonly #now: () => Instant;
  #finder: Promise<TaggedAlarms> | undefined;

  constructor(config: AwsConfig, now: () => Instant) {
    this.#config = config;
    this.#client = new CloudWatchClient(config);
    this.#now = now;
  }

  async read(names: readonly string[]): Promise<readonly SeenAlarm[]> {
    const found = new Map<string, SeenAlarm>();
    for (let from = 0; from < names.length; from += MOST_NAMES) {
      const answer = await this.#client.send(
        new DescribeAlarmsCommand({
          AlarmNames: names.slice(from, from + MOST_NAMES),
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
        }),
      );
      for (const alarm of [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])]) {
        found.set(alarm.AlarmName ?? "", this.#seen(alarm));
      }
    }
    return names.map(
      (name) =>
        found.get(name) ?? {
          name,
          state: "missing",
          since: this.#now(),
          digest: digestOf(null),
          muted: false,
        },
    );
  }

  /** Loaded where a plan binds by tags, and where none does not. */
  async tagged(tags: Tags): Promise<readonly string[]> {
    this.#finder ??= import("./tagged.ts").then(({ TaggedAlarms }) => new TaggedAlarms(this.#config));
    return await (await this.#finder).find(tags);
  }

  #seen(alarm: MetricAlarm | CompositeAlarm): SeenAlarm {
    return {
      name: alarm.AlarmName ?? "",
      state: stateOf(alarm.StateValue),
      since: fromMillis((alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime() ?? 0),
      digest: definitionOf(alarm),
      muted: alarm.ActionsEnabled === false,
    };
  }
}

function stateOf(value: string | undefined): SeenAlarm["state"] {
  if (value === "ALARM") return "alarm";
  return value === "OK" ? "ok" : "unknown";
}

/** What the alarm watches and when it fires: all that it says of itself but its state and its texts. */
function definitionOf(alarm: MetricAlarm | CompositeAlarm): Digest {
  const rest: Record<string, unknown> = { ...alarm };
  for (const name of Object.keys(rest))
    if (/^State|Timestamp$|^ActionsEnabled$|^EvaluationState$/.test(name)) delete rest[name];
  return digestOf(JSON.parse(JSON.stringify(rest)));
}
