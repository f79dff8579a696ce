import type { Command } from "commander";
import { words } from "../input/values.ts";
import { once, run } from "../session.ts";
import { table } from "../terminal/table.ts";
import { stamp } from "../terminal/time.ts";
import { KEY_OPTION } from "./key.ts";

interface Lending {
  readonly role: string;
  readonly to: string;
  readonly from?: string;
  readonly until: string;
  readonly reason: string;
  readonly key?: string;
}

/** `gonogo delegation …`: who speaks in whose place, for every release and for a time. */
export function addDelegationCommands(program: Command): void {
  const delegation = program
    .command("delegation")
    .description("lend a role that you hold to somebody else, for every release and for a time");
  addAdd(delegation);
  addList(delegation);
  addWithdraw(delegation);
}

function addAdd(delegation: Command): void {
  delegation
    .command("add")
    .description("let somebody sign and vote in your place; the two of you count once")
    .requiredOption("--role <role>", "a role that you hold", words)
    .requiredOption("--to <id>", "their id, as `gonogo whoami` shows it to them", words)
    .requiredOption("--until <time>", "when it ends (UTC), at most 90 days from now", words)
    .option("--from <time>", "when it begins; without it, at once", words)
    .requiredOption("--reason <words>", "why; kept in the record", words)
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  gonogo delegation add --role CTO --to psn_… --until 2026-03-20T18:00Z --reason "on leave"',
    )
    .action(async (_: Lending, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const { key, role, to, from, until, reason } = command.opts<Lending>();
        const request = { role, to, until, reason, ...(from === undefined ? {} : { from }) };
        const result = await once(key, (own) => terminal.during("asking", api.delegate(request, own)));
        terminal.value(result);
        terminal.say(`${request.to} speaks as ${request.role} for you until ${request.until}`);
        terminal.next("gonogo delegation list");
      }),
    );
}

function addList(delegation: Command): void {
  delegation
    .command("list")
    .description("the delegations that are not over")
    .addHelpText("after", "\nExample:\n  gonogo delegation list")
    .action(async (_: object, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const list = await terminal.during("asking", api.delegations());
        terminal.value(list);
        const name = (id: string) => list.names[id] ?? id;
        const head = ["ID", "ROLE", "FROM", "TO", "SINCE", "UNTIL (UTC)", "WHY"].map((word) =>
          terminal.paint("dim", word),
        );
        const rows = list.items.map(({ id, role, from, to, since, until, reason }) => {
          return [id, role, name(from), name(to), stamp(since), stamp(until), reason];
        });
        if (rows.length === 0) terminal.note("no role is delegated for every release");
        else terminal.say(table([head, ...rows], { columns: terminal.columns }));
      }),
    );
}

function addWithdraw(delegation: Command): void {
  delegation
    .command("withdraw")
    .description("end a delegation before its time; what was signed until then stands")
    .argument("<delegation>", "its id, as `gonogo delegation list` has it")
    .requiredOption("--reason <words>", "why; kept in the record", words)
    .option(...KEY_OPTION)
    .addHelpText("after", '\nExample:\n  gonogo delegation withdraw delegation-3 --reason "back again"')
    .action(async (id: string, { reason, key }: { reason: string; key?: string }, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const result = await once(key, (own) =>
          terminal.during("asking", api.withdrawDelegation(id, reason, own)),
        );
        terminal.value(result);
        terminal.say(`${id} is withdrawn (record ${result.seq})`);
        terminal.next("gonogo delegation list");
      }),
    );
}
