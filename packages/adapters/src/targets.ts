import type { Observation, TrafficTarget } from "@gonogo/core/target/port";
import type { Target, TargetKind } from "@gonogo/core/target/schema";

/** The adapters by the kind of target they serve. A kind without one is moved by people. */
export type TargetAdapters = { readonly [K in TargetKind]?: TrafficTarget<Extract<Target, { kind: K }>> };

/** The adapter for a target; undefined when people move it. Throws when the deployment has none for it. */
export function adapterFor(adapters: TargetAdapters, target: Target): TrafficTarget | undefined {
  if (target.kind === "manual") return undefined;
  const adapter = adapters[target.kind];
  if (adapter === undefined) {
    throw new Error(
      `this deployment is not set up for ${target.kind}; docs/operations.md says what it needs`,
    );
  }
  return adapter;
}

/** What is known of a target that people move. */
export const BY_HAND: Observation = { primary: "before", share: 0, note: "moved by hand" };
