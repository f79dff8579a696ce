import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Loaded<T> {
  readonly value?: T;
  readonly error?: unknown;
  readonly again: () => void;
}

/** Loads once, and again when `keys` change or it is asked for. What was loaded stays while more comes. */
export function useLoaded<T>(load: () => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ value?: T; error?: unknown }>({});
  const again = useCallback(() => setTurn((count) => count + 1), []);
  // `load` is made anew each time; `keys` say when.
  useEffect(() => {
    let left = false;
    load().then(
      (value) => !left && setState({ value }),
      (error: unknown) => !left && setState((before) => ({ ...before, error })),
    );
    return () => {
      left = true;
    };
  }, [...keys, turn]);
  return { ...state, again };
}

/**
 * Calls `visit` again and again: every `visibleMs` while the page is seen, every `hiddenMs` while it is not,
 * and at once when it comes back into view. Never two at a time.
 */
export function useVisits(
  visit: () => Promise<void>,
  pace: { visibleMs: number; hiddenMs: number },
  keys: readonly unknown[],
) {
  const latest = useRef(visit);
  latest.current = visit;
  // The newest `visit` is called; `keys` restart it.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    let busy = false;
    const go = async () => {
      if (busy || left) return;
      clearTimeout(timer);
      busy = true;
      await latest.current();
      busy = false;
      if (!left) timer = setTimeout(go, document.hidden ? pace.hiddenMs : pace.visibleMs);
    };
    const seen = () => {
      if (!document.hidden) void go();
    };
    document.addEventListener("visibilitychange", seen);
    addEventListener("online", seen);
    void go();
    return () => {
      left = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
      removeEventListener("online", seen);
    };
  }, [pace.visibleMs, pace.hiddenMs, ...keys]);
}
