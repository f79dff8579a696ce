import { CloudWatchAlarms } from "@gonogo/adapters/cloudwatch/alarms";
import type { Process } from "../runtime.ts";

export function alarms({ aws, base }: Process): CloudWatchAlarms {
  return new CloudWatchAlarms(aws, () => base.clock.now());
}
