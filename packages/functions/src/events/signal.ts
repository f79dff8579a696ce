import { isTestName } from "@gonogo/core/integration/schema";
import { digestOf, shortDigest } from "@gonogo/core/kit/digest";
import { bindingKey, type Signal, signalKey } from "@gonogo/core/signal/schema";
import { execute } from "../execute.ts";
import type { Writing } from "../runtime.ts";

/**
 * Takes a signal to every active release that listens to it, or to the one that did last, so that a late one
 * is on record too. The key of the command is the signal's own, so that one that comes twice is answered
 * from memory.
 */
export async function receive(runtime: Writing, signal: Signal): Promise<{ releases: readonly string[] }> {
  // A test is kept from every release, whatever a plan binds.
  if (isTestName(signal.name)) {
    const { hearTest } = await import("./integrations.ts");
    await hearTest(runtime, signal);
    return { releases: [] };
  }
  const releases = await runtime.store.listeners(bindingKey(signal));
  const { source, name } = signal;
  const failures: unknown[] = [];
  for (const release of releases) {
    try {
      await execute(runtime, {
        release,
        id: `signal-${shortDigest(digestOf(signalKey(signal)))}-${runtime.newId()}`,
        actor: { kind: "alarm", source, name },
        body: { type: "ReceiveSignal", signal },
      });
    } catch (error) {
      // One release that cannot be reached must not keep the others from being rolled back.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  if (releases.length === 0) runtime.log.info("no release listens to this signal", { source, name });
  return { releases };
}
