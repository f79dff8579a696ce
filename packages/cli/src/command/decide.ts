import { ANSWERS, type Answer } from "@gonogo/core/decision/events";
import type { PersonCommand } from "@gonogo/core/release/person-commands";
import { Argument, type Command } from "commander";
import { words } from "../input/values.ts";
import { run } from "../session.ts";
import { ask } from "./ask.ts";
import { DRY_RUN_OPTION, KEY_OPTION } from "./key.ts";

interface Options {
  readonly reason: string;
  readonly role?: string;
  readonly decision?: string;
  readonly key?: string;
}

/** `gonogo release decide` and `lift`: what is done when it looks bad, and which alarms are believed. */
export function addDecideCommands(release: Command): void {
  release
    .command("decide")
    .description("answer whether to roll back, go on, or fix forward; for those whom the plan names")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .addArgument(new Argument("<answer>", "what is to be done").choices(ANSWERS))
    .requiredOption("--reason <words>", "why; kept in the record", words)
    .option("--role <role>", "the role you answer in; without it, the first that may", words)
    .option("--decision <id>", "which question, where more than one is open", words)
    .option(...KEY_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  gonogo release decide REL-1 rollback --reason "checkout is slow for everyone"',
    )
    .action(async (id: string, answer: Answer, { reason, role, decision, key }: Options, self: Command) =>
      run(self, (session) => {
        const command: PersonCommand = {
          type: "Decide",
          answer,
          ...(role === undefined ? {} : { role }),
          ...(decision === undefined ? {} : { decision }),
        };
        return ask(session, { release: id, command, reason, key, done: `answered: ${answer}` });
      }),
    );
  release
    .command("approve-step")
    .description("approve a step from which there is no way back, for a role you hold")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .argument("<step>", "its id, as `gonogo release show` has it")
    .requiredOption("--role <role>", "the role you approve for", words)
    .option(...KEY_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText("after", "\nExample:\n  gonogo release approve-step REL-1 contract --role DBA")
    .action(async (id: string, step: string, { role, key }: { role: string; key?: string }, self: Command) =>
      run(self, async (session) => {
        const { planDigest } = await session.api.release(id);
        const command: PersonCommand = { type: "ApproveStep", step, role, plan: planDigest };
        return ask(session, { release: id, command, key, done: `${step} is approved as ${role}` });
      }),
    );
  release
    .command("lift")
    .description("believe an alarm again that is in quarantine because it changed its state too often")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .argument("<alarm>", "its name, as `gonogo release show` has it")
    .requiredOption("--reason <words>", "why; kept in the record", words)
    .option(...KEY_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  gonogo release lift REL-1 Api5xx --reason "the probe behind it is mended"',
    )
    .action(async (id: string, alarm: string, { reason, key }: Options, self: Command) =>
      run(self, (session) => {
        const command: PersonCommand = { type: "LiftQuarantine", alarm };
        return ask(session, { release: id, command, reason, key, done: `${alarm} is believed again` });
      }),
    );
}
