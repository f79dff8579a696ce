import type { Board } from "@gonogo/client";
import { useRef, useState } from "preact/hooks";
import { hear } from "../clock/clock.ts";
import { useLive } from "../live/use-live.ts";
import { useSession } from "../session/session.tsx";

const PACE = { quickest: 2_000, slowest: 10_000 };

/** The board, kept up to date. What was known stays while the server is away. */
export function useBoard(): { readonly board?: Board; readonly error?: unknown; readonly again: () => void } {
  const { client, credentials } = useSession();
  const who = JSON.stringify(credentials ?? null);
  const [known, setKnown] = useState<{ who: string; board?: Board; error?: unknown }>({ who: "" });
  const tag = useRef<{ who: string; etag: string } | undefined>(undefined);
  const visit = async () => {
    try {
      const answer = await client.boardSince(tag.current?.who === who ? tag.current.etag : undefined);
      if (answer === undefined) return false;
      tag.current = { who, etag: answer.etag };
      hear(answer.board.now);
      setKnown({ who, board: answer.board });
      return true;
    } catch (error) {
      setKnown((before) => ({ ...before, who, error }));
      return false;
    }
  };
  useLive(undefined, visit, PACE, [who]);
  const { board, error } = known;
  // What is asked of one person is not shown to another.
  const isOwn = known.who === who;
  return {
    again: () => void visit(),
    ...(board === undefined || !isOwn ? {} : { board }),
    ...(error === undefined ? {} : { error }),
  };
}
