import type { Versions } from "@gonogo/core/target/port";
import type { Target } from "@gonogo/core/target/schema";

export type AppStore = Extract<Target, { kind: "app-store" }>;

/** Where a person does by hand what a rollback does. */
export function revertCommand(target: AppStore, versions: Versions): string {
  const app = target.app ?? "the app";
  return `App Store Connect > ${app} > ${versions.next} > Phased Release for Automatic Updates > Pause`;
}
