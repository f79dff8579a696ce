import type { PersonCommand } from "@gonogo/core/release/person-commands";
import type { Command } from "commander";
import { words } from "../input/values.ts";
import { run } from "../session.ts";
import { ask } from "./ask.ts";
import { DRY_RUN_OPTION, KEY_OPTION } from "./key.ts";

interface Options {
  readonly step?: string;
  readonly reason: string;
  readonly key?: string;
}

interface Steering {
  readonly name: string;
  readonly description: string;
  /** Whether it is about one step: it may be named, or it must be. */
  readonly step?: "may" | "must";
  readonly example: string;
  readonly done: string;
  command(step: string | undefined): PersonCommand;
}

const STEERING: readonly Steering[] = [
  {
    name: "pause",
    description: "stop the next shift at once; what is live stays live",
    example: 'gonogo release pause REL-1 --reason "errors in another service"',
    done: "paused",
    command: () => ({ type: "Pause" }),
  },
  {
    name: "resume",
    description: "let it go on; a watch goes on where it stood",
    example: 'gonogo release resume REL-1 --reason "the other service is well again"',
    done: "resumed",
    command: () => ({ type: "Resume" }),
  },
  {
    name: "rollback",
    description: "put everything back that was shifted, and check that it is back",
    example: 'gonogo release rollback REL-1 --reason "checkout is broken"',
    done: "the rollback is ordered",
    command: () => ({ type: "Rollback" }),
  },
  {
    name: "abort",
    description: "end it; what was shifted is put back",
    example: 'gonogo release abort REL-1 --reason "no longer wanted"',
    done: "the end is ordered",
    command: () => ({ type: "Abort" }),
  },
  {
    name: "promote",
    description: "let a phase pass now, whatever its metrics say; without --step, the one there is",
    step: "may",
    example: 'gonogo release promote REL-1 --step p2 --reason "too little traffic at night"',
    done: "promoted",
    command: (step) => ({ type: "Promote", ...(step === undefined ? {} : { step }) }),
  },
  {
    name: "retry",
    description: "do a failed step again; without --step, the one there is",
    step: "may",
    example: 'gonogo release retry REL-1 --step smoke --reason "the runner was restarted"',
    done: "tried again",
    command: (step) => ({ type: "Retry", ...(step === undefined ? {} : { step }) }),
  },
  {
    name: "skip",
    description: "go on without a step",
    step: "must",
    example: 'gonogo release skip REL-1 --step smoke --reason "covered by the load test"',
    done: "skipped",
    command: (step) => ({ type: "Skip", step: step ?? "" }),
  },
];

/** What steps over the plan or ends it. Each has to say why; none asks back, for it may be urgent. */
export function addSteerCommands(release: Command): void {
  for (const steering of STEERING) {
    const command = release
      .command(steering.name)
      .description(steering.description)
      .argument("<release>", "its id, such as REL-2025-06-04");
    if (steering.step === "must") command.requiredOption("--step <id>", "the step", words);
    if (steering.step === "may") command.option("--step <id>", "the step", words);
    command
      .requiredOption("--reason <words>", "why; it is kept in the audit log", words)
      .option(...KEY_OPTION)
      .option(...DRY_RUN_OPTION)
      .addHelpText("after", `\nExample:\n  ${steering.example}`)
      .action(async (id: string, { step, reason, key }: Options, self: Command) =>
        run(self, (session) =>
          ask(session, { release: id, command: steering.command(step), reason, key, done: steering.done }),
        ),
      );
  }
}
