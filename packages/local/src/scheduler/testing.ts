import { VirtualClock } from "../kernel/clock.ts";
import { inProcessHandler } from "../kernel/in-process.ts";
import { Kernel } from "../kernel/kernel.ts";
import type { DeadLetter, DeadLetters, TargetDelivery } from "../kernel/ports.ts";
import { seededRandom } from "../kernel/random.ts";
import { type EngineStore, memoryStore } from "../kernel/store.ts";

/** 2026-11-02T12:00:00Z, a Monday. */
export const NOON = Date.UTC(2026, 10, 2, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A kernel on a virtual clock. What fails unheard fails the test that asks for `errors`. */
export function virtualKernel(options: { seed?: number; store?: EngineStore; start?: number } = {}) {
  const errors: unknown[] = [];
  let idle = async () => {};
  const clock = new VirtualClock(options.start ?? NOON, () => idle());
  const kernel = new Kernel({
    clock,
    store: options.store ?? memoryStore(),
    random: seededRandom(options.seed ?? 1),
    onError: (error) => errors.push(error),
  });
  idle = () => kernel.activity.idle();
  return { kernel, clock, errors };
}

/** An SDK client's configuration that reaches `kernel` in this process. */
export function inProcess(kernel: Kernel) {
  return {
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: inProcessHandler(kernel),
    maxAttempts: 1,
  };
}

export interface Call {
  readonly at: number;
  readonly arn: string;
  readonly input: unknown;
}

/** Records what is delivered. `behave` may throw, to refuse; refused calls are counted apart. */
export function recordingDelivery(now: () => number) {
  const calls: Call[] = [];
  const refused: Call[] = [];
  const port: TargetDelivery & { behave: (call: Call) => void | Promise<void> } = {
    behave: () => {},
    async deliver(arn, input) {
      const call = { at: now(), arn, input };
      try {
        await port.behave(call);
      } catch (error) {
        refused.push(call);
        throw error;
      }
      calls.push(call);
    },
  };
  return { port, calls, refused };
}

export function recordingDeadLetters() {
  const letters: (DeadLetter & { queueArn: string | undefined })[] = [];
  const port: DeadLetters = { add: (queueArn, letter) => void letters.push({ queueArn, ...letter }) };
  return { port, letters };
}
