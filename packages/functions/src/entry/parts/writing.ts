import { machines } from "./machines.ts";
import { standBy } from "./stand-by.ts";
import { store } from "./store.ts";
import { timers } from "./timers.ts";

/** The parts of whatever writes to a release. */
export const writing = { store, machines, timers, standBy } as const;
