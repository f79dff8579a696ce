import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { quoted } from "../input/quote.ts";
import { readTextFile } from "../input/text-file.ts";
import { words } from "../input/values.ts";
import { once, run, type Session } from "../session.ts";
import { KEY_OPTION } from "./key.ts";

interface Options {
  readonly reason: string;
  readonly from?: string;
  readonly dryRun?: true;
  readonly key?: string;
}

/** `gonogo release revise`: puts another plan in the place of a release's, before its start. */
export function addReviseCommand(release: Command): void {
  release
    .command("revise")
    .description("change the plan of a release that has not started; approvals of the one before are void")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .argument("<plan>", "the whole plan as it is to be, a YAML or JSON file; - is stdin")
    .requiredOption("--reason <words>", "why; kept in the record", words)
    .option("--from <digest>", "the plan that you read; without it, the one that the release has now", words)
    .option("--dry-run", "only show what would change and fall")
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  gonogo release revise REL-1 plan.yaml --reason "the watch was too short" --dry-run',
    )
    .action(async (id: string, path: string, options: Options, self: Command) =>
      run(self, async (session) => {
        const { text, name } = await readTextFile(path);
        const from = options.from ?? (await session.api.release(id)).planDigest;
        const request = { text, file: name, from, reason: options.reason };
        return options.dryRun
          ? await foresee(session, id, request)
          : await revise(session, id, request, options.key);
      }),
    );
}

type Request = Parameters<Session["api"]["revise"]>[1];

async function revise({ api, terminal }: Session, id: string, request: Request, key: string | undefined) {
  const result = await once(key, (own) => terminal.during("revising", api.revise(id, request, own)));
  terminal.value(result);
  const { revisions } = await api.release(id);
  const last = revisions[0];
  terminal.say(`${result.release} has revision ${last?.n ?? 1} of its plan; it stands at ${result.status}`);
  for (const change of last?.changes ?? []) terminal.say(`  ${change}`);
  for (const { kind, what, why } of last?.voided ?? []) terminal.note(`void: the ${kind} ${what}, ${why}`);
  terminal.next(`gonogo release show ${quoted(result.release)}`);
  return undefined;
}

async function foresee({ api, terminal }: Session, id: string, request: Request) {
  const foreseen = await terminal.during("asking", api.foreseeRevision(id, request));
  terminal.value(foreseen);
  if (!foreseen.ok) {
    terminal.note(`would be refused: ${foreseen.message}`);
    return EXIT.refused;
  }
  for (const line of foreseen.does) terminal.say(line);
  terminal.note("nothing was recorded");
  return undefined;
}
