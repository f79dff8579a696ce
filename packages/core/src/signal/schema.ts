import { z } from "zod";
import { instant, line } from "../kit/schema.ts";
import { SIGNAL_SOURCES } from "../trigger/schema.ts";

/**
 * An alarm from outside in its one normal form. `at` is when the alarm took this state, by its own clock;
 * signals are told apart and put in order by it, never by when they arrived.
 */
export const Signal = z.strictObject({
  source: z.enum(SIGNAL_SOURCES),
  name: line,
  state: z
    .enum(["alarm", "ok", "unknown"])
    .describe("unknown: INSUFFICIENT_DATA and its like; neither good nor bad."),
  at: instant,
  /** What the alarm says of itself; shown, never interpreted. */
  says: z.string().max(1000).optional(),
  /** The alarm's notifications are muted. That silences people, not a release. */
  muted: z.boolean().optional(),
});

export type Signal = z.infer<typeof Signal>;

/** One change of one alarm's state, however often and by whatever way it is told. */
export function signalKey(signal: Signal): string {
  return `${signal.source}:${signal.name}:${signal.state}:${signal.at}`;
}

/** What plans bind: the alarm, whatever its state. */
export function bindingKey(binding: { from?: string; source?: string; name: string }): string {
  return `${binding.from ?? binding.source}:${binding.name}`;
}
