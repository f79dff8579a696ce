import type { Instant } from "../kit/instant.ts";
import type { RehearsalEvent } from "./events.ts";

/** What came of a rehearsal. */
export type RehearsalState = Omit<RehearsalEvent, "type"> & { readonly at: Instant };
