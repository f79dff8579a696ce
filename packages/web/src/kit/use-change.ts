import { ApiError } from "@gonogo/client";
import { useRef, useState } from "preact/hooks";
import { useSession } from "../session/session.tsx";

export interface Refused {
  readonly code: string;
  readonly message: string;
}

interface Answer {
  /** The releases that were told something by it. */
  readonly told?: readonly string[];
}

/**
 * Does something to the deployment, and says what came of it; why it was refused is for the form to show. What
 * could not be delivered is sent again under the same key, so that it is done once.
 */
export function useChange(done: () => void) {
  const { announce } = useSession();
  const [refusal, setRefusal] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const last = useRef({ words: "", key: "" });
  /** `mark` says what was asked: the same again has the same key. */
  const change = async <T extends object>(
    ask: (key: string) => Promise<T & Answer>,
    words: string,
    mark = words,
  ): Promise<T | undefined> => {
    if (last.current.words !== mark) last.current = { words: mark, key: crypto.randomUUID() };
    setRefusal(undefined);
    setBusy(true);
    try {
      const answer = await ask(last.current.key);
      const { told = [] } = answer;
      last.current = { words: "", key: "" };
      announce(`${words}${told.length === 0 ? "" : `; told: ${told.join(", ")}`}`);
      done();
      return answer;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isRefused = error instanceof ApiError;
      if (isRefused) last.current = { words: "", key: "" };
      setRefusal({ code: isRefused ? error.problem.code : "", message });
      announce(isRefused ? `Refused: ${message}` : `${message}. Sending it again does it once.`, "bad");
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { change, refusal, busy };
}
