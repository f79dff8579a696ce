import type { BundleSource } from "@gonogo/core/audit/make-bundle";
import type { Command } from "commander";
import { EXIT, type Exit } from "../exit.ts";
import { quoted } from "../input/quote.ts";
import { collected, words } from "../input/values.ts";
import { run } from "../session.ts";

/** Texts may be erased while a bundle is made; then it is begun again. */
const MOST_TRIES = 3;

interface ExportOptions {
  readonly out: string;
  readonly release?: readonly string[];
  readonly force?: true;
}

/** `gonogo audit export`: everything that an auditor needs, in one file. */
export function addBundleExport(audit: Command): void {
  audit
    .command("export")
    .description("write the audit log into one file, which can be verified without a server")
    .requiredOption("--out <file>", "where to", words)
    .option("--release <id>", "only the records of this release; may be given again", collected(words))
    .option("--force", "overwrite a file that is there")
    .addHelpText(
      "after",
      `
Every record that a checkpoint has signed is in it, and none that was written later: what moved on since is
signed within ten minutes. All checkpoints and leaves are in it, whichever releases are chosen.

Examples:
  gonogo audit export --out audit.jsonl
  gonogo audit export --out one.jsonl --release REL-2025-06-04`,
    )
    .action(async (options: ExportOptions, command: Command) =>
      run(command, async ({ api, terminal }) => {
        const [{ bundleSource }, { bundleLines, ErasedMeanwhile }, { writeLines }] = await Promise.all([
          import("../input/bundle-source.ts"),
          import("@gonogo/core/audit/make-bundle"),
          import("../input/bundle-file.ts"),
        ]);
        const { out, release = "all", force } = options;
        const write = async (tries: number): Promise<[BundleSource, number]> => {
          const source = await terminal.during("reading what was signed", bundleSource(api));
          // What stays a gap with the newest checkpoint too is written down, for the verification to find.
          const lines = bundleLines(source, release, tries > 1 ? "refused" : "kept");
          try {
            return [source, await terminal.during("writing", writeLines(out, lines, force === true))];
          } catch (error) {
            if (!(error instanceof ErasedMeanwhile)) throw error;
            return await write(tries - 1);
          }
        };
        const [source, count] = await write(MOST_TRIES);
        const newest = source.checkpoints.at(-1)?.checkpoint;
        terminal.value({ written: out, lines: count, newest });
        terminal.say(`${out}: ${count} lines, as signed at ${newest?.at} over ${newest?.size} leaves`);
        terminal.next(`gonogo audit verify bundle ${quoted(out)} --key audit.pem`);
      }),
    );
}

interface VerifyOptions {
  readonly key: readonly string[];
  readonly against?: readonly string[];
}

/** `gonogo audit verify bundle`: the file and the public key, and nothing else. */
export function addBundleVerify(verify: Command): void {
  verify
    .command("bundle")
    .description("verify a file of `audit export`, here, by the public key alone")
    .argument("<file>", "the bundle; - is stdin")
    .requiredOption(
      "--key <pem>",
      "the public key, as you have it from elsewhere than the file; of a log whose key was changed any one of them",
      collected(words),
    )
    .option(
      "--against <file>",
      "an earlier bundle, or a checkpoint from the bucket: the log must go on from it",
      collected(words),
    )
    .addHelpText(
      "after",
      `
Names what is wrong by its class, with the first place where it shows: edited, removed, inserted, reordered,
truncated, deleted, beheaded, rewritten, spliced, key-changed, forked, cut, forged, unproved, malformed.
docs/operations.md says what each means. Without --against an old file passes as well as a new one: look at
when it was signed.

Examples:
  gonogo audit verify bundle audit.jsonl --key audit.pem
  gonogo audit verify bundle audit.jsonl --key audit.pem --against last-year.jsonl`,
    )
    .action(async (path: string, options: VerifyOptions, command: Command) =>
      run(command, async ({ terminal }): Promise<Exit> => {
        const [{ BundleVerifier }, { linesOf, readEarlier, readKey }] = await Promise.all([
          import("@gonogo/core/audit/verify-bundle"),
          import("../input/bundle-file.ts"),
        ]);
        const trusted = await Promise.all(options.key.map(readKey));
        const earlier = await Promise.all((options.against ?? []).map(readEarlier));
        const verifier = new BundleVerifier(trusted, earlier.flat());
        const work = async () => {
          for await (const line of linesOf(path)) await verifier.take(line);
          return await verifier.finish();
        };
        const verdict = await terminal.during("verifying", work());
        terminal.value(verdict);
        const { newest, keys, releases, records, found, ok } = verdict;
        if (ok) {
          const what = `${records} records of ${releases} ${releases === 1 ? "log" : "logs"}`;
          terminal.say(`${path}: ${terminal.paint("green", "whole")}, ${what}`);
          terminal.say(`signed at ${newest?.at} over ${newest?.size} leaves of ${newest?.origin}`);
          for (const { key, after } of keys.slice(1)) terminal.say(`from ${after} leaves on with ${key}`);
          return EXIT.ok;
        }
        for (const one of found.slice(0, MOST_SHOWN)) {
          const where = [
            `line ${one.line}`,
            ...(one.release === undefined ? [] : [one.release]),
            ...(one.seq === undefined ? [] : [`record ${one.seq}`]),
            ...(one.leaf === undefined ? [] : [`leaf ${one.leaf}`]),
            ...(one.checkpoint === undefined ? [] : [`checkpoint ${one.checkpoint}`]),
          ];
          terminal.say(`${path}: ${terminal.paint("red", one.class)} at ${where.join(", ")}: ${one.detail}`);
        }
        if (found.length > MOST_SHOWN) terminal.note(`and ${found.length - MOST_SHOWN} more: see --json`);
        terminal.note("Keep this file as it is, and compare it with an earlier one.");
        return EXIT.refused;
      }),
    );
}

const MOST_SHOWN = 20;
