import { type RootStanding, readTrustedRoot, standingOf } from "@gonogo/adapters/artifact/trusted-root";
import { messageOf } from "@gonogo/core/kit/text";
import type { Clock } from "@gonogo/core/release/ports";
import { NO_ROOT } from "./no-root.ts";

/** Whether what is signed without a key today could be verified; undefined where the deployment verifies none. */
export interface TrustStanding {
  look(): Promise<RootStanding | undefined>;
}

export function trustedRootAt(file: string, clock: Pick<Clock, "now">): TrustStanding {
  return {
    async look() {
      if (file === NO_ROOT) return undefined;
      try {
        return standingOf(await readTrustedRoot(file), clock.now());
      } catch (error) {
        return { condition: "ill", says: messageOf(error) };
      }
    },
  };
}
