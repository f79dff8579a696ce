import { ApiError, type Gonogo } from "@gonogo/client";

/** `streaming`: told of everything at once. `polling`: there is no stream here, everything is asked again. */
export type LiveMode = "connecting" | "streaming" | "polling";

type Client = Pick<Gonogo, "events">;

interface Options {
  readonly onMode: (mode: LiveMode) => void;
  /** The connection is gone, or there again. */
  readonly onLost: (isLost: boolean) => void;
}

/** Silence for longer than this means that nobody is there any more; the server speaks every five seconds. */
const LONGEST_SILENCE_MS = 12_000;
const PAUSES_MS = [300, 1_000, 2_000, 4_000, 8_000];

/**
 * Keeps one stream of events open while the page is seen, goes on after the last event when it was lost, and
 * falls back to polling where there is no stream (behind API Gateway, which holds no connection open).
 * A hidden page gives its connection back: a browser has six for all its tabs.
 */
export class Live {
  readonly #client: Client;
  readonly #options: Options;
  readonly #listeners = new Map<() => void, string | undefined>();
  #mode: LiveMode = "connecting";
  #after: string | undefined;
  #cut = new AbortController();
  /** Of which start the run is; an older one ends. */
  #run = 0;

  constructor(client: Client, options: Options) {
    this.#client = client;
    this.#options = options;
  }

  get mode(): LiveMode {
    return this.#mode;
  }

  /** Listens for a release, or for all. Called as well whenever something may have been missed. */
  listen(release: string | undefined, listener: () => void): () => void {
    this.#listeners.set(listener, release);
    return () => this.#listeners.delete(listener);
  }

  /** Opens the stream and keeps it open until what it gives back is called. */
  start(): () => void {
    const look = () => {
      if (document.hidden || !navigator.onLine) this.#cut.abort();
      if (!navigator.onLine) this.#options.onLost(true);
    };
    document.addEventListener("visibilitychange", look);
    addEventListener("offline", look);
    this.#run += 1;
    void this.#keepOpen(this.#run);
    return () => {
      this.#run += 1;
      this.#cut.abort();
      document.removeEventListener("visibilitychange", look);
      removeEventListener("offline", look);
    };
  }

  async #keepOpen(run: number): Promise<void> {
    for (let failures = 0; run === this.#run; ) {
      if (document.hidden) {
        await untilSeen();
        continue;
      }
      const outcome = await inSlot(() => this.#once());
      if (outcome === "none") return this.#to("polling");
      if (outcome === undefined) {
        // Other windows hold the connections that one browser may keep open; this one asks.
        this.#to("polling");
        await pause(LONGEST_SILENCE_MS);
        continue;
      }
      failures = outcome === "heard" ? 0 : failures + 1;
      if (run !== this.#run || document.hidden) continue;
      if (failures > 0) this.#options.onLost(true);
      await pause(PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 8_000);
    }
  }

  /** One stream to its end. */
  async #once(): Promise<"heard" | "nothing" | "none"> {
    this.#cut = new AbortController();
    const { signal } = this.#cut;
    let timer = setTimeout(() => this.#cut.abort(), LONGEST_SILENCE_MS);
    let isHeard = false;
    try {
      const after = this.#after === undefined ? {} : { after: this.#after };
      for await (const event of this.#client.events({ ...after, signal })) {
        clearTimeout(timer);
        timer = setTimeout(() => this.#cut.abort(), LONGEST_SILENCE_MS);
        if (event.id !== "") this.#after = event.id;
        if (!isHeard) {
          isHeard = true;
          this.#to("streaming");
          this.#options.onLost(false);
        }
        if (event.type === "changed") this.#tell(event.release);
        if (event.type === "reset") this.#tell();
      }
    } catch (error) {
      if (error instanceof ApiError && [404, 405, 501].includes(error.problem.status)) return "none";
    } finally {
      clearTimeout(timer);
    }
    return isHeard ? "heard" : "nothing";
  }

  #to(mode: LiveMode): void {
    if (this.#mode === mode) return;
    this.#mode = mode;
    this.#options.onMode(mode);
    this.#tell();
  }

  #tell(release?: string): void {
    for (const [listener, wanted] of this.#listeners) {
      if (release === undefined || wanted === undefined || wanted === release) listener();
    }
  }
}

/** How many windows of one browser hold a stream: it has six connections to a host for all of them. */
const SLOTS = ["gonogo-stream-1", "gonogo-stream-2"];

/** Does its work while it holds a slot; undefined when all are taken. */
async function inSlot<T>(work: () => Promise<T>): Promise<T | undefined> {
  // Locks are for secure contexts only; elsewhere each window has its stream.
  if (navigator.locks === undefined) return await work();
  for (const name of SLOTS) {
    const found = await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
      lock === null ? undefined : { value: await work() },
    );
    if (found !== undefined) return found.value;
  }
  return undefined;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      removeEventListener("online", done);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
  });
}

function untilSeen(): Promise<void> {
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => resolve(), { once: true });
  });
}
