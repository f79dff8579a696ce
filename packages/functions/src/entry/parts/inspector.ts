import { AwsInspector } from "@gonogo/adapters/deployment/inspector";
import { whereabouts } from "../../doctor/whereabouts.ts";
import type { Process } from "../runtime.ts";

export function inspector({ aws, settings }: Process): AwsInspector {
  const at = whereabouts({
    table: settings.GONOGO_TABLE,
    bus: settings.GONOGO_BUS,
    scheduleGroup: settings.GONOGO_SCHEDULE_GROUP,
    machines: { rollout: settings.GONOGO_ROLLOUT_ARN, rollback: settings.GONOGO_ROLLBACK_ARN },
    visitArn: settings.GONOGO_VISIT_ARN,
    deadLetterArn: settings.GONOGO_DEAD_LETTER_ARN,
  });
  return new AwsInspector(aws, { region: settings.AWS_REGION }, at, Date.now);
}
