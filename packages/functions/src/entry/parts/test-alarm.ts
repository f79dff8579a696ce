import { CloudWatchTestAlarm } from "@gonogo/adapters/cloudwatch/test-alarm";
import type { Process } from "../runtime.ts";

export function testAlarm({ aws, settings }: Process): CloudWatchTestAlarm {
  return new CloudWatchTestAlarm(aws, settings.GONOGO_TEST_ALARM);
}
