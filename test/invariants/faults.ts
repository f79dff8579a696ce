import type { ApiCall, Fault, Kernel } from "@gonogo/local/kernel/kernel";
import type { AwsResponse } from "@gonogo/local/kernel/wire";
import type { Simulation } from "@gonogo/local/simulation/simulation";

/** What becomes of a call that is struck. `before`: nothing is done. `after`: it is done, and nobody is told. */
export type Strike = "before" | "after";

/** An answer that the SDK does not try again: as if whoever called had died there. */
export const DIED: AwsResponse = {
  status: 400,
  headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": "Died" },
  body: new TextEncoder().encode(JSON.stringify({ __type: "Died", message: "the network is gone" })),
};

/** Strikes the calls that `which` names. */
export function strike(which: (call: ApiCall) => boolean, how: Strike = "before"): Fault {
  return async (call, proceed) => {
    if (!which(call)) return await proceed();
    if (how === "after") await proceed();
    return DIED;
  };
}

/** Strikes `length` calls in a row, from the `n`-th on; counts them all. */
export function strikeAt(n: number, how: Strike, length = 1): { fault: Fault; count: () => number } {
  let count = 0;
  const fault = strike(() => {
    count += 1;
    return count >= n && count < n + length;
  }, how);
  return { fault, count: () => count };
}

/** Holds a call back until it is let go, as a network or a function does that is slow and not dead. */
export class Held {
  readonly reached: Promise<void>;
  #reach = () => {};
  #letGo = () => {};
  readonly #gate: Promise<void>;
  #isTaken = false;

  constructor() {
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
    this.#gate = new Promise((resolve) => {
      this.#letGo = resolve;
    });
  }

  /** The first call that `which` names waits; the clock may go on meanwhile. */
  fault(kernel: Kernel, which: (call: ApiCall) => boolean): Fault {
    return async (call, proceed) => {
      if (this.#isTaken || !which(call)) return await proceed();
      this.#isTaken = true;
      this.#reach();
      await kernel.activity.parked(this.#gate);
      return await proceed();
    };
  }

  get isTaken(): boolean {
    return this.#isTaken;
  }

  letGo(): void {
    this.#letGo();
  }
}

export function setFault(simulation: Simulation, fault: Fault | undefined): void {
  simulation.control.engine.kernel.fault = fault;
}

export function isShift(call: ApiCall): boolean {
  return call.service === "lambda" && call.operation === "UpdateAlias";
}

/** Runs to the end; people whose request was struck ask again, as people do. */
export async function runThrough(simulation: Simulation, most = 20): Promise<boolean> {
  for (let failures = 0; ; failures++) {
    try {
      return await simulation.runToEnd();
    } catch (error) {
      if (failures >= most) throw error;
    }
  }
}
