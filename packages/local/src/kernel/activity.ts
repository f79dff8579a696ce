/**
 * Counts what the engine is doing, so that a virtual clock knows when the present moment is over.
 * Every piece of asynchronous work the engine begins on its own is begun through `spawn`.
 */
export class Activity {
  #running = 0;
  #waiting: (() => void)[] = [];
  #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Begins `work` and answers for its failure: nothing the engine starts may reject unheard. */
  spawn(work: () => Promise<unknown>): void {
    this.#running++;
    void work()
      .catch((error: unknown) => this.#onError(error))
      .finally(() => this.#leave());
  }

  /**
   * Waits for something that only the clock can bring about. Work that waits so does not count as running,
   * or a virtual clock would wait for it for ever.
   */
  async parked<T>(waiting: Promise<T>): Promise<T> {
    this.#leave();
    try {
      return await waiting;
    } finally {
      this.#running++;
    }
  }

  #leave(): void {
    this.#running--;
    if (this.#running === 0) for (const resume of this.#waiting.splice(0)) resume();
  }

  /** Resolves when nothing is running and what was set free by that has run too. */
  async idle(): Promise<void> {
    do {
      if (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      await new Promise<void>((resolve) => setImmediate(resolve));
    } while (this.#running > 0);
  }
}
