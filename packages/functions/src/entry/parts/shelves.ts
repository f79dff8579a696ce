import type { ArchiveShelves } from "@gonogo/core/archive/port";
import { shelvesFrom } from "../../shelves.ts";
import type { Process } from "../runtime.ts";
import { readSecret } from "../secrets.ts";

export function shelves({ environment, base }: Process): ArchiveShelves {
  return shelvesFrom(readSecret("GONOGO_ARCHIVES", environment), base.clock);
}
