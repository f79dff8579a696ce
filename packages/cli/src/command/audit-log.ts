import type { Command } from "commander";
import { EXIT, type Exit } from "../exit.ts";
import { Failure } from "../failure.ts";
import { words } from "../input/values.ts";
import { once, run } from "../session.ts";
import { addErase } from "./audit-erase.ts";
import { KEY_OPTION } from "./key.ts";

/** `gonogo audit status`, `key`, `rotate`, `forget` and `erase`: the log over all releases, and what is beside it. */
export function addAuditLogCommands(audit: Command): void {
  addStatus(audit);
  addKey(audit);
  addRotate(audit);
  addForget(audit);
  addErase(audit);
}

function addStatus(audit: Command): void {
  audit
    .command("status")
    .description("the log over all releases: what was signed of it, and when it was last verified")
    .addHelpText("after", "\nExample:\n  gonogo audit status")
    .action(async (_: object, command: Command) =>
      run(command, async ({ api, terminal }): Promise<Exit> => {
        const log = await api.audit();
        terminal.value(log);
        const { newest, verified, waiting, successions } = log;
        terminal.say(`${log.origin}: ${log.size} leaves`);
        const last = successions.at(-1)?.succession;
        if (last !== undefined) terminal.say(`its key was changed at ${last.at}, at ${last.size} leaves`);
        terminal.say(
          newest === undefined
            ? "nothing has been signed yet"
            : `signed at ${newest.checkpoint.at} over ${newest.checkpoint.size} leaves, root ${newest.checkpoint.root}`,
        );
        if (waiting > 0) terminal.say(`${waiting} ${waiting === 1 ? "log has" : "logs have"} moved on since`);
        if (verified === undefined) terminal.say("it has not been verified yet");
        else if (verified.found.length === 0) {
          terminal.say(`verified at ${verified.at}: ${terminal.paint("green", "whole")}`);
        } else {
          const [first] = verified.found;
          terminal.say(
            `verified at ${verified.at}: ${terminal.paint("red", first?.class ?? "")}: ${first?.detail}`,
          );
        }
        terminal.next("gonogo audit export --out audit.jsonl");
        return (verified?.found.length ?? 0) === 0 ? EXIT.ok : EXIT.refused;
      }),
    );
}

function addKey(audit: Command): void {
  audit
    .command("key")
    .description("the public key as the server names it, in PEM, with its fingerprint")
    .addHelpText(
      "after",
      `
Who audits the server does not take the key from it. On AWS:
  aws kms get-public-key --key-id alias/gonogo-production-audit --output text --query PublicKey \\
    | base64 -d | openssl pkey -pubin -inform DER -out audit.pem

Example:
  gonogo audit key > audit.pem`,
    )
    .action(async (_: object, command: Command) =>
      run(command, async ({ api, terminal }): Promise<Exit> => {
        const { key } = await api.audit();
        const { fromPem, keyId } = await import("@gonogo/core/audit/signature");
        const bytes = key === undefined ? undefined : fromPem(key);
        if (key === undefined || bytes === undefined) {
          throw new Failure({
            code: "audit.nothing-signed",
            exit: EXIT.refused,
            message: "nothing has been signed yet, so no key is known",
            hint: "Records are anchored and signed within ten minutes.",
          });
        }
        terminal.value({ key, fingerprint: keyId(bytes) });
        if (!terminal.json) terminal.raw(key);
        terminal.note(keyId(bytes));
        return EXIT.ok;
      }),
    );
}

function addRotate(audit: Command): void {
  audit
    .command("rotate")
    .description("have the log signed with a new key from now on; old files verify as before")
    .requiredOption("--reason <why>", "stays on record", words)
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      `
For a Release Manager or a Security Officer. The old key and the new one state together that the log goes on, and
who has either can verify all of it. On AWS a deployment changes the key: docs/operations.md has the steps.

Example:
  gonogo audit rotate --reason "who kept the machine has left"`,
    )
    .action(async ({ reason, key }: { reason: string; key?: string }, command: Command) =>
      run(command, async ({ api, terminal }): Promise<Exit> => {
        const changed = await once(key, (one) => api.changeAuditKey(reason, one));
        const { fromPem, keyId } = await import("@gonogo/core/audit/signature");
        const bytes = changed.key === undefined ? undefined : fromPem(changed.key);
        terminal.value({ ...changed, ...(bytes === undefined ? {} : { fingerprint: keyId(bytes) }) });
        const record = `record ${changed.seq} of the deployment says who asked`;
        terminal.say(
          bytes === undefined
            ? `asked for, and done with the next checkpoint; ${record}`
            : `the log goes on under ${keyId(bytes)}; ${record}`,
        );
        terminal.next("gonogo audit key > audit.pem");
        return EXIT.ok;
      }),
    );
}

function addForget(audit: Command): void {
  audit
    .command("forget")
    .description("have a person's name erased; the logs have their id alone, and stay whole")
    .argument("<person>", "their id, psn_…; `gonogo audit log <release> --json` has it beside the name")
    .requiredOption(
      "--reason <why>",
      "such as the number of the request; no name, for it stays on record",
      words,
    )
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      `
For a Release Manager, a Data Protection Officer or a Privacy Officer; everyone may have their own erased. It
cannot be taken back, and the name is not remembered again. What people wrote into reasons, notes and reviews is
erased by \`gonogo audit erase\`.

Example:
  gonogo audit forget psn_0123456789abcdef0123 --reason "request 4711"`,
    )
    .action(async (person: string, options: { reason: string; key?: string }, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const result = await once(options.key, (key) => api.forget(person, options.reason, key));
        terminal.value({ person, ...result });
        terminal.say(`the name of ${person} is erased; record ${result.seq} of the deployment says so`);
        terminal.next("gonogo audit status");
        return EXIT.ok;
      }),
    );
}
