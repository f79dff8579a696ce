import type { Versions } from "@gonogo/core/target/port";
import type { Target } from "@gonogo/core/target/schema";

export type GooglePlay = Extract<Target, { kind: "google-play" }>;

/** Where a person does by hand what a rollback does. */
export function revertCommand(target: GooglePlay, versions: Versions): string {
  const app = target.package ?? "the app";
  return `Play Console > ${app} > ${target.track} > ${versions.next} > Manage rollout > Halt rollout`;
}
