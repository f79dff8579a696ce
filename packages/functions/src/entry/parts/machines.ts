import { StepFunctionsMachines } from "@gonogo/adapters/step-functions/index";
import type { Process } from "../runtime.ts";

export function machines({ aws, settings }: Process): StepFunctionsMachines {
  const { GONOGO_ROLLOUT_ARN: rollout, GONOGO_ROLLBACK_ARN: rollback } = settings;
  return new StepFunctionsMachines(aws, { rollout, rollback });
}
