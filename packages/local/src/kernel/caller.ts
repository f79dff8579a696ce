import { AsyncLocalStorage } from "node:async_hooks";

/** The function whose code is running, by its name: whoever stands between a call and its answer may ask. */
export const caller = new AsyncLocalStorage<string>();
