import type { Kernel } from "../kernel/kernel.ts";
import type { EventSink, MetricSink } from "../kernel/ports.ts";
import { jsonService, type Service } from "../kernel/wire.ts";
import type { Tagged } from "../tagging/index.ts";
import { addValue } from "./aggregate.ts";
import { deleteAlarms, enableActions, putMetricAlarm, setAlarmState } from "./alarm-operations.ts";
import { Alarms } from "./alarms.ts";
import type { Input } from "./checks.ts";
import { Composites } from "./composites.ts";
import { describeAlarms } from "./describe-alarms.ts";
import { queryError } from "./errors.ts";
import { getMetricData } from "./get-metric-data.ts";
import { getMetricStatistics } from "./get-metric-statistics.ts";
import { AlarmHistory } from "./history.ts";
import { listMetrics } from "./list-metrics.ts";
import { putMetricData } from "./put-metric-data.ts";
import { MetricStore } from "./store.ts";
import { AlarmTags, tagsIn } from "./tags.ts";

export interface CloudWatch {
  readonly service: Service;
  /** For the services' own metrics, which are on disk when the turn is over. */
  readonly sink: MetricSink;
  /** Every alarm that carries tags. */
  readonly tagged: () => readonly Tagged[];
  /** Sets the clock of the alarms that are on disk. Once, after assembly. */
  resume(): void;
}

/** CloudWatch metrics and alarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/Welcome.html */
export function createCloudWatch(kernel: Kernel, ports: { readonly events: EventSink }): CloudWatch {
  const store = new MetricStore(kernel);
  const history = new AlarmHistory(kernel);
  const alarms = new Alarms(kernel, store, ports.events, history);
  const composites = new Composites(alarms);
  const tags = new AlarmTags(kernel, alarms);
  /** An alarm and the tags that it is made with, or neither. */
  const withTags = (input: Input, put: () => void) => {
    const isNew = alarms.find(String(input.AlarmName)) === undefined;
    tagsIn(input);
    kernel.store.transaction(() => {
      put();
      if (isNew) tags.created(String(input.AlarmName), input);
    });
  };
  const service = jsonService({
    name: "cloudwatch",
    targetPrefix: "GraniteServiceVersion20100801",
    version: "1.0",
    operations: {
      PutMetricData: (input: Input) => putMetricData(kernel, store, input),
      GetMetricData: (input: Input) => getMetricData(store, input),
      GetMetricStatistics: (input: Input) => getMetricStatistics(store, input),
      ListMetrics: (input: Input) => listMetrics(kernel, store, input),
      PutMetricAlarm: (input: Input) => withTags(input, () => putMetricAlarm(kernel, store, alarms, input)),
      PutCompositeAlarm: (input: Input) => withTags(input, () => composites.put(input)),
      TagResource: (input: Input) => tags.tag(input),
      UntagResource: (input: Input) => tags.untag(input),
      ListTagsForResource: (input: Input) => tags.list(input),
      DescribeAlarms: (input: Input) => describeAlarms(alarms.all(), input),
      DescribeAlarmHistory: (input: Input) => history.describe(input),
      DeleteAlarms: (input: Input) => deleteAlarms(kernel, alarms, composites, input),
      SetAlarmState: (input: Input) => setAlarmState(alarms, input),
      EnableAlarmActions: (input: Input) => enableActions(kernel, alarms, input, true),
      DisableAlarmActions: (input: Input) => enableActions(kernel, alarms, input, false),
    },
  });
  return {
    service: {
      ...service,
      encodeError(error) {
        const response = service.encodeError(error);
        return { ...response, headers: { ...response.headers, "x-amzn-query-error": queryError(error) } };
      },
    },
    tagged: () => tags.all(),
    sink: {
      put(namespace, name, dimensions, datum) {
        store.put({ namespace, name, dimensions }, datum.unit, kernel.clock.now(), false, (to) => {
          for (const { value, count } of datum.values) addValue(to, value, count);
        });
        store.flushSoon();
      },
    },
    resume: () => alarms.arm(),
  };
}
