import { useEffect } from "preact/hooks";
import { type Loaded, useLoaded } from "./use-loaded.ts";

/** How often what nobody tells of is asked again while it is looked at. */
const EVERY_MS = 10_000;

/** Loads, and loads again from time to time and when the page is seen again: others change the same. */
export function useKept<T>(load: () => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const loaded = useLoaded(load, keys);
  const { again } = loaded;
  useEffect(() => {
    const look = () => {
      if (!document.hidden) again();
    };
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [again]);
  return loaded;
}
