import { roundedUp, spoken } from "@gonogo/core/kit/duration";
import type { Problem } from "@gonogo/core/kit/problem";
import { hasErrors } from "@gonogo/core/kit/problem";
import type { Command } from "commander";
import { EXIT, type Exit } from "../exit.ts";
import { quoted } from "../input/quote.ts";
import { readTextFile, readTextFiles, STDIN_NAME } from "../input/text-file.ts";
import { run } from "../session.ts";
import { matrixLines } from "../show/matrix.ts";
import { previewLines } from "../show/preview.ts";
import { problemCount, problemLines } from "../show/problems.ts";
import { stamp } from "../terminal/time.ts";

/** `gonogo plan …`: what can be done with a plan before anything is released. */
export function addPlanCommands(program: Command): void {
  const plan = program.command("plan").description("write, check and look at a plan");
  addImport(plan);
  addLint(plan);
  addPreview(plan);
  addMatrix(plan);
  addSchema(plan);
}

function addImport(plan: Command): void {
  plan
    .command("import")
    .description(
      "make a plan of a runbook and a release plan in Markdown; the plan is on stdout, findings on stderr",
    )
    .argument("<documents...>", "Markdown files; - is stdin")
    .addHelpText("after", "\nExample:\n  gonogo plan import runbook.md release-plan.md > plan.yaml")
    .action(async (paths: string[], _: object, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const documents = await readTextFiles(paths);
        const imported = await terminal.during("reading the documents", api.import(documents));
        terminal.note(problemLines(imported.problems, terminal.paintError));
        terminal.value(imported);
        if (!terminal.json && imported.yaml !== undefined) terminal.raw(withLineEnd(imported.yaml));
        const ok = imported.ok && imported.yaml !== undefined;
        terminal.note(
          `${problemCount(imported.problems)}${ok ? "" : "; there is no plan until the errors are put right"}`,
        );
        if (ok) terminal.next("gonogo plan lint plan.yaml", "gonogo plan preview plan.yaml");
        else terminal.next(`gonogo plan import ${shown(paths)} > plan.yaml`);
        return ok ? EXIT.ok : EXIT.refused;
      }),
    );
}

function addLint(plan: Command): void {
  plan
    .command("lint")
    .description("check a plan; every problem with its line")
    .argument("<plan>", "a YAML or JSON file; - is stdin")
    .addHelpText("after", "\nExample:\n  gonogo plan lint plan.yaml")
    .action(async (path: string, _: object, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const { text, name } = await readTextFile(path);
        const checked = await terminal.during("checking", api.check({ text, file: name }));
        terminal.value(checked);
        if (checked.problems.length > 0) terminal.say(problemLines(checked.problems, terminal.paint));
        const digest = checked.digest === undefined ? "" : `; digest ${checked.digest}`;
        terminal.note(`${name}: ${problemCount(checked.problems)}${digest}`);
        if (checked.governed !== undefined) {
          terminal.note(`with what the policy fills in, its digest is ${checked.governed.digest}`);
        }
        if (checked.ok)
          terminal.next(`gonogo plan preview ${shown([path])}`, `gonogo release start ${shown([path])}`);
        else terminal.next(`gonogo plan lint ${shown([path])}  (when it is put right)`);
        return checked.ok ? EXIT.ok : EXIT.refused;
      }),
    );
}

function addPreview(plan: Command): void {
  plan
    .command("preview")
    .description("the timeline, minute by minute, as it would run if everybody were punctual")
    .argument("<plan>", "a YAML or JSON file; - is stdin")
    .addHelpText("after", "\nExample:\n  gonogo plan preview plan.yaml")
    .action(async (path: string, _: object, command: Command) =>
      run(command, async ({ api, terminal }): Promise<Exit> => {
        const { text, name } = await readTextFile(path);
        const preview = await terminal.during("working out the timeline", api.preview({ text, file: name }));
        terminal.value(preview);
        const { columns } = terminal;
        if (preview.rows.length > 0) terminal.say(previewLines(preview.rows, terminal.paint, { columns }));
        if (preview.rollback !== undefined) {
          const { took, release, at } = preview.rollback;
          terminal.say(
            `A rollback took ${spoken(roundedUp(took))} when it was rehearsed: ${release}, ${stamp(at)}`,
          );
        }
        terminal.note(problemLines(preview.problems, terminal.paintError));
        if (failed(preview.problems, preview.rows.length)) {
          terminal.note(`${name}: ${problemCount(preview.problems)}`);
          terminal.next(`gonogo plan lint ${shown([path])}`);
          return EXIT.refused;
        }
        terminal.next(`gonogo simulate ${shown([path])}`, `gonogo release start ${shown([path])}`);
        return EXIT.ok;
      }),
    );
}

function addMatrix(plan: Command): void {
  plan
    .command("matrix")
    .description("what the plan does when it looks bad: back at once, who decides, what goes on")
    .argument("<plan>", "a YAML or JSON file; - is stdin")
    .addHelpText("after", "\nExample:\n  gonogo plan matrix plan.yaml")
    .action(async (path: string, _: object, command: Command) =>
      run(command, async ({ api, terminal }): Promise<Exit> => {
        const { text, name } = await readTextFile(path);
        const matrix = await terminal.during("reading the plan", api.matrix({ text, file: name }));
        terminal.value(matrix);
        const { columns } = terminal;
        if (matrix.rows.length > 0) terminal.say(matrixLines(matrix.rows, terminal.paint, { columns }));
        else terminal.note(`${name}: it has no triggers; only a person can stop it`);
        terminal.next(`gonogo plan preview ${shown([path])}`);
        return EXIT.ok;
      }),
    );
}

function addSchema(plan: Command): void {
  plan
    .command("schema")
    .description("the JSON Schema of a plan, for editors")
    .addHelpText(
      "after",
      "\nExample:\n  gonogo plan schema > plan.schema.json\n  # and as the first line of plan.yaml:\n  # yaml-language-server: $schema=plan.schema.json",
    )
    .action(async (_: object, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const schema = await api.planSchema();
        terminal.value(schema);
        if (!terminal.json) terminal.raw(`${JSON.stringify(schema, null, 2)}\n`);
        terminal.next("begin plan.yaml with:  # yaml-language-server: $schema=plan.schema.json");
      }),
    );
}

function failed(problems: readonly Problem[], rows: number): boolean {
  return hasErrors(problems) || rows === 0;
}

function withLineEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** The paths as they would be typed again; what came from a pipe has no name. */
function shown(paths: readonly string[]): string {
  return paths.map((path) => (path === "-" || path === STDIN_NAME ? "plan.yaml" : quoted(path))).join(" ");
}
