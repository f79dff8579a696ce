import type { Look, Saw } from "./port.ts";

type More = Omit<Saw, "source" | "detail">;

/** It is as the check wants it. */
export function yes(source: string, detail: string, more: More = {}): Look {
  return { answer: "yes", saw: { source, detail, ...more } };
}

/** It was looked at, and is not. */
export function no(source: string, detail: string, more: More = {}): Look {
  return { answer: "no", saw: { source, detail, ...more } };
}

/** It could not be looked at: that is no yes. */
export function unknown(source: string, detail: string): Look {
  return { answer: "unknown", saw: { source, detail } };
}
