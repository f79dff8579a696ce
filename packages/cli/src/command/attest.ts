import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { EXIT, type Exit } from "../exit.ts";
import { Failure } from "../failure.ts";
import { words } from "../input/values.ts";
import { run } from "../session.ts";

interface Options {
  readonly key?: string;
  readonly out?: string;
}

/** `gonogo release attest`: what is signed about a release that is over, for other tools to check. */
export function addAttestCommand(release: Command): void {
  release
    .command("attest")
    .description("the signed statement about a release that is over (in-toto, in a DSSE envelope)")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .option("--key <pem>", "check it with this public key", words)
    .option("--out <file>", "write the envelope into this file", words)
    .addHelpText(
      "after",
      `
It holds the plan's digest, who approved it, the verdicts, the outcome, and the head of the log. Other tools
verify it too: cosign verify-blob-attestation --key audit.pem, or any library for DSSE.

Example:
  gonogo release attest REL-2025-06-04 --key audit.pem --out REL-2025-06-04.intoto.json`,
    )
    .action(async (id: string, options: Options, command: Command) =>
      run(command, async ({ api, terminal }): Promise<Exit> => {
        const attested = await api.attestation(id);
        const checked = options.key === undefined ? undefined : await check(attested.envelope, options.key);
        if (options.out === undefined) terminal.value(attested.envelope);
        else {
          writeFileSync(options.out, `${JSON.stringify(attested.envelope)}\n`);
          terminal.value({ written: options.out, ...attested });
        }
        if (options.out === undefined && !terminal.json)
          terminal.raw(`${JSON.stringify(attested.envelope)}\n`);
        const proved = checked === undefined ? "not checked: name the key with --key" : "signed by that key";
        terminal.note(`${id}, up to record ${attested.seq}: ${proved}`);
        return EXIT.ok;
      }),
    );
}

async function check(envelope: unknown, path: string): Promise<unknown> {
  const [{ Envelope, openEnvelope }, { readKey }] = await Promise.all([
    import("@gonogo/core/audit/attestation"),
    import("../input/bundle-file.ts"),
  ]);
  const key = await readKey(path);
  const parsed = Envelope.safeParse(envelope);
  const statement = parsed.success ? await openEnvelope(key, parsed.data) : undefined;
  if (statement !== undefined) return statement;
  const named = parsed.success ? parsed.data.signatures.map(({ keyid }) => keyid) : [];
  const signers = named.length > 0 ? `, but says that it is by ${named.join(" and ")}` : "";
  throw new Failure({
    code: "attestation.forged",
    exit: EXIT.refused,
    message: `the statement is not signed by that key${signers}`,
    hint: "Was the log's key changed? `audit verify bundle` says which keys follow on yours; check it with the one that is named. If it is none of them, keep the statement as it is, and tell who keeps the key.",
  });
}
