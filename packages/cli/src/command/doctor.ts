import type { Examination } from "@gonogo/client";
import type { Condition, Finding } from "@gonogo/core/doctor/schema";
import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { run } from "../session.ts";
import { count } from "../show/event.ts";
import type { Paint } from "../terminal/paint.ts";
import { table } from "../terminal/table.ts";

const MARKS: Record<Condition, readonly [mark: string, style: Parameters<Paint>[0]]> = {
  ill: ["ILL", "red"],
  warning: ["look", "yellow"],
  unknown: ["?", "dim"],
  well: ["well", "green"],
};

/** `gonogo doctor`: whether a deployment is whole, and what to do where it is not. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("look a deployment over: table, stream, rules, functions, secrets, clock, active releases")
    .option("--all", "name what is well, too")
    .addHelpText(
      "after",
      "\nNothing is changed. Exit code 1 when something is ill.\n\nExample:\n  gonogo doctor --server https://gonogo.example.com",
    )
    .action(async ({ all = false }: { all?: boolean }, command: Command) =>
      run(command, async ({ api, terminal, settings }) => {
        const found = await api.doctor();
        terminal.value(found);
        terminal.say(lines(found, all, terminal.paint, terminal.columns));
        const isIll = found.findings.some(({ condition }) => condition === "ill");
        if (!isIll) terminal.note(`${settings.server} is fit to run releases`);
        return isIll ? EXIT.refused : EXIT.ok;
      }),
    );
}

function lines({ findings }: Examination, all: boolean, paint: Paint, columns: number | undefined): string[] {
  const shown = findings.filter(({ condition }) => all || condition !== "well");
  const well = findings.filter(({ condition }) => condition === "well").length;
  const rest = all || well === 0 ? [] : [`${count(well, "part")} found well; --all names them`];
  const rows = shown.flatMap(rowsOf(paint));
  return [...table(rows, { columns }), ...rest];
}

function rowsOf(paint: Paint): (finding: Finding) => string[][] {
  return ({ part, condition, says, remedy }) => {
    const [mark, style] = MARKS[condition];
    return [[paint(style, mark), part, says], ...(remedy === undefined ? [] : [["", "", `-> ${remedy}`]])];
  };
}
