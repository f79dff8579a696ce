import type { Page, ReleaseSummary } from "@gonogo/client";
import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { quoted } from "../input/quote.ts";
import { readTextFile } from "../input/text-file.ts";
import { wholeNumber, words } from "../input/values.ts";
import { once, run, type Session } from "../session.ts";
import { checkLines } from "../show/checks.ts";
import { listLines } from "../show/list.ts";
import { releaseLines } from "../show/release.ts";
import { addAnswerCommands } from "./answer.ts";
import { addAttestCommand } from "./attest.ts";
import { addCopyCommand } from "./copy.ts";
import { addDecideCommands } from "./decide.ts";
import { addEvidenceCommand } from "./evidence.ts";
import { addExportCommand } from "./export.ts";
import { addHypercareCommand, addIncidentCommands } from "./incident.ts";
import { KEY_OPTION } from "./key.ts";
import { addReviewCommand } from "./review.ts";
import { addReviseCommand } from "./revise.ts";
import { addSteerCommands } from "./steer.ts";
import { addWatchCommand } from "./watch.ts";

/** `gonogo release …`: begin, follow, steer and answer a release. */
export function addReleaseCommands(program: Command): void {
  const release = program.command("release").description("start, follow, steer and answer releases");
  release.commandsGroup("Follow:");
  addStart(release);
  addReviseCommand(release);
  addRehearse(release);
  addList(release);
  addShow(release);
  addChecks(release);
  addWatchCommand(release);
  addExportCommand(release);
  addCopyCommand(release);
  addEvidenceCommand(release);
  addAttestCommand(release);
  release.commandsGroup("Steer:");
  addSteerCommands(release);
  release.commandsGroup("Answer:");
  addAnswerCommands(release);
  addDecideCommands(release);
  addReviewCommand(release);
  addHypercareCommand(release);
  addIncidentCommands(release);
}

function addStart(release: Command): void {
  release
    .command("start")
    .description("submit a plan, and so begin its release: the gates open to answers")
    .argument("<plan>", "a YAML or JSON file; - is stdin")
    .option(...KEY_OPTION)
    .addHelpText("after", "\nExample:\n  gonogo release start plan.yaml")
    .action(async (path: string, options: { key?: string }, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const { text, name } = await readTextFile(path);
        const plan = { text, file: name };
        const result = await once(options.key, (key) => terminal.during("submitting", api.submit(plan, key)));
        terminal.value(result);
        terminal.say(`${result.release} is submitted; it stands at ${result.status}`);
        const id = quoted(result.release);
        terminal.next(`gonogo release watch ${id}`, `gonogo release show ${id}`);
      }),
    );
}

interface ListOptions {
  readonly ended?: true;
  readonly all?: true;
  readonly limit: number;
  readonly after?: string;
}

function addList(release: Command): void {
  release
    .command("list")
    .description("the releases that are under way, the newest first")
    .option("--ended", "those that are over instead")
    .option("--all", "both")
    .option("--limit <n>", "at most so many", wholeNumber(1, 10_000), 20)
    .option("--after <cursor>", "go on behind an earlier list: its `next` in --json")
    .addHelpText("after", "\nExample:\n  gonogo release list --ended --limit 5")
    .action(async (options: ListOptions, command: Command) =>
      run(command, async (session) => {
        const { terminal } = session;
        const page = await terminal.during("asking", gather(session, options));
        terminal.value(page);
        const { columns, paint } = terminal;
        const which = options.all ? "" : options.ended ? "ended " : "active ";
        if (page.items.length === 0) terminal.note(`there are no ${which}releases`);
        else terminal.say(listLines(page.items, paint, { columns }));
        if (page.next !== undefined) terminal.note(`there are more: --limit ${options.limit * 2}`);
        const first = page.items[0];
        if (first !== undefined) terminal.next(`gonogo release show ${quoted(first.id)}`);
        else
          terminal.next(
            options.ended || options.all ? "gonogo release start plan.yaml" : "gonogo release list --ended",
          );
      }),
    );
}

/** The API refuses to give more at a time. */
const LONGEST_PAGE = 100;

/** Page by page: the API may give fewer at a time than were asked for. */
async function gather({ api }: Session, options: ListOptions): Promise<Page<ReleaseSummary>> {
  const items: ReleaseSummary[] = [];
  let after = options.after;
  for (;;) {
    const page = await api.releases({
      limit: Math.min(LONGEST_PAGE, options.limit - items.length),
      status: options.all ? "all" : options.ended ? "ended" : "active",
      ...(after === undefined ? {} : { after }),
    });
    items.push(...page.items);
    const { next } = page;
    if (next === undefined) return { items };
    // A page without items, or the same cursor again, would go on for ever.
    if (items.length >= options.limit || page.items.length === 0 || next === after) return { items, next };
    after = next;
  }
}

function addShow(release: Command): void {
  release
    .command("show")
    .description("where a release stands, what it waits for, and what you may do")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .addHelpText("after", "\nExample:\n  gonogo release show REL-2025-06-04")
    .action(async (id: string, _: object, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const view = await api.release(id);
        terminal.value(view);
        const { columns, paint } = terminal;
        terminal.say(releaseLines(view, paint, { columns }));
        const next = view.endedAt === undefined ? "watch" : "export";
        terminal.next(`gonogo release ${next} ${quoted(view.id)}`);
      }),
    );
}

function addChecks(release: Command): void {
  release
    .command("checks")
    .description("the checklist: what each probe saw, how old that is, and when it looks again")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .addHelpText(
      "after",
      "\nExits with 1 while a check does not hold.\n\nExample:\n  gonogo release checks REL-2025-06-04",
    )
    .action(async (id: string, _: object, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const view = await api.release(id);
        terminal.value(view.checklist);
        if (view.checklist.length === 0) terminal.note("the plan has no checklist");
        else terminal.say(checkLines(view, terminal.paint, { columns: terminal.columns }));
        terminal.next(`gonogo release show ${quoted(view.id)}`);
        return view.checklist.every(({ holds }) => holds) ? EXIT.ok : EXIT.refused;
      }),
    );
}

interface RehearseOptions {
  readonly to?: string;
  readonly environment?: string;
  readonly key?: string;
}

function addRehearse(release: Command): void {
  release
    .command("rehearse")
    .description("try a plan's way back on the counterparts of its targets, and measure it")
    .argument("<plan>", "a YAML or JSON file with `rehearse`; - is stdin")
    .option("--to <phase>", "the phase to go to before it is put back; unset, the last", words)
    .option("--environment <name>", "where; it has to be the plan's own", words)
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      "\nExample:\n  gonogo release rehearse plan.yaml --to phase-1 --environment staging",
    )
    .action(async (path: string, { key, to, environment }: RehearseOptions, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const { text, name } = await readTextFile(path);
        const request = {
          text,
          file: name,
          ...(to === undefined ? {} : { to }),
          ...(environment === undefined ? {} : { environment }),
        };
        const result = await once(key, (own) => terminal.during("submitting", api.rehearse(request, own)));
        terminal.value(result);
        terminal.say(`${result.release} goes to ${to ?? "the last phase"}, and back by itself`);
        terminal.next(`gonogo release watch ${quoted(result.release)}`, "gonogo drills");
      }),
    );
}
