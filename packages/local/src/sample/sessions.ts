import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import type { FakeSentryState } from "./fakes/sentry.ts";

const HOUR = 3_600_000;
/** So much history there is from the first moment on. */
const KEPT_HOURS = 14 * 24;
const SESSIONS_AN_HOUR = 4_000;

/** Fills in the app's sessions up to the present hour, each hour at the crash-free rate that held in it. */
export function keepSessions(state: FakeSentryState, crashFreePercent: number, now: Instant): void {
  const present = Math.floor(toMillis(now) / HOUR) * HOUR;
  const { sessions } = state;
  const last = sessions.at(-1);
  // The hour that goes on is counted anew, for the dial may have been turned in it.
  if (last !== undefined && toMillis(last.at) >= present) sessions.pop();
  const before = sessions.at(-1);
  const from = before === undefined ? present - KEPT_HOURS * HOUR : toMillis(before.at) + HOUR;
  for (let hour = from; hour <= present; hour += HOUR) {
    sessions.push({
      at: fromMillis(hour),
      project: "shop",
      release: "shop",
      total: SESSIONS_AN_HOUR,
      crashed: Math.round(SESSIONS_AN_HOUR * (1 - crashFreePercent / 100)),
      users: SESSIONS_AN_HOUR,
    });
  }
  sessions.splice(0, Math.max(0, sessions.length - KEPT_HOURS));
}
