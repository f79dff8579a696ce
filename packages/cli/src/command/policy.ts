import type { PolicyView } from "@gonogo/client";
import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { quoted } from "../input/quote.ts";
import { readTextFile } from "../input/text-file.ts";
import { words } from "../input/values.ts";
import { once, run } from "../session.ts";
import { problemCount, problemLines } from "../show/problems.ts";
import { table } from "../terminal/table.ts";
import { stamp } from "../terminal/time.ts";
import { KEY_OPTION } from "./key.ts";

/** `gonogo policy …`: what a deployment demands of its plans. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command("policy").description("what the deployment demands of every plan");
  addShow(policy);
  addCheck(policy);
  addSet(policy);
  addWithdraw(policy);
}

function addShow(policy: Command): void {
  policy
    .command("show")
    .description("the policy in force, in YAML, and those before it")
    .option("--digest <digest>", "another than the one in force", words)
    .option("--history", "who put which policy in force, when and why")
    .addHelpText("after", "\nExample:\n  gonogo policy show > policy.yaml")
    .action(async ({ digest, history }: { digest?: string; history?: true }, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const view = await terminal.during("asking", api.policy(digest));
        terminal.value(view);
        if (history) terminal.say(historyLines(view));
        else if (view.yaml === undefined) terminal.say("no policy is in force: plans are taken as they are");
        else if (!terminal.json) terminal.raw(view.yaml);
        if (view.inForce === null) terminal.next("gonogo policy check policy.yaml");
        else terminal.next("gonogo policy show --history");
      }),
    );
}

function historyLines({ history, inForce }: PolicyView): string[] {
  if (history.length === 0) return ["no policy was ever in force"];
  return table(
    history.map(({ digest, name, at, byName, reason, withdrawn }) => [
      stamp(at),
      digest.slice(7, 19),
      digest === inForce && withdrawn === undefined ? "in force" : "",
      name,
      byName,
      withdrawn === undefined
        ? reason
        : `${reason}; out of force ${stamp(withdrawn.at)}: ${withdrawn.reason}`,
    ]),
  );
}

function addCheck(policy: Command): void {
  policy
    .command("check")
    .description("check a policy without putting it in force; every problem with its line")
    .argument("<policy>", "a YAML or JSON file; - is stdin")
    .addHelpText("after", "\nExample:\n  gonogo policy check policy.yaml")
    .action(async (path: string, _: object, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const { text, name } = await readTextFile(path);
        const checked = await terminal.during("checking", api.checkPolicy({ text, file: name }));
        terminal.value(checked);
        if (checked.problems.length > 0) terminal.say(problemLines(checked.problems, terminal.paint));
        const digest = checked.digest === undefined ? "" : `; digest ${checked.digest}`;
        terminal.note(`${name}: ${problemCount(checked.problems)}${digest}`);
        if (checked.ok) terminal.next(`gonogo policy set ${quoted(path)} --reason "WHY"`);
        else terminal.next(`gonogo policy check ${quoted(path)}  (when it is put right)`);
        return checked.ok ? EXIT.ok : EXIT.refused;
      }),
    );
}

function addSet(policy: Command): void {
  policy
    .command("set")
    .description("put a policy in force for whatever is submitted from now on; for the role Governance")
    .argument("<policy>", "a YAML or JSON file; - is stdin")
    .requiredOption("--reason <words>", "why", words)
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  gonogo policy set policy.yaml --reason "two people since the incident"',
    )
    .action(async (path: string, { reason, key }: { reason: string; key?: string }, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const { text, name } = await readTextFile(path);
        const asked = { text, file: name, reason };
        const result = await once(key, (one) => terminal.during("asking", api.setPolicy(asked, one)));
        terminal.value(result);
        const how = result.changed ? "is in force" : "was in force already";
        terminal.say(`"${result.name}" ${how} (${result.digest.slice(7, 19)}, record ${result.seq})`);
        terminal.next("gonogo policy show --history", "gonogo plan lint plan.yaml");
      }),
    );
}

function addWithdraw(policy: Command): void {
  policy
    .command("withdraw")
    .description(
      "take the policy out of force; what was submitted under it keeps it; for the role Governance",
    )
    .requiredOption("--reason <words>", "why", words)
    .option(...KEY_OPTION)
    .addHelpText("after", '\nExample:\n  gonogo policy withdraw --reason "each team has its own now"')
    .action(async (_: object, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const { reason, key } = command.opts<{ reason: string; key?: string }>();
        const result = await once(key, (one) => terminal.during("asking", api.withdrawPolicy(reason, one)));
        terminal.value(result);
        terminal.say(`no policy is in force any more (record ${result.seq})`);
        terminal.next("gonogo policy show --history");
      }),
    );
}
