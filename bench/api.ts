import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "@gonogo/local/server/server";
import { type Measured, ms, percentile } from "./kit.ts";

/** Readers of one release at a steady rate, whatever the answers take: late answers do not slow the asking. */
export async function api(perSecond: number, seconds: number): Promise<Measured[]> {
  const directory = mkdtempSync(join(tmpdir(), "gonogo-bench-"));
  const server = await startServer({ directory, port: 0, sample: true, write: () => {} });
  try {
    const release = server.sample?.state().release ?? "";
    const headers = { authorization: "Demo release-manager" };
    const took: number[] = [];
    const asked: Promise<void>[] = [];
    const began = performance.now();
    for (let index = 0; index < perSecond * seconds; index++) {
      const due = began + (index * 1000) / perSecond;
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      asked.push(
        fetch(`${server.address}/v1/releases/${release}`, { headers }).then(async (answer) => {
          await answer.arrayBuffer();
          if (!answer.ok) throw new Error(`answered ${answer.status}`);
          took.push(performance.now() - due);
        }),
      );
    }
    await Promise.all(asked);
    return [
      {
        what: `API at ${perSecond} reads of a release a second, p50 / p99`,
        value: `${ms(percentile(took, 0.5))} / ${ms(percentile(took, 0.99))}`,
        beside: "asker and server share the machine's cores",
      },
    ];
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
