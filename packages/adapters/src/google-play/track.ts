import { digestOf, shortDigest } from "@gonogo/core/kit/digest";
import type { Observation, Versions } from "@gonogo/core/target/port";
import type { Release, Track } from "./client.ts";

/** The release of a version: one may have several codes, for several kinds of device. */
export function releaseOf({ releases }: Track, version: string): Release | undefined {
  return releases.find(({ versionCodes }) => versionCodes.includes(version));
}

/** What names a release: the highest of its codes. */
export function codeOf(release: Release | undefined): string | undefined {
  return release?.versionCodes.toSorted((a, b) => Number(b) - Number(a))[0];
}

/**
 * How a track stands to the two versions. Its revision is a digest of its releases: another hand that puts
 * everything back as it was has changed nothing.
 */
export function observe(track: Track, versions: Versions): Observation {
  const revision = shortDigest(digestOf(track.releases));
  const nameOf = (release: Release | undefined) =>
    [versions.previous, versions.next].find((one) => release?.versionCodes.includes(one)) ?? codeOf(release);
  const next = releaseOf(track, versions.next);
  const completed = track.releases.filter(({ status }) => status === "completed");
  const primary = nameOf(completed.find((one) => one !== next)) ?? versions.previous;
  switch (next?.status) {
    case "completed":
      return { primary: versions.next, share: 100, revision };
    case "inProgress":
      return { primary, secondary: versions.next, share: toPercent(next.userFraction ?? 1), revision };
    case "halted": {
      const share = toPercent(next.userFraction ?? 1);
      const note = "halted: nobody else gets it, and who has it keeps it";
      return { primary, secondary: versions.next, share, halted: true, revision, note };
    }
    case "draft":
    case "statusUnspecified":
    case undefined: {
      const other = track.releases.find(({ status }) => status === "inProgress" || status === "halted");
      const secondary = other?.status === "inProgress" ? nameOf(other) : undefined;
      return { primary, share: 0, revision, ...(secondary === undefined ? {} : { secondary }) };
    }
  }
}

/** The track with the new version at a share. Drafts of others, and what is served to the rest, stay. */
export function trackAt(track: Track, versions: Versions, percent: number): Track {
  const { userFraction: _, ...base } = releaseOf(track, versions.next) ?? {
    versionCodes: [versions.next],
    status: "draft" as const,
  };
  const rest = track.releases.filter((release) => !release.versionCodes.includes(versions.next));
  if (percent >= 100) {
    const drafts = rest.filter(({ status }) => status === "draft");
    return { ...track, releases: [{ ...base, status: "completed" }, ...drafts] };
  }
  const staged: Release = { ...base, status: "inProgress", userFraction: percent / 100 };
  return { ...track, releases: [staged, ...rest] };
}

/** The track with the new version stopped, or let go on, at the share that it has. */
export function trackWith(track: Track, version: string, status: "halted" | "inProgress"): Track {
  const releases = track.releases.map((one) =>
    one.versionCodes.includes(version) ? { ...one, status } : one,
  );
  return { ...track, releases };
}

function toPercent(fraction: number): number {
  return Number((fraction * 100).toFixed(6));
}
