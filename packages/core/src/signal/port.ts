import type { SeenAlarm } from "../release/commands.ts";

/** Reads the level of alarms: an alarm that is red already sends no event (S13). */
export interface AlarmReader {
  /** One answer for each name, `missing` where there is no such alarm. */
  read(names: readonly string[]): Promise<readonly SeenAlarm[]>;
}
