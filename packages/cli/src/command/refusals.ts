import type { RefusalEntry } from "@gonogo/client";
import { type Command, InvalidArgumentError } from "commander";
import { run } from "../session.ts";
import { table } from "../terminal/table.ts";
import { stamp } from "../terminal/time.ts";

/** `gonogo audit refusals`: who was refused what, from where, and how often. */
export function addRefusals(audit: Command): void {
  audit
    .command("refusals")
    .description("requests that were not let in, not allowed, or one too many, on a day")
    .option("--day <day>", "in UTC, such as 2026-03-01; today unless told", day)
    .addHelpText(
      "after",
      `
What a command to a release was refused is in the release's own log: gonogo audit log RELEASE.

Example:
  gonogo audit refusals --day 2026-03-01`,
    )
    .action(async ({ day: wanted }: { day?: string }, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const found = await terminal.during("asking", api.refusals(wanted));
        terminal.value(found);
        if (found.items.length === 0) terminal.say(`nobody was refused anything on ${found.day}`);
        else terminal.say(table(found.items.map((one) => row(one, found.names))));
        terminal.next("gonogo key list");
      }),
    );
}

function row(
  { status, code, route, who, network, count, last }: RefusalEntry,
  names: Readonly<Record<string, string>>,
): string[] {
  const by = who === undefined ? "nobody who is known" : (names[who] ?? who);
  return [stamp(last), String(status), code, route, by, network, count === 1 ? "once" : `${count} times`];
}

function day(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  throw new InvalidArgumentError("It is a day such as 2026-03-01.");
}
