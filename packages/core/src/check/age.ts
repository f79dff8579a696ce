import { type Duration, minutes, roundedUp, spoken, toMs } from "../kit/duration.ts";
import { type Instant, plus, since, toMillis } from "../kit/instant.ts";
import { no, unknown, yes } from "./look.ts";
import type { Look } from "./port.ts";

/** Two clocks may differ by this much; more is a mistake in one of them, and no evidence. */
const SKEW = minutes(5);

/** Whether evidence of `at` is young enough now. What lies in the future proves nothing. */
export function lookAtAge(
  source: string,
  what: string,
  evidence: {
    readonly at: Instant;
    readonly within: Duration;
    readonly now: Instant;
    readonly digest?: string;
  },
): Look {
  const { at, within, now, digest } = evidence;
  if (toMillis(at) - toMillis(now) > toMs(SKEW)) {
    return unknown(source, `${what} is of ${at}, which lies in the future: one of the clocks is wrong`);
  }
  const age = at > now ? since(now, now) : since(at, now);
  const more = { value: at, at, age, until: plus(at, within), ...(digest === undefined ? {} : { digest }) };
  const old = `${spoken(roundedUp(age))} old`;
  return toMs(age) <= toMs(within)
    ? yes(source, `${what} is ${old}, at most ${spoken(within)}`, more)
    : no(source, `${what} is ${old}, more than ${spoken(within)}`, more);
}
