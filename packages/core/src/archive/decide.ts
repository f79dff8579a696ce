import type { MachineCommand } from "../release/commands.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import { spokenStatus } from "../release/spoken.ts";
import { archiveDue, closedAt } from "./state.ts";

/** The clock asks again for an archive that has not come about: its event was lost, or its store was away. */
export function settleArchive(draft: Draft): void {
  const due = archiveDue(draft.state);
  if (due !== undefined && draft.now >= due) draft.emit({ type: "ArchiveAsked" });
}

/** The archive is there. Said twice, it is recorded once. */
export function recordArchive(
  draft: Draft,
  { files, seq }: Extract<MachineCommand, { type: "RecordArchive" }>,
): Decision {
  const { state } = draft;
  if (closedAt(state) === undefined) {
    return reject(
      "conflict",
      "archive.not-closed",
      `the release is ${spokenStatus(state.status)}: it is archived when it is closed`,
    );
  }
  if (state.archive?.archivedAt === undefined) draft.emit({ type: "ReleaseArchived", files, seq });
  return draft.decided();
}
