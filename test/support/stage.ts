import type { AuditRecord } from "@gonogo/core/audit/schema";
import { putErrorAlarm } from "./aws.ts";
import { answerAsPeople, clientOf } from "./people.ts";
import { type GonogoProcess, type StartOptions, startProcess } from "./process.ts";
import { type SmallPlan, smallPlan } from "./small-plan.ts";

const PEOPLE = ["qa", "devsecops", "release-manager", "on-call-engineer"];
/** Of the engine's time, between a plan's submission and its start. */
const LEAD_MS = 4 * 60_000;

/**
 * gonogo in a process of its own, with the sample's service and without its release, which can be killed and
 * goes on with the next process in the same directory.
 */
export class Stage {
  readonly #options: StartOptions;
  #process: GonogoProcess;
  readonly readyMs: number[] = [];

  private constructor(options: StartOptions, process: GonogoProcess) {
    this.#options = options;
    this.#process = process;
    this.readyMs.push(process.readyMs);
  }

  static async open(options: StartOptions): Promise<Stage> {
    const stage = new Stage(options, await startProcess(options));
    const manager = stage.as("release-manager");
    const { release } = await manager.demo();
    await manager.turn({ standIns: false });
    if (release !== undefined)
      await manager.command(release, { command: { type: "Abort" }, reason: "the stage is for another" });
    await putErrorAlarm(stage.process.awsAddress, "Orders5xx");
    return stage;
  }

  get process(): GonogoProcess {
    return this.#process;
  }

  as(person: string) {
    return clientOf(this.#process.address, person);
  }

  /** Kills it without a warning and starts the next. */
  async crash(which: "server" | "both"): Promise<void> {
    await this.#process.kill(which);
    this.#process = await startProcess(this.#options);
    this.readyMs.push(this.#process.readyMs);
  }

  /** Submits a small release that starts in a few minutes of the engine's time. */
  async submit(plan: SmallPlan & { readonly id: string }): Promise<void> {
    const { now } = await this.as("pipeline").demo();
    const start = new Date(Date.parse(now) + LEAD_MS).toISOString();
    await this.as("pipeline").submit({ text: smallPlan({ ...plan, start }) }, `submit-${plan.id}`);
  }

  async setErrors(version: string, errorPercent: number): Promise<void> {
    await this.as("release-manager").turn({ version: { version, errorPercent, latencyMs: 100 } });
  }

  async records(id: string): Promise<readonly AuditRecord[]> {
    return (await this.as("release-manager").records(id, { limit: 500 })).items;
  }

  /** Lets people do what is theirs until the log holds what is waited for. Throws after `ms` on the wall. */
  async until(id: string, done: (records: readonly AuditRecord[]) => boolean, ms = 30_000): Promise<void> {
    const end = performance.now() + ms;
    for (;;) {
      const records = await this.records(id);
      if (done(records)) return;
      if (performance.now() > end) {
        const last = records.slice(-5).map(({ event }) => event.type);
        const { status, waitsFor } = await this.as("release-manager").release(id);
        throw new Error(
          `${id} is ${status} and waits for ${JSON.stringify(waitsFor)}; last: ${last.join(", ")}; ${this.#process.said()}`,
        );
      }
      await answerAsPeople(this.#process.address, PEOPLE, id);
    }
  }
}
