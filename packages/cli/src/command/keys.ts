import type { KeyView } from "@gonogo/client";
import type { KeyScope } from "@gonogo/core/key/schema";
import { SCOPES } from "@gonogo/core/key/scopes";
import { fromMillis } from "@gonogo/core/kit/instant";
import { type Command, InvalidArgumentError } from "commander";
import { collected, length, words } from "../input/values.ts";
import { once, run, type Session } from "../session.ts";
import { table } from "../terminal/table.ts";
import { stamp } from "../terminal/time.ts";
import { KEY_OPTION } from "./key.ts";

const NINETY_DAYS = 90 * 86_400_000;

/** `gonogo key …`: what tools prove themselves with. */
export function addKeyCommands(program: Command): void {
  const keys = program
    .command("key")
    .description("the keys of tools: what each may be used for, and how long");
  addCreate(keys);
  addList(keys);
  addRevoke(keys);
}

interface Wanted {
  readonly scope: readonly KeyScope[];
  readonly role?: readonly string[];
  readonly expires?: number;
  readonly reason: string;
  readonly key?: string;
}

function addCreate(keys: Command): void {
  keys
    .command("create")
    .description("make a key for a tool, and show it this once; for the role Governance")
    .argument("<name>", "what the logs call the tool, such as ci-orders", words)
    .requiredOption("--scope <scope>", "what it may be used for; several times for several", collected(scope))
    .option("--role <role>", "a role that it holds in plans; several times for several", collected(words))
    .option("--expires <length>", "how long it is good, such as 30d; 90 days unless told", length)
    .requiredOption("--reason <words>", "what it is for", words)
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      `
Scopes:
${table(Object.entries(SCOPES).map(([name, about]) => [`  ${name}`, about])).join("\n")}

The key alone is on stdout. It is made here, and the server is told its digest only: nobody can show it again.

Example:
  gonogo key create ci-orders --scope release:write --role "Release Manager" --expires 30d --reason "the pipeline"`,
    )
    .action(async (name: string, wanted: Wanted, command: Command) =>
      run(command, async (session) => await create(session, name, wanted)),
    );
}

async function create({ api, terminal }: Session, name: string, wanted: Wanted): Promise<undefined> {
  const { scope: scopes, role: roles = [], expires = NINETY_DAYS, reason, key } = wanted;
  const expiresAt = fromMillis(Date.now() + expires);
  const asked = { name, scopes, roles, expiresAt, reason };
  const { token, ...made } = await once(key, (one) => terminal.during("asking", api.createKey(asked, one)));
  terminal.value({ ...made, token });
  terminal.note(
    `${made.id}, ${name}, until ${stamp(made.expiresAt)}. This is the only time that it is shown:`,
  );
  if (!terminal.json) terminal.raw(`${token}\n`);
  terminal.next("GONOGO_TOKEN=… gonogo whoami", "gonogo key list");
}

function addList(keys: Command): void {
  keys
    .command("list")
    .description("the keys that there are, and when each was last used")
    .option("--all", "those that are over, too")
    .addHelpText("after", "\nExample:\n  gonogo key list --all")
    .action(async ({ all }: { all?: true }, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const items = await terminal.during("asking", api.keys());
        const shown = items.filter(({ state }) => all === true || state === "good");
        terminal.value({ items: shown });
        if (shown.length === 0) terminal.say(all ? "there was never a key" : "there is no key that is good");
        else terminal.say(table(shown.map(row)));
        terminal.next('gonogo key revoke KEY --reason "WHY"');
      }),
    );
}

function row({ id, name, state, scopes, roles, expiresAt, lastUsed, byName, revoked }: KeyView): string[] {
  const until = revoked === undefined ? `until ${stamp(expiresAt)}` : `withdrawn ${stamp(revoked.at)}`;
  const used = lastUsed === undefined ? "never used" : `used ${stamp(lastUsed)}`;
  return [id, name, state, until, used, scopes.join(" "), roles.join(", ") || "no role", `by ${byName}`];
}

function addRevoke(keys: Command): void {
  keys
    .command("revoke")
    .description("withdraw a key: it opens nothing from this moment on")
    .argument("<key>", "its id, key_…; gonogo key list has it", words)
    .requiredOption("--reason <words>", "why", words)
    .option(...KEY_OPTION)
    .addHelpText("after", '\nExample:\n  gonogo key revoke key_0123456789ab --reason "it was in a log"')
    .action(async (id: string, { reason, key }: { reason: string; key?: string }, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const done = await once(key, (one) => terminal.during("asking", api.revokeKey(id, reason, one)));
        terminal.value(done);
        terminal.say(done.changed ? `${id} is withdrawn (record ${done.seq})` : `${id} was withdrawn before`);
        terminal.next("gonogo key list --all");
      }),
    );
}

function scope(text: string): KeyScope {
  if (Object.hasOwn(SCOPES, text)) return text as KeyScope;
  throw new InvalidArgumentError(`It is one of ${Object.keys(SCOPES).join(", ")}.`);
}
