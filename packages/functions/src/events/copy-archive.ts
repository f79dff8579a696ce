import { OutsideError } from "@gonogo/adapters/http/call";
import type { ArchivedRelease } from "@gonogo/core/archive/port";
import type { ArchivePlace } from "@gonogo/core/archive/schema";
import { copiesToMake } from "@gonogo/core/archive/state";
import { ObjectStoreUnavailable } from "@gonogo/core/evidence/port";
import { messageOf } from "@gonogo/core/kit/text";
import type { MachineCommand } from "@gonogo/core/release/commands";
import type { Loaded } from "@gonogo/core/release/ports";
import { byMachine } from "../execute.ts";
import type { Using, Writing } from "../runtime.ts";

type Copying = Writing & Using<"objects" | "shelves">;
type Outcome = Extract<MachineCommand, { type: "RecordArchiveCopy" }>["outcome"];

/**
 * Takes copies of an archive to where they are wanted, one place after the other. What fails is written down, and the
 * clock asks again: nothing waits for a copy, and the archive itself is in the evidence bucket already.
 */
export async function copyArchive(runtime: Copying, { state }: Loaded): Promise<void> {
  for (const place of copiesToMake(state)) {
    const outcome = await copied(runtime, state, place);
    await byMachine(runtime, state.id, "clock", { type: "RecordArchiveCopy", place, outcome });
  }
}

async function copied(runtime: Copying, state: Loaded["state"], place: ArchivePlace): Promise<Outcome> {
  const shelf = runtime.shelves.on(place);
  if (shelf === undefined) {
    const why = `this deployment is not set up for ${place}; GONOGO_ARCHIVES takes it`;
    return { kind: "failed", why, retryable: false };
  }
  try {
    const archive = await archived(runtime, state);
    if (archive === undefined) {
      return { kind: "failed", why: "a file of the archive is not in the evidence bucket", retryable: false };
    }
    return { kind: "copied", links: await shelf.copy(archive) };
  } catch (error) {
    const isKnown = error instanceof OutsideError;
    const retryable = isKnown ? error.retryable : error instanceof ObjectStoreUnavailable;
    if (!isKnown && !retryable)
      runtime.log.error("an archive was not copied", { place, error: messageOf(error) });
    return { kind: "failed", why: messageOf(error).slice(0, 300), retryable };
  }
}

/** What lies in the bucket, not what would be written today. */
async function archived(
  runtime: Using<"objects">,
  { id, title, archive }: Loaded["state"],
): Promise<ArchivedRelease | undefined> {
  const files: ArchivedRelease["files"][number][] = [];
  for (const about of archive?.files ?? []) {
    const found = await runtime.objects.get(about.key);
    if (found === undefined) return undefined;
    files.push({ about, text: new TextDecoder().decode(found.body) });
  }
  return { release: id, title, files };
}
