import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { personId } from "@gonogo/core/actor/schema";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import type { PlanInput } from "@gonogo/core/plan/schema";
import { writePlan } from "@gonogo/core/plan/write";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { FakeApi, type People } from "./fake-api.ts";
import { type Ran, type RunOptions, runCli } from "./run-cli.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;

const PEOPLE: People = {
  maya: someone("maya", "Release Manager"),
  otto: someone("otto", "Ops"),
  cleo: someone("cleo", "CTO"),
  sven: someone("sven", "Security"),
  gita: someone("gita", "Governance"),
  nora: someone("nora", "Accounting"),
};

function someone(name: string, role: string): People[string] {
  return { kind: "person", id: personId("test", name), roles: [role] };
}

/** A server, a folder with a plan in it, and the command, as Maya unless told otherwise. */
export class Stage {
  readonly api = new FakeApi(PEOPLE);
  readonly folder = mkdtempSync(join(tmpdir(), "gonogo-cli-"));
  server = "";

  async open(): Promise<void> {
    this.server = await this.api.listen();
    this.file("plan.yaml", writePlan(samplePlan()));
  }

  async close(): Promise<void> {
    await this.api.close();
    rmSync(this.folder, { recursive: true });
  }

  /** Writes a file into the folder in which commands run. */
  file(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.folder, name), content);
    return name;
  }

  /** A release of the sample plan that has gone on to so many minutes after T; undefined: nobody has answered. */
  release(minutes?: number, id = "REL-1", change: Partial<PlanInput> = {}): Drive {
    const drive = new Drive(samplePlan({ id, ...change }), EVE);
    this.api.drives.set(id, drive);
    if (minutes !== undefined) {
      drive.openGates();
      this.pass(drive, toMillis(drive.plan.start) + minutes * 60_000);
    }
    return drive;
  }

  pass(drive: Drive, until: number): void {
    drive.runUntil(() => toMillis(drive.now) >= until, fromMillis(until));
    drive.now = fromMillis(until);
  }

  gonogo(args: readonly string[], { env, ...options }: RunOptions = {}): Promise<Ran> {
    const settings = { GONOGO_SERVER: this.server, GONOGO_AS: "maya", ...env };
    return runCli(args, { cwd: this.folder, env: settings, ...options });
  }
}
