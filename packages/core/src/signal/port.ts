import type { SeenAlarm } from "../release/commands.ts";
import type { Tags } from "../trigger/schema.ts";

/** Reads the level of alarms: an alarm that is red already sends no event (S13). */
export interface AlarmReader {
  /** One answer for each name, `missing` where there is no such alarm. */
  read(names: readonly string[]): Promise<readonly SeenAlarm[]>;
  /** The names of the alarms that carry all of these tags, in no order. */
  tagged(tags: Tags): Promise<readonly string[]>;
}
