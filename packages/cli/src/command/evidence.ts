import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { EvidenceFile, ReleaseView } from "@gonogo/client";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";
import { uploadingFetch } from "../guarded-fetch.ts";
import { words } from "../input/values.ts";
import { run, type Session } from "../session.ts";
import { table } from "../terminal/table.ts";

/** `gonogo release evidence`: the files that were shown for answers. */
export function addEvidenceCommand(release: Command): void {
  release
    .command("evidence")
    .description("the files that were shown for answers, and with --out the files themselves")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .option("--out <dir>", "save them into this folder; each is held against its digest", words)
    .addHelpText("after", "\nExample:\n  gonogo release evidence REL-1 --out evidence-REL-1")
    .action(async (id: string, { out }: { out?: string }, command: Command) =>
      run(command, async (session) => {
        const { api, terminal } = session;
        const files = filesIn(await api.release(id));
        if (out === undefined) {
          terminal.value({ files });
          if (files.length === 0) terminal.note(`no file was shown in ${id}`);
          else terminal.say(lines(session, files));
          return undefined;
        }
        const written: string[] = [];
        for (const file of files)
          written.push(await terminal.during("fetching", save(session, id, file, out)));
        terminal.value({ written });
        terminal.say(written);
        return undefined;
      }),
    );
}

interface Shown {
  readonly file: EvidenceFile;
  /** What it was shown for. */
  readonly what: string;
}

function filesIn({ checklist, steps, validations }: ReleaseView): Shown[] {
  const all = [
    ...checklist.map(({ check, file }) => ({ what: check, file })),
    ...steps.map(({ what, file }) => ({ what, file })),
    ...validations.map(({ check, file }) => ({ what: check, file })),
  ];
  return all.flatMap(({ what, file }) => (file === undefined ? [] : [{ what, file }]));
}

function lines({ terminal }: Session, files: readonly Shown[]): string[] {
  const { columns, paint } = terminal;
  const head = ["FILE", "BYTES", "DIGEST", "SHOWN FOR"].map((text) => paint("dim", text));
  const rows = files.map(({ what, file }) => [file.name, String(file.size), file.digest.slice(0, 19), what]);
  return table([head, ...rows], { columns });
}

async function save({ api, stop }: Session, id: string, { file }: Shown, folder: string): Promise<string> {
  const { download } = await api.evidence(id, file.digest);
  const response = await uploadingFetch(stop.signal)(download.url);
  const body = new Uint8Array(await response.arrayBuffer());
  if (!response.ok || digestOfBytes(body) !== file.digest) {
    const why = response.ok
      ? "it is not what the log says it is"
      : `it cannot be had (HTTP ${response.status})`;
    throw new Failure({ code: "evidence.differs", exit: EXIT.refused, message: `${file.name}: ${why}` });
  }
  // Two answers may show files of one name; a name from the server leads nowhere else.
  const name = `${file.digest.slice(7, 15)}-${basename(file.name)}`;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  if (!existsSync(path)) writeFileSync(path, body, { flag: "wx" });
  return path;
}
