import { DoctorFunction } from "@gonogo/adapters/deployment/doctor";
import { besideVisit } from "../../doctor/whereabouts.ts";
import type { Process } from "../runtime.ts";

export function doctor({ aws, settings }: Process): DoctorFunction {
  return new DoctorFunction(aws, besideVisit(settings.GONOGO_VISIT_ARN, "doctor"));
}
