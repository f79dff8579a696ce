import type { Instant } from "@gonogo/core/kit/instant";
import { PERIODS, type Period } from "@gonogo/core/measure/periods";
import { type Command, Option } from "commander";
import { moment, words } from "../input/values.ts";
import { run } from "../session.ts";
import { measureLines } from "../show/measures.ts";

interface Options {
  readonly from?: Instant;
  readonly to?: Instant;
  readonly by: Period;
  readonly component?: string;
  readonly environment?: string;
  readonly csv?: true;
}

/** `gonogo measures`: how releases went over time. */
export function addMeasuresCommand(program: Command): void {
  program
    .command("measures")
    .description("how releases went: frequency, lead time, failures, time to restore, rollbacks, gates")
    .option("--from <time>", "from this moment on, in UTC; unset: 30 days before --to", moment)
    .option("--to <time>", "before this moment; unset: now", moment)
    .addOption(new Option("--by <period>", "a line for each").choices(PERIODS).default("week"))
    .option("--component <id>", "only releases of this component", words)
    .option("--environment <name>", "only releases of this environment", words)
    .option("--csv", "as CSV, for a spreadsheet")
    .addHelpText("after", "\nExample:\n  gonogo measures --from 2025-01-01 --by month --csv > measures.csv")
    .action(async ({ csv, ...query }: Options, command: Command) =>
      run(command, async ({ api, terminal }) => {
        if (csv !== undefined) {
          const text = await terminal.during("measuring", api.measuresCsv(query));
          terminal.value({ csv: text });
          if (!terminal.json) terminal.raw(text);
          return undefined;
        }
        const measures = await terminal.during("measuring", api.measures(query));
        terminal.value(measures);
        terminal.say(measureLines(measures, terminal.paint, { columns: terminal.columns }));
        return undefined;
      }),
    );
}
