import type { OwedItem } from "@gonogo/client";
import type { Command } from "commander";
import { misuse } from "../failure.ts";
import { quoted } from "../input/quote.ts";
import { words } from "../input/values.ts";
import { once, run, type Session } from "../session.ts";
import { obligationLines } from "../show/obligations.ts";
import { statusStyle } from "../show/status.ts";
import { KEY_OPTION } from "./key.ts";

interface ListOptions {
  readonly all?: true;
  readonly mine?: true;
  readonly role?: string;
  readonly component?: string;
}

interface CompleteOptions {
  readonly note?: string;
  readonly evidence?: string;
  readonly key?: string;
}

/** `gonogo obligations`: what people owe once the traffic has moved. */
export function addObligationCommands(program: Command): void {
  const obligations = program.command("obligations").description("what people owe after a release");
  obligations
    .command("list")
    .description("what is owed, of the newest releases first")
    .option("--all", "what is done as well")
    .option("--mine", "only what is for a role that you hold")
    .option("--role <role>", "only what is for this role", words)
    .option("--component <id>", "only of releases of this component", words)
    .addHelpText("after", "\nExample:\n  gonogo obligations list --mine")
    .action(async (options: ListOptions, command: Command) =>
      run(command, async (session) => {
        const { terminal } = session;
        const items = await terminal.during("looking", found(session, options));
        terminal.value({ items });
        if (items.length === 0) terminal.say("nothing is owed");
        else terminal.say(obligationLines(items, terminal.paint, terminal));
        const first = items.find(({ open, closedBy }) => open && closedBy === "person");
        if (first !== undefined) {
          terminal.next(
            `gonogo obligations complete ${quoted(first.release)} ${quoted(first.id)} --note "…"`,
          );
        }
      }),
    );
  obligations
    .command("complete")
    .description("say that something owed is done, and how that can be seen")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .argument("<obligation>", "its id, as the list shows it")
    .option("--note <words>", "what was done", words)
    .option("--evidence <where>", "where that can be seen", words)
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      "\nExample:\n  gonogo obligations complete REL-1 merge-back --evidence https://git.example.com/mr/7",
    )
    .action(async (release: string, obligation: string, options: CompleteOptions, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const { note, evidence, key } = options;
        if (note === undefined && evidence === undefined) {
          throw misuse("obligation", "nothing says that it is done", "Give --note or --evidence.");
        }
        const proof = {
          ...(note === undefined ? {} : { note }),
          ...(evidence === undefined ? {} : { evidence }),
        };
        const result = await once(key, (used) =>
          terminal.during("asking", api.completeObligation(release, obligation, proof, used)),
        );
        terminal.value(result);
        const status = terminal.paint(statusStyle(result.status), result.status);
        terminal.say(
          `${result.release}: ${obligation} is done; it stands at ${status} (record ${result.seq})`,
        );
        terminal.next("gonogo obligations list");
      }),
    );
}

/** All pages, of open releases and with `--all` of closed ones too. */
async function found({ api }: Session, options: ListOptions): Promise<OwedItem[]> {
  const { role, component } = options;
  const mine = options.mine === undefined ? undefined : (await api.me()).roles;
  const items: OwedItem[] = [];
  for (const open of options.all === undefined ? (["true"] as const) : (["true", "false"] as const)) {
    let after: string | undefined;
    do {
      const page = await api.obligations({
        open,
        limit: 100,
        ...(role === undefined ? {} : { role }),
        ...(component === undefined ? {} : { component }),
        ...(after === undefined ? {} : { after }),
      });
      items.push(...page.items);
      after = page.next === after ? undefined : page.next;
    } while (after !== undefined);
  }
  return items
    .filter((one) => mine === undefined || mine.includes(one.role))
    .toSorted((a, b) => Number(b.open) - Number(a.open) || a.due.localeCompare(b.due));
}
