import { ApiError, type ReleaseView } from "@gonogo/client";
import { useRef, useState } from "preact/hooks";
import { hear } from "../clock/clock.ts";
import { useLive } from "../live/use-live.ts";
import { useSession } from "../session/session.tsx";

const PACE = { quickest: 1_000, slowest: 6_000 };

export interface LiveRelease {
  readonly view?: ReleaseView;
  readonly error?: ApiError;
  /** Asks at once, after something was done. */
  readonly refresh: () => Promise<unknown>;
}

/** A release that keeps itself up to date. What was known stays while the server is away. */
export function useRelease(id: string): LiveRelease {
  const { client, credentials } = useSession();
  const who = JSON.stringify(credentials ?? null);
  const [known, setKnown] = useState<{ key: string; view?: ReleaseView; error?: ApiError }>({ key: "" });
  const etag = useRef<{ key: string; tag: string } | undefined>(undefined);
  const key = `${id} ${who}`;
  const visit = async () => {
    try {
      const tag = etag.current?.key === key ? etag.current.tag : undefined;
      const answer = await client.releaseSince(id, tag);
      if (answer === undefined) return false;
      etag.current = { key, tag: answer.etag };
      hear(answer.view.now);
      setKnown({ key, view: answer.view });
      return true;
    } catch (error) {
      if (error instanceof ApiError) setKnown({ key, error });
      return false;
    }
  };
  useLive(id, visit, PACE, [key]);
  const { view, error } = known;
  // Another person's buttons are not shown, but the release itself is the same.
  const stale = view !== undefined && known.key !== key;
  return {
    refresh: visit,
    ...(view !== undefined && view.id === id ? { view: stale ? { ...view, actions: [] } : view } : {}),
    ...(error !== undefined && known.key === key ? { error } : {}),
  };
}
