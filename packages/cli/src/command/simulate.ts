import type { SimulationRequest, SimulationResult } from "@gonogo/client";
import type { Status } from "@gonogo/core/release/state";
import { type Command, Option } from "commander";
import { EXIT, type Exit } from "../exit.ts";
import { ALARM_FORMS, parseAlarm, type TriedAlarm } from "../input/alarm.ts";
import { quoted } from "../input/quote.ts";
import { readTextFile } from "../input/text-file.ts";
import { collected, wholeNumber } from "../input/values.ts";
import { run } from "../session.ts";
import { namesOf } from "../show/names.ts";
import { recordLines } from "../show/records.ts";
import { statusStyle } from "../show/status.ts";
import { between, fromT } from "../terminal/time.ts";
import { expectOption } from "./expect.ts";

interface Options {
  readonly alarm?: readonly TriedAlarm[];
  readonly people?: "punctual" | "absent";
  readonly seed?: number;
  readonly expect?: Status;
}

/** `gonogo simulate`: the whole release on a virtual clock, and what came of it. */
export function addSimulateCommand(program: Command): void {
  program
    .command("simulate")
    .description("run a plan on a virtual clock and show what would happen")
    .argument("<plan>", "a YAML or JSON file; - is stdin")
    .option(
      "--alarm <name@offset[/duration]>",
      "an alarm that fires; may be given again",
      collected(parseAlarm),
    )
    .addOption(new Option("--people <how>", "who answers").choices(["punctual", "absent"]))
    .option("--seed <n>", "for what is left to chance: the same seed, the same run", wholeNumber(0))
    .addOption(expectOption())
    .addHelpText(
      "after",
      `
An alarm is written ${ALARM_FORMS}.

Examples:
  gonogo simulate plan.yaml
  gonogo simulate plan.yaml --alarm API5xxAlarm@T+17m --expect rolled-back
  gonogo simulate plan.yaml --people absent --json | jq -r .status`,
    )
    .action(async (path: string, options: Options, command: Command) =>
      run(command, async ({ api, terminal }): Promise<Exit> => {
        const { text, name } = await readTextFile(path);
        const result = await terminal.during("simulating", api.simulate(requestOf(text, name, options)));
        terminal.value(result);
        const { view, records } = result;
        const shown = { records, names: namesOf(view), people: {}, t: view.t ?? view.plannedT, audit: false };
        const { columns, paint } = terminal;
        terminal.say([...recordLines(shown, paint, { columns }), ...endLines(result)]);
        terminal.note(terminal.paintError(statusStyle(result.status), `${name}: ${result.status}`));
        const well = isExpected(result.status, options.expect);
        if (path !== "-") terminal.next(`gonogo ${well ? "release start" : "plan preview"} ${quoted(path)}`);
        return well ? EXIT.ok : EXIT.endedOtherwise;
      }),
    );
}

function requestOf(text: string, file: string, { alarm, people, seed }: Options): SimulationRequest {
  return {
    text,
    file,
    ...(alarm === undefined ? {} : { alarms: alarm }),
    ...(people === undefined ? {} : { people }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** A release that only waits for its review has gone well. */
function isExpected(status: Status, expected: Status | undefined): boolean {
  return expected === undefined ? status === "completed" || status === "reviewing" : status === expected;
}

function endLines({ view, status, from, to, wallMs, records, verified }: SimulationResult): string[] {
  const why = view.why ?? view.rollback?.cause;
  const chain = verified ? "their chain holds" : "THEIR CHAIN DOES NOT HOLD";
  const waits = view.waitsFor.map(({ what, who }) => `  waits for ${who.join(" or ") || "time"}: ${what}`);
  return [
    "",
    `${status} at ${fromT(view.t ?? view.plannedT, to)}${why === undefined ? "" : `: ${why}`}`,
    ...waits,
    ...(view.rollback?.left ?? []).map((left) => `  left to put back: ${left}`),
    `${between(from, to)} in ${Math.round(wallMs)} ms; ${records.length} records, ${chain}`,
  ];
}
