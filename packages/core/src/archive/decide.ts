import type { MachineCommand } from "../release/commands.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { spokenStatus } from "../release/spoken.ts";
import { giveUp } from "./give-up.ts";
import { archiveDue, closedAt, copiesDue, MOST_COPY_TRIES } from "./state.ts";

/** The clock asks again for an archive that has not come about: its event was lost, or its store was away. */
export function settleArchive(draft: Draft): void {
  const due = archiveDue(draft.state);
  if (due !== undefined && draft.now >= due) draft.emit({ type: "ArchiveAsked" });
  for (const { place, at } of copiesDue(draft.state)) {
    if (draft.now < at) continue;
    const { tries = 0, why = "nothing was heard of it" } = draft.state.archive?.copies?.[place] ?? {};
    if (tries < MOST_COPY_TRIES) draft.emit({ type: "ArchiveCopyAsked", place });
    else giveUp(draft, place, why);
  }
}

/** The archive is there. Said twice, it is recorded once. */
export function recordArchive(
  draft: Draft,
  { files, seq, copyTo = [] }: Extract<MachineCommand, { type: "RecordArchive" }>,
): Decision {
  const { state } = draft;
  if (closedAt(state) === undefined) {
    return reject(
      "conflict",
      "archive.not-closed",
      `the release is ${spokenStatus(state.status)}: it is archived when it is closed`,
    );
  }
  const copies = copyTo.length === 0 ? {} : { copyTo };
  if (state.archive?.archivedAt === undefined) {
    draft.emit({ type: "ReleaseArchived", files, seq, ...copies });
  }
  return draft.decided();
}

/** What came of a copy. One that came about counts whenever that is told; a failure only while it is waited for. */
export function recordArchiveCopy(
  draft: Draft,
  { place, outcome }: Extract<MachineCommand, { type: "RecordArchiveCopy" }>,
): Decision {
  const copy = draft.state.archive?.copies?.[place];
  if (copy === undefined || copy.status === "copied") return draft.decided();
  if (outcome.kind === "copied") draft.emit({ type: "ArchiveCopied", place, links: outcome.links });
  else if (copy.status === "due" && outcome.retryable) {
    draft.emit({ type: "ArchiveCopyFailed", place, why: outcome.why, givenUp: false });
  } else if (copy.status === "due") giveUp(draft, place, outcome.why);
  return draft.decided();
}

/** A person wants a copy: one that was given up, or to a place that was set up since. */
export function copyArchive(
  draft: Draft,
  { place }: Extract<PersonCommand, { type: "CopyArchive" }>,
): Decision {
  if (draft.state.archive?.archivedAt === undefined) {
    const message = "nothing is archived yet: a copy is made of what lies in the evidence bucket";
    return reject("conflict", "archive.not-there", message);
  }
  draft.emit({ type: "ArchiveCopyAsked", place, byHand: true });
  return draft.decided();
}
