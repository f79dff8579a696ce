import { ARCHIVE_PLACES, type ArchivePlace, PLACE_NAMES } from "@gonogo/core/archive/schema";
import type { PersonCommand } from "@gonogo/core/release/person-commands";
import { Argument, type Command } from "commander";
import { words } from "../input/values.ts";
import { run } from "../session.ts";
import { ask } from "./ask.ts";
import { DRY_RUN_OPTION, KEY_OPTION } from "./key.ts";

/** `gonogo release copy`: a copy of a closed release's archive that did not come about, once more. */
export function addCopyCommand(release: Command): void {
  release
    .command("copy")
    .description("copy a closed release's archive once more, where its copy was given up or is set up since")
    .argument("<release>", "its id, such as REL-2025-06-04", words)
    .addArgument(new Argument("<place>", "where to").choices(ARCHIVE_PLACES))
    .option(...KEY_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText("after", "\nExample:\n  gonogo release copy REL-1 github")
    .action(async (id: string, place: ArchivePlace, { key }: { key?: string }, self: Command) =>
      run(self, (session) => {
        const command: PersonCommand = { type: "CopyArchive", place };
        const done = `a copy for ${PLACE_NAMES[place]} is asked for; gonogo release show ${id} says what comes of it`;
        return ask(session, { release: id, command, key, done });
      }),
    );
}
