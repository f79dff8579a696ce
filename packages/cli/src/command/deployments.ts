import type { DeploymentEntry } from "@gonogo/client";
import { deploymentsCsv, deploymentsJsonLines } from "@gonogo/core/history/lines";
import { type Command, Option } from "commander";
import { quoted } from "../input/quote.ts";
import { moment, wholeNumber, words } from "../input/values.ts";
import { run, type Session } from "../session.ts";
import { table } from "../terminal/table.ts";
import { clock, day } from "../terminal/time.ts";

interface Options {
  readonly environment?: string;
  readonly component?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly csv?: true;
  readonly jsonl?: true;
}

/** `gonogo deployments …`: what was deployed where, by whom, and what was put back. */
export function addDeploymentsCommands(program: Command): void {
  program
    .command("deployments")
    .description("the log of deployments and rollbacks")
    .command("list")
    .description("what was deployed and put back, the newest first")
    .option("--environment <name>", "only there", words)
    .option("--component <id>", "only releases that changed it", words)
    .option("--from <moment>", "started then or later, such as 2026-03-01", moment)
    .option("--to <moment>", "started before", moment)
    .option("--limit <n>", "at most so many", wholeNumber(1, 100_000), 50)
    .addOption(
      new Option("--csv", "a table for spreadsheets, a row a component").conflicts(["jsonl", "json"]),
    )
    .addOption(new Option("--jsonl", "a line of JSON each").conflicts("json"))
    .addHelpText(
      "after",
      "\nExample:\n  gonogo deployments list --environment Production --from 2026-01-01 --csv",
    )
    .action(async (options: Options, command: Command) =>
      run(command, async (session) => {
        const { terminal } = session;
        const { items, names, next } = await terminal.during("asking", gather(session, options));
        const nameOf = (id: string) => names[id] ?? id;
        if (options.csv) terminal.raw(deploymentsCsv(items, nameOf));
        else if (options.jsonl) terminal.raw(deploymentsJsonLines(items));
        else {
          terminal.value({ items, names, ...(next === undefined ? {} : { next }) });
          if (items.length === 0) terminal.note("nothing was deployed");
          else terminal.say(lines(session, items, nameOf));
        }
        if (next !== undefined) terminal.note(`there are more: --limit ${options.limit * 2}`);
        const first = items[0];
        if (first !== undefined && !options.csv && !options.jsonl) {
          terminal.next(`gonogo release show ${quoted(first.release)}`);
        }
      }),
    );
}

/** The API refuses to give more at a time. */
const LONGEST_PAGE = 100;

/** Page by page; with a component a page may hold nothing and lead on. */
async function gather({ api }: Session, { limit, environment, component, from, to }: Options) {
  const items: DeploymentEntry[] = [];
  const names: Record<string, string> = {};
  let after: string | undefined;
  for (;;) {
    const page = await api.deployments({
      limit: Math.min(LONGEST_PAGE, limit - items.length),
      environment,
      component,
      from,
      to,
      after,
    });
    items.push(...page.items);
    Object.assign(names, page.names);
    const { next } = page;
    if (next === undefined || next === after) return { items, names };
    if (items.length >= limit) return { items, names, next };
    after = next;
  }
}

function lines({ terminal }: Session, items: readonly DeploymentEntry[], nameOf: (id: string) => string) {
  const { columns, paint } = terminal;
  const head = ["STARTED (UTC)", "RELEASE", "ENVIRONMENT", "OUTCOME", "VERSIONS", "BY"];
  const rows = items.map(({ startedAt, release, environment, outcome, components, operator }) => [
    `${day(startedAt)} ${clock(startedAt).slice(0, 5)}`,
    release,
    environment,
    paint(outcome === "deployed" ? "green" : outcome.startsWith("roll") ? "yellow" : "red", outcome),
    components.map(({ id, previous, version }) => `${id} ${previous ?? "?"} -> ${version ?? "?"}`).join(", "),
    operator === undefined ? "" : nameOf(operator),
  ]);
  return table([head.map((text) => paint("dim", text)), ...rows], { columns });
}
