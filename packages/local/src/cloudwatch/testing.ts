import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ServiceEvent } from "../kernel/ports.ts";
import type { EngineStore } from "../kernel/store.ts";
import { inProcess, NOON, virtualKernel } from "../scheduler/testing.ts";
import { createCloudWatch } from "./index.ts";

/** What a change of state says of itself. */
export interface StateChange {
  readonly at: number;
  readonly alarm: string;
  readonly from: string;
  readonly to: string;
}

interface Detail {
  readonly alarmName: string;
  readonly state: { readonly value: string };
  readonly previousState?: { readonly value: string };
}

/** CloudWatch alone on a virtual clock, an SDK client to it, and the events that it sent. */
export function virtualCloudWatch(options: { store?: EngineStore; start?: number } = {}) {
  const { kernel, clock, errors } = virtualKernel(options);
  const events: (ServiceEvent & { at: number })[] = [];
  const cloudwatch = createCloudWatch(kernel, {
    events: { put: (event) => void events.push({ at: clock.now(), ...event }) },
  });
  kernel.register(cloudwatch.service);
  const client = new CloudWatchClient(inProcess(kernel));
  const changes = (): StateChange[] =>
    events.flatMap(({ at, detail }) => {
      const { alarmName: alarm, state, previousState } = detail as Detail;
      if (previousState === undefined) return [];
      return [{ at: at - NOON, alarm, from: previousState.value, to: state.value }];
    });
  return { kernel, clock, errors, events, changes, client, cloudwatch };
}

export type VirtualCloudWatch = ReturnType<typeof virtualCloudWatch>;

/** Measures `shop/Errors` as a sum, at engine time `at`. */
export function put(engine: VirtualCloudWatch, value: number, at?: number, name = "Errors") {
  return engine.kernel.call("cloudwatch", "PutMetricData", {
    Namespace: "shop",
    MetricData: [{ MetricName: name, Value: value, ...(at === undefined ? {} : { Timestamp: at / 1000 }) }],
  });
}

/** An alarm on `shop/Errors` above 10. */
export const errorsAlarm = {
  AlarmName: "errors",
  Namespace: "shop",
  MetricName: "Errors",
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 10,
  ComparisonOperator: "GreaterThanThreshold",
} as const;
