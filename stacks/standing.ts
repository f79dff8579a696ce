import { addresses } from "./names.ts";
import type { Declared } from "./targets.ts";
import { watches } from "./watches.ts";

/** What costs by the month for being there, whether anybody releases something or not. */
export interface Standing {
  readonly kmsKeys: number;
  readonly alarmMetrics: number;
  readonly dashboards: number;
}

interface Asked extends Pick<Declared, "alarms" | "auditKey" | "auditKeyBefore"> {
  readonly tell: readonly string[];
}

/** How much of it a declaration asks for. A test compares it with what is deployed. */
export function standingOf({ alarms, auditKey, auditKeyBefore = "secret", tell }: Asked): Standing {
  const place = { stage: "any", region: "us-east-1", account: "123456789012", partition: "aws" };
  const watched = alarms ? Object.values(watches(place.stage, addresses(place), "")) : [];
  return {
    kmsKeys:
      Number(auditKey !== "secret") + Number(auditKeyBefore !== "secret") + Number(alarms && tell.length > 0),
    alarmMetrics: watched.reduce((sum, { metrics }) => sum + metrics.length, 0),
    dashboards: Number(alarms),
  };
}
