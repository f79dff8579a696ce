import { useEffect, useState } from "preact/hooks";
import { now } from "./clock.ts";

/** The server's time, read again every second. */
export function useNow(everyMs = 1000): number {
  const [shown, setShown] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setShown(now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return shown;
}
