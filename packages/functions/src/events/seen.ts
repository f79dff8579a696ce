import { messageOf } from "@gonogo/core/kit/text";
import type { Using } from "../runtime.ts";

/** Remembers that an integration gave a sign of life. What it was about is done already, and is not undone by this. */
export async function noteSeen(runtime: Using<"store">, integration: string): Promise<void> {
  try {
    await runtime.store.rememberSeen(integration, runtime.clock.now());
  } catch (error) {
    runtime.log.warn("when an integration was seen last could not be kept", {
      integration,
      error: messageOf(error),
    });
  }
}
