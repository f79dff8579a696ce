import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { quoted } from "../input/quote.ts";
import { collected, wholeNumber, words } from "../input/values.ts";
import { once, run } from "../session.ts";
import { KEY_OPTION } from "./key.ts";

interface Options {
  readonly record: number;
  readonly field?: readonly string[];
  readonly only?: true;
  readonly reason: string;
  readonly key?: string;
}

/** `gonogo audit erase`: what people typed into a record, taken out of it for good. */
export function addErase(audit: Command): void {
  audit
    .command("erase")
    .description("have texts of a record erased; the chain, its anchors and bundles stay whole")
    .argument("<log>", "a release's id, or `deployment`")
    .requiredOption("--record <n>", "the record's number, as `gonogo audit log` has it", wholeNumber(1))
    .option(
      "--field <pointer>",
      "only this text, such as /reason or /event/note; may be given again",
      collected(words),
    )
    .option("--only", "not what repeats it in other records of the log")
    .requiredOption(
      "--reason <why>",
      "such as the number of the request. It stays on record: say nothing of the text",
      words,
    )
    .option("--dry-run", "only show which texts it would be; nothing is recorded")
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      `
For a Release Manager, a Data Protection Officer or a Privacy Officer. It is recorded at once, and the texts are
gone as soon as that record is signed, within fifteen minutes; it cannot be taken back. Reasons, notes, results,
reviews and messages can be erased, a plan and ids cannot. The reason of an erasure must not repeat the text.
What is in earlier bundles, in the archive or was sent to others is not changed: docs/operations.md has the list.

Examples:
  gonogo audit erase REL-2025-06-04 --record 17 --reason "request 4711" --dry-run
  gonogo audit erase REL-2025-06-04 --record 17 --field /reason --reason "request 4711"
  gonogo audit erase deployment --record 3 --reason "request 4711"`,
    )
    .action(async (log: string, options: Options, command: Command) =>
      run(command, async ({ api, terminal, dryRun }) => {
        const { record, field: fields, only = false, reason } = options;
        const asked = { record, ...(fields === undefined ? {} : { fields }), only, reason, dryRun };
        const result = await once(options.key, (key) => api.erase(log, asked, key));
        terminal.value({ log, ...result });
        const { status, seq, texts } = result;
        for (const { seq: at, pointer, text } of texts) {
          terminal.say(`record ${at} ${pointer}${text === undefined ? "" : `: ${text}`}`);
        }
        const count = texts.length === 1 ? "1 text" : `${texts.length} texts`;
        if (status === "not asked") terminal.note(`${count} would be erased; nothing is recorded`);
        else if (status === "erased") terminal.say(`erased; record ${seq} says so`);
        else
          terminal.say(
            `${count}: record ${seq} says that they are erased, and they are gone once it is signed`,
          );
        if (status !== "not asked") terminal.next(`gonogo audit log ${quoted(log)} --from ${seq}`);
        return EXIT.ok;
      }),
    );
}
