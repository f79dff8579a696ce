import type { Instant } from "../kit/instant.ts";
import { POSTMORTEM } from "../obligation/owe.ts";
import type { ReleaseState } from "../release/state.ts";
import type { IncidentState } from "./state.ts";

/** An incident as people see it. */
export interface IncidentView extends IncidentState {
  /** When its postmortem was signed; absent while it is owed. */
  readonly postmortemAt?: Instant;
}

export function incidentView({ incident, obligations }: ReleaseState): IncidentView | undefined {
  const postmortemAt = obligations?.[POSTMORTEM]?.completedAt;
  return incident === undefined || postmortemAt === undefined ? incident : { ...incident, postmortemAt };
}
