import { ApiError } from "@gonogo/client";
import { useState } from "preact/hooks";
import { useSession } from "../session/session.tsx";

export interface Refused {
  readonly code: string;
  readonly message: string;
}

/** Does something to the calendar, and says what came of it; why it was refused is for the form to show. */
export function useChange(done: () => void) {
  const { announce } = useSession();
  const [refusal, setRefusal] = useState<Refused>();
  const change = async (
    asked: Promise<{ readonly told: readonly string[] }>,
    words: string,
  ): Promise<boolean> => {
    setRefusal(undefined);
    try {
      const { told } = await asked;
      announce(`${words}${told.length === 0 ? "" : `; told: ${told.join(", ")}`}`);
      done();
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      setRefusal({ code: error instanceof ApiError ? error.problem.code : "", message });
      announce(`Refused: ${message}`, "bad");
      return false;
    }
  };
  return { change, refusal };
}
