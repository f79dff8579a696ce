import { roundedUp, spoken } from "@gonogo/core/kit/duration";
import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { run } from "../session.ts";
import { table } from "../terminal/table.ts";
import { stamp } from "../terminal/time.ts";

/** `gonogo drills`: which ways back are due to be tried. */
export function addDrillsCommand(program: Command): void {
  program
    .command("drills")
    .description("which ways back are due to be drilled, and how long each took last")
    .addHelpText("after", "\nExits with 1 while one is overdue.\n\nExample:\n  gonogo drills")
    .action(async (_: object, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const page = await terminal.during("asking", api.drills());
        terminal.value(page);
        const { columns, paint } = terminal;
        const rows = page.items.map(({ component, environment, every, last, due, overdue }) => [
          paint(overdue ? "red" : "green", overdue ? "overdue" : "fine"),
          component,
          environment,
          `every ${spoken(every)}`,
          due === undefined ? "never tried" : `due ${stamp(due)}`,
          last === undefined ? "" : `${last.release}: back in ${spoken(roundedUp(last.took))}`,
        ]);
        if (rows.length === 0) terminal.note("no plan says where its way back is tried: see rehearse");
        else terminal.say(table(rows, { columns }));
        terminal.next("gonogo release rehearse plan.yaml");
        return page.items.some(({ overdue }) => overdue) ? EXIT.refused : EXIT.ok;
      }),
    );
}
