import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Document } from "@gonogo/client";
import { type Command, Option } from "commander";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";
import { quoted } from "../input/quote.ts";
import { words } from "../input/values.ts";
import { run, type Session } from "../session.ts";
import { allRecords } from "./records.ts";

interface Options {
  readonly as: "markdown" | "json" | "yaml" | "incident";
  readonly out?: string;
  readonly force?: true;
}

/** `gonogo release export`: what is left of a release, for the archive. */
export function addExportCommand(release: Command): void {
  release
    .command("export")
    .description("the completed documents, the whole record, or the plan as it was submitted")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .addOption(
      new Option(
        "--as <format>",
        "markdown: the documents; json: everything, with its audit log; yaml: the plan; incident: the incident's report and the postmortem's date",
      )
        .choices(["markdown", "json", "yaml", "incident"])
        .default("markdown"),
    )
    .option("--out <dir>", "write files into this folder instead of stdout", words)
    .option("--force", "overwrite files that are there")
    .addHelpText(
      "after",
      `
Here --as is the format; who you are stands before the command: gonogo --as maya release export …

Examples:
  gonogo release export REL-1 --out release-REL-1
  gonogo release export REL-1 --as json > REL-1.json && gonogo audit verify REL-1.json`,
    )
    .action(async (id: string, options: Options, command: Command) =>
      run(command, async (session) => {
        const { terminal } = session;
        const documents = await terminal.during("gathering", documentsOf(session, id, options.as));
        if (options.out === undefined) {
          terminal.value(
            documents.length === 1 && options.as === "json"
              ? JSON.parse(documents[0]?.text ?? "")
              : { documents },
          );
          if (!terminal.json) terminal.raw(joined(documents));
        } else {
          const written = writeAll(options.out, documents, options.force === true);
          terminal.value({ written });
          terminal.say(written);
        }
        terminal.next(`gonogo audit verify ${quoted(id)}`);
      }),
    );
}

async function documentsOf(
  session: Session,
  id: string,
  format: Options["as"],
): Promise<readonly Document[]> {
  const { api } = session;
  switch (format) {
    case "markdown": {
      const { documents } = await api.documents(id);
      if (documents.length > 0) return documents;
      const hint = `Try \`gonogo release export ${id} --as json\`.`;
      throw new Failure({
        code: "export.empty",
        exit: EXIT.refused,
        message: `${id} has no documents`,
        hint,
      });
    }
    case "incident": {
      const [{ document }, calendar] = await Promise.all([api.incident(id), api.postmortemCalendar(id)]);
      return [document, { name: `postmortem-${id}.ics`, text: calendar }];
    }
    case "yaml":
      return [{ name: `${id}.yaml`, text: withLineEnd(await api.planText(id)) }];
    case "json": {
      const [release, verification, { records, names }] = await Promise.all([
        api.release(id),
        api.verify(id),
        allRecords(session, id),
      ]);
      const everything = { release: id, view: release, verification, records, names };
      return [{ name: `${id}.json`, text: `${JSON.stringify(everything, null, 2)}\n` }];
    }
  }
}

/** One after the other; several are told apart by a comment that Markdown does not show. */
function joined(documents: readonly Document[]): string {
  if (documents.length === 1) return withLineEnd(documents[0]?.text ?? "");
  return documents.map(({ name, text }) => `<!-- ${name} -->\n\n${withLineEnd(text)}`).join("\n");
}

function withLineEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** Writes all, or nothing where one of them must not be written. Answers with the paths. */
function writeAll(folder: string, documents: readonly Document[], force: boolean): string[] {
  const refuse = (code: string, message: string, hint: string) =>
    new Failure({ code: `export.${code}`, exit: EXIT.refused, message, hint });
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw refuse("not-a-folder", `${folder}: this is a file`, "Name a folder with --out.");
  }
  const files = documents.map(({ name, text }) => {
    // A name from the server must not lead out of the folder that was chosen.
    if (!isPlainName(name)) throw refuse("name", `the server calls a document "${name}"`, "Leave out --out.");
    return { path: join(folder, name), text: withLineEnd(text) };
  });
  const there = files.find(({ path }) => existsSync(path));
  if (there !== undefined && !force) {
    throw refuse(
      "exists",
      `${there.path}: there is such a file already`,
      "Choose another --out, or add --force.",
    );
  }
  try {
    mkdirSync(folder, { recursive: true });
    for (const { path, text } of files) writeFileSync(path, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw refuse("unwritable", `${folder}: ${message}`, "Choose a folder that you may write to.");
  }
  return files.map(({ path }) => path);
}

function isPlainName(name: string): boolean {
  return name === basename(name) && !/^\.*$|[\\/:\p{Cc}]/u.test(name) && name.length <= 200;
}
