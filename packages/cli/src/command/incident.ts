import type { Instant } from "@gonogo/core/kit/instant";
import { Argument, type Command } from "commander";
import { collected, moment, words } from "../input/values.ts";
import { run } from "../session.ts";
import { ask } from "./ask.ts";
import { DRY_RUN_OPTION, KEY_OPTION } from "./key.ts";

interface AnswerOptions {
  readonly result: string;
  readonly key?: string;
}

interface DeclareOptions {
  readonly summary: string;
  readonly component?: string[];
  readonly seen?: Instant;
  readonly key?: string;
}

/** `gonogo release hypercare`: what is looked at in the weeks after. */
export function addHypercareCommand(release: Command): void {
  release
    .command("hypercare")
    .description("answer a check of the hypercare, in the round that is open")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .argument("<check>", "its id, as `release show` has it")
    .addArgument(new Argument("<answer>", "how it is").choices(["pass", "fail"]))
    .requiredOption("--result <words>", "what was seen", words)
    .option(...KEY_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  gonogo release hypercare REL-1 error-logs pass --result "nothing new"',
    )
    .action(async (id: string, check: string, answer: string, options: AnswerOptions, self: Command) =>
      run(self, (session) => {
        const { result, key } = options;
        const command = { type: "AnswerHypercare", check, pass: answer === "pass", result } as const;
        return ask(session, { release: id, command, key, done: `${check} is answered` });
      }),
    );
}

/** `gonogo release incident` and `resolve`: harm that is mended forward. What is rolled back opens its own. */
export function addIncidentCommands(release: Command): void {
  release
    .command("incident")
    .description("say that a release does harm although nothing is put back: it is mended forward")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .requiredOption("--summary <words>", "what is wrong", words)
    .option("--component <id>", "what it is about; may be given again", collected(words))
    .option("--seen <time>", "when it was first seen, in UTC; unset: now", moment)
    .option(...KEY_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText("after", '\nExample:\n  gonogo release incident REL-1 --summary "prices are rounded down"')
    .action(async (id: string, options: DeclareOptions, self: Command) =>
      run(self, (session) => {
        const { summary, component, seen, key } = options;
        const command = {
          type: "DeclareIncident",
          summary,
          ...(component === undefined ? {} : { components: component }),
          ...(seen === undefined ? {} : { detectedAt: seen }),
        } as const;
        return ask(session, { release: id, command, key, done: "the incident is open" });
      }),
    );
  release
    .command("resolve")
    .description("say that the incident is over, and what ended it")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .requiredOption("--how <words>", "what mended it", words)
    .option(...KEY_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText("after", '\nExample:\n  gonogo release resolve REL-1 --how "REL-2 carries the fix"')
    .action(async (id: string, { how, key }: { how: string; key?: string }, self: Command) =>
      run(self, (session) =>
        ask(session, { release: id, command: { type: "ResolveIncident", how }, key, done: "it is resolved" }),
      ),
    );
}
