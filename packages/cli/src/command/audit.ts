import { statSync } from "node:fs";
import type { Verification } from "@gonogo/client";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import type { Command } from "commander";
import { EXIT, type Exit } from "../exit.ts";
import { readLog } from "../input/log-file.ts";
import { quoted } from "../input/quote.ts";
import { wholeNumber } from "../input/values.ts";
import { run, type Session } from "../session.ts";
import { NO_NAMES, namesOf } from "../show/names.ts";
import { recordLines } from "../show/records.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { addBundleExport, addBundleVerify } from "./audit-bundle.ts";
import { addAuditLogCommands } from "./audit-log.ts";
import { allRecords } from "./records.ts";
import { addRefusals } from "./refusals.ts";

/** `gonogo audit …`: what happened, and whether its record is whole. */
export function addAuditCommands(program: Command): void {
  const audit = program.command("audit").description("what happened, and whether the record of it is whole");
  addVerify(audit);
  addLog(audit);
  addBundleExport(audit);
  addAuditLogCommands(audit);
  addRefusals(audit);
}

function addVerify(audit: Command): void {
  const verify = audit
    .command("verify")
    .description("check a release's chain of records; a file is checked here, without a server")
    .argument(
      "<release-or-file>",
      "a release's id, a file of `release export --as json` or `audit log --json`, or -",
    )
    .addHelpText(
      "after",
      `
Names the first record that does not fit, and how: edited, removed, inserted, reordered, spliced, forked,
beheaded; and against what is anchored: truncated, deleted, rewritten. A server knows the anchors of its
releases, and a bundle has them with it; an export of one release has only where it stood then.

Examples:
  gonogo audit verify REL-2025-06-04
  gonogo audit verify REL-2025-06-04.json
  gonogo audit verify bundle audit.jsonl --key audit.pem`,
    )
    .action(async (what: string, _: object, command: Command) =>
      run(command, async ({ api, terminal }): Promise<Exit> => {
        if (!isFile(what)) {
          const result = await terminal.during("verifying", api.verify(what));
          return verdict(terminal, what, result, `gonogo audit log ${quoted(what)}`);
        }
        const { name, release, records, head } = await readLog(what);
        const { verifyLog } = await import("../input/verify-log.ts");
        const result = verifyLog(release, records, head);
        return verdict(terminal, `${name} (${release})`, result, `gonogo audit verify ${quoted(release)}`);
      }),
    );
  addBundleVerify(verify);
}

/** Whatever is there as a file, or is written like one. */
function isFile(what: string): boolean {
  if (what === "-" || /[\\/]|\.jsonl?$/i.test(what)) return true;
  return statSync(what, { throwIfNoEntry: false })?.isFile() ?? false;
}

function verdict(terminal: Terminal, what: string, result: Verification, next: string): Exit {
  terminal.value(result);
  if (result.ok) {
    const head = result.head === undefined ? "" : `; the last is ${result.head}`;
    terminal.say(`${what}: ${terminal.paint("green", "whole")}, ${result.records} records${head}`);
    const { anchored } = result;
    if (anchored !== undefined && anchored > 0) terminal.say(`anchored up to record ${anchored}`);
    else if (anchored === 0) terminal.note("nothing of it is anchored yet: it is within ten minutes");
    const { log } = result;
    if (log !== undefined)
      terminal.say(`the log over all releases: ${terminal.paint("red", log.class)}: ${log.detail}`);
    terminal.next(log === undefined ? next : "gonogo audit status");
    return log === undefined ? EXIT.ok : EXIT.refused;
  }
  const { found } = result;
  const place = found === undefined ? "" : ` at record ${found.seq}: ${found.detail}`;
  terminal.say(`${what}: ${terminal.paint("red", found?.class ?? "not whole")}${place}`);
  terminal.note("Keep this log as it is, and compare it with an earlier export.");
  terminal.next(next);
  return EXIT.refused;
}

async function aboutRelease({ api }: Session, id: string) {
  const view = await api.release(id);
  return { names: namesOf(view), t: view.t ?? view.plannedT };
}

function addLog(audit: Command): void {
  audit
    .command("log")
    .description("every record of a release, in order, or of the deployment's own log")
    .argument("<release>", "its id, such as REL-2025-06-04, or `deployment`")
    .option("--from <n>", "begin with record n", wholeNumber(1), 1)
    .addHelpText(
      "after",
      "\nExamples:\n  gonogo audit log REL-2025-06-04 --from 40\n  gonogo audit log deployment",
    )
    .action(async (id: string, { from }: { from: number }, command: Command) =>
      run(command, async (session) => {
        const { terminal } = session;
        const log = await terminal.during("reading the log", allRecords(session, id));
        const records = log.records.filter(({ seq }) => seq >= from);
        terminal.value({ release: id, records, names: log.names });
        if (records.length === 0) {
          terminal.note(`the log of ${id} ends with record ${log.records.length}`);
        } else if (!terminal.json) {
          const about =
            id === DEPLOYMENT ? { names: NO_NAMES, t: undefined } : await aboutRelease(session, id);
          const shown = { records, ...about, people: log.names, audit: true };
          terminal.say(recordLines(shown, terminal.paint, { columns: terminal.columns }));
        }
        terminal.next(id === DEPLOYMENT ? "gonogo audit status" : `gonogo audit verify ${quoted(id)}`);
      }),
    );
}
