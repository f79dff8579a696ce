import { guardedFetch } from "@gonogo/adapters/http/guarded-fetch";
import type { ArchiveShelf, ArchiveShelves } from "@gonogo/core/archive/port";
import { ARCHIVE_PLACES, type ArchivePlace } from "@gonogo/core/archive/schema";
import type { Clock } from "@gonogo/core/release/ports";
import { deferred } from "./entry/parts/deferred.ts";
import type { SecretOf } from "./entry/secrets.ts";

/** A folder of three files takes several requests of the one time that a function has. */
const TIMEOUT_MS = 8_000;

/**
 * Where copies of archives go, as the deployment is set up; their code is loaded when one is made. They are reached
 * at public addresses only, but for a GitHub of one's own, which is where the deployment says.
 */
export function shelvesFrom(
  { github, confluence }: Partial<SecretOf<"GONOGO_ARCHIVES">> = {},
  clock: Pick<Clock, "now">,
): ArchiveShelves {
  const outside = (send: typeof fetch) => ({ fetch: send, now: () => clock.now(), timeoutMs: TIMEOUT_MS });
  const shelf = (load: () => Promise<ArchiveShelf>) => deferred(load, ["copy", "look"]);
  const made: { readonly [P in ArchivePlace]: ArchiveShelf | undefined } = {
    github:
      github === undefined
        ? undefined
        : shelf(async () => {
            const { GitHubShelf } = await import("@gonogo/adapters/github/archive");
            const send = github.baseUrl === undefined ? guardedFetch() : fetch;
            return new GitHubShelf({ ...outside(send), ...github });
          }),
    confluence:
      confluence === undefined
        ? undefined
        : shelf(async () => {
            const { ConfluenceShelf } = await import("@gonogo/adapters/confluence/archive");
            return new ConfluenceShelf({ ...outside(guardedFetch()), ...confluence });
          }),
  };
  return {
    places: ARCHIVE_PLACES.filter((place) => made[place] !== undefined),
    on: (place) => made[place],
  };
}
