import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStore } from "../kernel/store.ts";
import { recordingDelivery, virtualKernel } from "../scheduler/testing.ts";
import { createEvents } from "./index.ts";

/** A process that puts events as fast as it can, and says of each whether it was accepted and delivered. */
const child = (file: string, log: string) => `
  import { appendFileSync } from "node:fs";
  const at = (name) => import(new URL(name, ${JSON.stringify(import.meta.url)}).href);
  const { PacedClock } = await at("../kernel/clock.ts");
  const { Kernel } = await at("../kernel/kernel.ts");
  const { systemRandom } = await at("../kernel/random.ts");
  const { openStore } = await at("../kernel/store.ts");
  const { createEvents } = await at("./index.ts");
  const say = (word, n) => appendFileSync(${JSON.stringify(log)}, word + " " + n + "\\n");
  const kernel = new Kernel({ clock: new PacedClock(), store: openStore(${JSON.stringify(file)}), random: systemRandom() });
  const wait = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  const deliver = async (_arn, input) => { await wait(); say("delivered", input.detail.n); };
  const { service } = createEvents(kernel, { delivery: { deliver } });
  await service.operations.PutRule({ Name: "a", EventPattern: '{"source":["gonogo"]}' });
  await service.operations.PutTargets({ Rule: "a", Targets: [{ Id: "1", Arn: "arn:aws:lambda:us-east-1:123456789012:function:f" }] });
  for (let n = 0; n < 100_000; n++) {
    service.operations.PutEvents({ Entries: [{ Source: "gonogo", DetailType: "T", Detail: JSON.stringify({ n }) }] });
    say("accepted", n);
    if (n % 5 === 0) await wait();
  }
`;

it("kill -9 at any moment loses no event that was accepted", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gonogo-kill-"));
  const [file, log] = [join(folder, "engine.sqlite"), join(folder, "log")];
  const said = (word: string) =>
    (existsSync(log) ? readFileSync(log, "utf8") : "")
      .split("\n")
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => Number(line.split(" ")[1]));

  const running = spawn(process.execPath, ["--input-type=module", "-e", child(file, log)], {
    stdio: "ignore",
  });
  const ended = new Promise<unknown>((resolve) => running.once("exit", (_code, signal) => resolve(signal)));
  while (said("accepted").length < 300 && running.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  running.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");

  const store = openStore(file);
  const { kernel, clock } = virtualKernel({ store, start: Date.now() + 1000 });
  const later = recordingDelivery(() => clock.now());
  const events = createEvents(kernel, { delivery: later.port });
  events.resume();
  await clock.advance(0);
  store.close();
  const delivered = new Set([
    ...said("delivered"),
    ...later.calls.map(({ input }) => (input as { detail: { n: number } }).detail.n),
  ]);
  expect(said("accepted").filter((n) => !delivered.has(n))).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});
