/** For commands that must not be done twice. */
export const KEY_OPTION = [
  "--key <key>",
  "idempotency key: with the same one it is done once, so a lost answer can be asked for again",
] as const;

/** Of what changes a release by one command: see `ask`. */
export const DRY_RUN_OPTION = ["--dry-run", "only show what would come of it; nothing is recorded"] as const;
