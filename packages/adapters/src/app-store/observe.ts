import { shareOnDay } from "@gonogo/core/target/app-store-curve";
import type { Observation, Versions } from "@gonogo/core/target/port";
import type { PhasedRelease, Version } from "./client.ts";

/** What App Store Connect says of a release: the new version, the one that is live, the phased release. */
export interface Place {
  readonly next: Version | undefined;
  readonly live: Version | undefined;
  readonly phased: PhasedRelease | undefined;
}

export const LIVE = "READY_FOR_DISTRIBUTION";
export const WAITING = "PENDING_DEVELOPER_RELEASE";
/** Its developer has released it, and Apple is about it. */
export const ON_ITS_WAY = ["PENDING_APPLE_RELEASE", "PROCESSING_FOR_DISTRIBUTION"];
/** Not accepted yet. */
export const IN_REVIEW = ["WAITING_FOR_REVIEW", "IN_REVIEW", "ACCEPTED", "READY_FOR_REVIEW"];

/**
 * Users with automatic updates get the new version along Apple's curve; all others still find it when they
 * look. While Apple works on a release the new version is there already, with no share: it will go live.
 */
export function observe({ next, live, phased }: Place, versions: Versions): Observation {
  const { previous } = versions;
  if (next === undefined)
    return { primary: live?.version ?? previous, share: 0, note: "the new version is gone" };
  if (next.state !== LIVE) {
    const note = `${next.version} is ${next.state}`;
    if (ON_ITS_WAY.includes(next.state))
      return { primary: previous, secondary: next.version, share: 0, note };
    return { primary: live?.version ?? previous, share: 0, note };
  }
  if (phased === undefined || phased.state === "COMPLETE") return { primary: next.version, share: 100 };
  const share = shareOnDay(phased.day);
  const rest = restOf(phased);
  switch (phased.state) {
    case "INACTIVE":
      return {
        primary: previous,
        secondary: next.version,
        share: 0,
        note: "Apple has not begun to phase it in",
      };
    case "ACTIVE":
      return share >= 100
        ? { primary: next.version, share: 100 }
        : { primary: previous, secondary: next.version, share, note: `day ${phased.day} of 7${rest}` };
    case "PAUSED": {
      const note = `paused on day ${phased.day} of 7${rest}; who has it keeps it, and anyone can still get it by hand`;
      return { primary: previous, secondary: next.version, share, halted: true, note };
    }
  }
}

function restOf({ pausedDays }: PhasedRelease): string {
  return pausedDays > 0 ? `, paused for ${pausedDays} of at most 30 days` : "";
}
