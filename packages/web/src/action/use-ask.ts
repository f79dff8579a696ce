import { ApiError, type CommandRequest } from "@gonogo/client";
import { useRef, useState } from "preact/hooks";
import { useSession } from "../session/session.tsx";

/**
 * Sends a command and tells everybody what came of it. What could not be delivered is sent again under the
 * same key, so that it is done once.
 */
export function useAsk(release: string) {
  const { client, announce } = useSession();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const last = useRef({ text: "", key: "" });
  const send = async (request: CommandRequest, label: string): Promise<boolean> => {
    const text = JSON.stringify(request);
    if (last.current.text !== text) last.current = { text, key: crypto.randomUUID() };
    setBusy(true);
    setRefusal(undefined);
    try {
      await client.command(release, request, last.current.key);
      last.current = { text: "", key: "" };
      announce(`Accepted: ${label}`);
      return true;
    } catch (error) {
      const refused = error instanceof ApiError;
      if (refused) last.current = { text: "", key: "" };
      const why = error instanceof Error ? error.message : String(error);
      setRefusal(refused ? why : `${why}. It may or may not have arrived; sending it again does it once.`);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { send, busy, refusal };
}
