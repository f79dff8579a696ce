import type { Status } from "./state.ts";

const WORDS: Readonly<Record<Status, string>> = {
  gates: "waiting for its gates",
  ready: "ready to start",
  running: "running",
  validating: "being validated",
  baking: "baking",
  reviewing: "waiting for its review",
  completed: "completed",
  aborted: "aborted",
  "rolling-back": "being rolled back",
  "rolled-back": "rolled back",
  "rollback-unconfirmed": "rolled back, and not everything is confirmed to be back",
};

/** How a release stands, as it follows on "the release is". */
export function spokenStatus(status: Status): string {
  return WORDS[status];
}
