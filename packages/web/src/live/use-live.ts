import { useEffect, useRef } from "preact/hooks";
import { useSession } from "../session/session.tsx";
import { LEAST_MS, type Pace, waitAfter } from "./pace.ts";

/**
 * Calls `visit` whenever the release (or any, without one) has changed, and from time to time besides; where
 * nothing tells of changes, again and again, the less often the less is new. `visit` says whether something
 * was. Never two at a time.
 */
export function useLive(
  release: string | undefined,
  visit: () => Promise<boolean>,
  pace: Pace,
  keys: readonly unknown[],
): void {
  const { live } = useSession();
  const latest = useRef(visit);
  latest.current = visit;
  // The newest `visit` is called; `keys` restart it.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    let busy = false;
    let again = false;
    let quiet = 0;
    const plan = (ms: number) => {
      clearTimeout(timer);
      if (!left) timer = setTimeout(go, ms);
    };
    const go = async () => {
      if (busy || left) return;
      clearTimeout(timer);
      busy = true;
      again = false;
      quiet = (await latest.current()) ? 0 : quiet + 1;
      busy = false;
      const now = { isStreaming: live.mode === "streaming", isHidden: document.hidden };
      plan(again ? LEAST_MS : waitAfter(quiet, pace, now));
    };
    const at = () => {
      again = true;
      if (!busy) plan(0);
    };
    const seen = () => {
      if (!document.hidden) at();
    };
    const unlisten = live.listen(release, at);
    document.addEventListener("visibilitychange", seen);
    addEventListener("online", seen);
    void go();
    return () => {
      left = true;
      clearTimeout(timer);
      unlisten();
      document.removeEventListener("visibilitychange", seen);
      removeEventListener("online", seen);
    };
  }, [live, release, pace.quickest, pace.slowest, ...keys]);
}
